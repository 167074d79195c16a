/** What is written instead of what is said: the list, its order, what comes in and goes out. */
import {
  MAX_PATTERNS,
  MAX_REPLACEMENTS,
  readReplacements,
  readReplacementsCsv,
  writeReplacements,
  writeReplacementsCsv,
} from "@stt/core";
import { fill } from "@stt/ui";
import { useEffect, useState, useSyncExternalStore } from "react";
import { usePanel } from "../panels/use-panel.js";
import { FileEnds } from "./file-ends.js";
import { MAX_CHARACTERS, plain, REPLACEMENTS, type Rule } from "./replacements.js";
import { RuleForm } from "./rule-form.js";
import { RuleList } from "./rule-list.js";

const BOUNDS = { max: MAX_REPLACEMENTS, patterns: MAX_PATTERNS, characters: MAX_CHARACTERS };

export function ReplacementsTab() {
  const { texts, preferences } = usePanel();
  const { key } = preferences;
  const rules = useSyncExternalStore(REPLACEMENTS.subscribe, REPLACEMENTS.getSnapshot);
  const [chosen, setChosen] = useState<Rule | null>(null);
  const changed = chosen && rules.includes(chosen) ? chosen : null;
  const [told, setTold] = useState<string | null>(null);
  const check = () => void REPLACEMENTS.check(key).catch(() => setTold(texts.patternsWait));
  // biome-ignore lint/correctness/useExhaustiveDependencies: what came while the server was away is read when this opens.
  useEffect(check, []);

  const refused = fill(texts.rulesRefused, BOUNDS);
  const take = (text: string, kind: "txt" | "csv") => {
    const { replacements, problems } = kind === "csv" ? readReplacementsCsv(text) : readReplacements(text);
    const [problem] = problems;
    if (!REPLACEMENTS.add(...replacements)) setTold(refused);
    else if (problem) {
      setTold(fill(texts.rulesImportedSome, { count: replacements.length, line: problem.line, text: problem.text }));
    } else setTold(fill(texts.rulesImported, { count: replacements.length }));
    check();
  };
  const save = (rule: Rule): string | null => {
    const isTaken = changed ? REPLACEMENTS.change(changed, rule) : REPLACEMENTS.add(rule);
    if (!isTaken) return refused;
    setChosen(null);
    setTold(rule.pattern && !rule.isRead ? texts.patternsWait : null);
    return null;
  };
  return (
    <>
      <p className="hint">{texts.replacementsHint}</p>
      <RuleForm
        key={changed ? `${changed.pattern} ${changed.find}` : ""}
        rule={changed}
        onSave={save}
        onCancel={() => setChosen(null)}
      />
      {told && (
        <p className="hint" role="status">
          {told}
        </p>
      )}
      {rules.length === 0 ? (
        <p className="empty">{texts.replacementsEmpty}</p>
      ) : (
        <RuleList rules={rules} onChange={setChosen} />
      )}
      <FileEnds
        title={texts.replacements}
        write={
          rules.length === 0
            ? undefined
            : (kind) => (kind === "csv" ? writeReplacementsCsv : writeReplacements)(rules.map(plain))
        }
        onText={take}
      />
    </>
  );
}
