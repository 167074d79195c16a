/** One replacement, new or changed. */
import { MAX_FIND_CHARACTERS, MAX_REPLACE_CHARACTERS } from "@stt/core";
import { Button, fill } from "@stt/ui";
import { type FormEvent, useId, useRef, useState } from "react";
import { usePanel } from "../panels/use-panel.js";
import type { PanelTexts } from "../texts/index.js";
import { faultsOf } from "./check-patterns.js";
import type { Rule } from "./replacements.js";

export interface RuleFormProps {
  /** The one that is changed; null for a new one. */
  rule: Rule | null;
  /** @returns why it is not taken */
  onSave(rule: Rule): string | null;
  onCancel(): void;
}

export function RuleForm({ rule, onSave, onCancel }: RuleFormProps) {
  const { texts, preferences } = usePanel();
  const [find, setFind] = useState(rule?.find ?? "");
  const [written, setWritten] = useState(rule?.replace ?? "");
  const [isPattern, setPattern] = useState(rule?.pattern ?? false);
  const [fault, setFault] = useState(rule?.fault ? faultText(rule.fault, texts) : null);
  const field = useRef<HTMLInputElement>(null);
  const faultId = useId();
  const hintId = useId();

  const refuse = (sentence: string) => {
    setFault(sentence);
    field.current?.focus();
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!isPattern && !/[\p{L}\p{N}]/u.test(find)) return refuse(texts.sayNothing);
    const made: Rule = { find: isPattern ? find : find.replace(/\s+/g, " ").trim(), replace: written };
    if (isPattern) {
      made.pattern = true;
      // Where the server does not answer, the pattern waits for it.
      const faults = await faultsOf([find], preferences.key).catch(() => undefined);
      if (faults?.[0]) return refuse(faultText(faults[0].reason, texts));
      if (faults) made.isRead = true;
    }
    const refused = onSave(made);
    if (refused) return refuse(refused);
    setFind("");
    setWritten("");
    setPattern(false);
    setFault(null);
    field.current?.focus();
  };
  return (
    <form className="add-rule" onSubmit={(event) => void submit(event)}>
      <label>
        {isPattern ? texts.sayPattern : texts.say}
        <input
          ref={field}
          // biome-ignore lint/a11y/noAutofocus: what is to be changed was just chosen.
          autoFocus={rule !== null}
          value={find}
          maxLength={MAX_FIND_CHARACTERS}
          spellCheck={!isPattern}
          aria-invalid={fault !== null}
          aria-describedby={fault === null ? undefined : faultId}
          onChange={({ target }) => {
            setFind(target.value);
            setFault(null);
          }}
        />
      </label>
      {fault !== null && (
        <p id={faultId} className="fault" role="alert">
          {fault}
        </p>
      )}
      <label>
        {texts.write}
        <textarea
          rows={Math.min(6, Math.max(2, written.split("\n").length))}
          value={written}
          maxLength={MAX_REPLACE_CHARACTERS}
          onChange={({ target }) => setWritten(target.value)}
        />
      </label>
      <label className="switch">
        <input
          type="checkbox"
          checked={isPattern}
          aria-describedby={isPattern ? hintId : undefined}
          onChange={({ target }) => {
            setPattern(target.checked);
            setFault(null);
          }}
        />
        {texts.isPattern}
      </label>
      {isPattern && (
        <p id={hintId} className="hint">
          {texts.patternHint}
        </p>
      )}
      <div className="add-rule-ends">
        {rule && <Button onClick={onCancel}>{texts.cancel}</Button>}
        <Button type="submit" disabled={find.trim() === ""}>
          {rule ? texts.saveRule : texts.addRule}
        </Button>
      </div>
    </form>
  );
}

/** What the server says of a pattern, in the words of its reader. */
export function faultText(reason: string, texts: PanelTexts): string {
  const [what = "", ...part] = reason.split(": ");
  const known = (texts.patternFaults as Readonly<Record<string, string>>)[what] ?? what;
  return fill(texts.patternFault, { reason: part.length > 0 ? `${known} – ${part.join(": ")}` : known });
}
