/** Sentences that follow a number. */
import type { Locale } from "@stt/core";
import { fill } from "@stt/ui";

/** A sentence with `{n}` for each of the forms that the language has; `other` stands in for those that are left out. */
export type Plural = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>;

export function fillPlural(
  forms: Plural,
  n: number,
  locale: Locale,
  values: Readonly<Record<string, string | number>> = {},
): string {
  const sentence = forms[new Intl.PluralRules(locale).select(n)] ?? forms.other;
  return fill(sentence, { ...values, n: n.toLocaleString(locale) });
}
