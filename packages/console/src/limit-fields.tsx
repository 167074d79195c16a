/** What a key may use, in three fields. Empty goes by the server's own variables. */
import { usePage } from "./page-context.js";
import type { Key } from "./server-types.js";

type Limits = Key["limits"];
const NAMES = ["sessions", "requestsPerMinute", "audioMinutesPerDay"] as const satisfies readonly (keyof Limits)[];

export function LimitFields({ limits }: { limits: Limits }) {
  const { texts } = usePage();
  return (
    <fieldset className="field limits">
      <legend>{texts.keyLimits}</legend>
      {NAMES.map((name) => (
        <label key={name}>
          <span>{texts.limitNames[name]}</span>
          <input
            name={name}
            type="number"
            min={0}
            max={999_999_999}
            step={1}
            inputMode="numeric"
            placeholder={texts.limitDefault}
            defaultValue={limits[name]}
          />
        </label>
      ))}
      <p className="hint">{texts.limitHint}</p>
    </fieldset>
  );
}

/** What stands in the fields of a form. */
export function limitsOf(form: HTMLFormElement): Limits {
  const data = new FormData(form);
  return Object.fromEntries(
    NAMES.flatMap((name) => {
      const text = String(data.get(name) ?? "");
      return text === "" ? [] : [[name, Number(text)]];
    }),
  );
}
