/** All variables of the server: searched, explained and, where that is possible while it runs, changed in place. */
import { Button, fill } from "@stt/ui";
import { type KeyboardEvent, useCallback, useEffect, useId, useMemo, useRef, useState } from "react";
import { ApiError } from "./api.js";
import { CopyButton } from "./copy-button.js";
import { unitText } from "./format.js";
import { usePage } from "./page-context.js";
import type { Variable, Variables } from "./server-types.js";
import { useShortcut } from "./use-shortcut.js";

export function Configuration() {
  const { texts, locale, ask, snapshot } = usePage();
  const [variables, setVariables] = useState<Variable[]>([]);
  const [failure, setFailure] = useState<string | null>(null);
  const [search, setSearch] = useState("");
  const [onlyLive, setOnlyLive] = useState(true);
  const field = useRef<HTMLInputElement>(null);
  useShortcut("/", () => field.current?.focus());

  const isLive = snapshot.connection.phase === "live";
  const load = useCallback(() => {
    setFailure(null);
    ask<Variables>("v1/admin/config").then(
      (answer) => setVariables(answer.variables),
      (error: Error) => setFailure(error.message),
    );
  }, [ask]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once for each connection; `ask` changes with every event
  useEffect(() => {
    if (isLive) load();
  }, [isLive]);

  const replace = (changed: Variable[]) =>
    setVariables((before) => before.map((each) => changed.find(({ name }) => name === each.name) ?? each));
  const words = search.trim().toLowerCase();
  const shown = useMemo(
    () =>
      variables.filter(
        ({ name, live, doc }) =>
          // Who searches wants to find.
          (words !== "" || live || !onlyLive) &&
          (words === "" || name.toLowerCase().includes(words) || doc[locale].toLowerCase().includes(words)),
      ),
    [variables, words, onlyLive, locale],
  );

  return (
    <section className="panel configuration">
      <div className="bar">
        <h2>{texts.configuration}</h2>
        <label>
          <span>{texts.search}</span>
          <input
            ref={field}
            type="search"
            value={search}
            placeholder={texts.searchHint}
            onChange={({ target }) => setSearch(target.value)}
          />
        </label>
        {variables.length > 0 && <CopyButton text={envOf(variables)} label={texts.copyEnv} hint={texts.copyEnvHint} />}
        <label className="check">
          <input type="checkbox" checked={onlyLive} onChange={({ target }) => setOnlyLive(target.checked)} />
          <span>{texts.onlyLive}</span>
        </label>
      </div>
      {failure && (
        <p className="problem" role="alert">
          {fill(texts.failed, { message: failure })} <Button onClick={load}>{texts.tryAgain}</Button>
        </p>
      )}
      {variables.length > 0 && shown.length === 0 && <p className="hint">{texts.noVariables}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also with the keyboard */}
      <section className="variables" tabIndex={0} aria-label={texts.configuration}>
        {groupsOf(shown).map(([group, { title, members }]) => (
          <section key={group} data-group={group}>
            <h3>{title[locale]}</h3>
            <ul>
              {members.map((variable) => (
                <VariableRow key={variable.name} variable={variable} onChange={replace} />
              ))}
            </ul>
          </section>
        ))}
      </section>
    </section>
  );
}

interface Group {
  title: Variable["groupTitle"];
  members: Variable[];
}

/** In their order. */
function groupsOf(variables: readonly Variable[]): [group: string, Group][] {
  const groups = new Map<string, Group>();
  for (const variable of variables) {
    const group = groups.get(variable.group) ?? { title: variable.groupTitle, members: [] };
    group.members.push(variable);
    groups.set(variable.group, group);
  }
  return [...groups];
}

function differs({ value, default: initial }: Variable): boolean {
  return value !== null && value !== initial;
}

/** What differs from the defaults, as `.env` has it. Secrets stay where they are: they are named, so that nobody misses them. */
function envOf(variables: readonly Variable[]): string {
  const lines = variables.flatMap((variable) => {
    const { name, value } = variable;
    if (value === null) return [`# ${name}=`];
    return differs(variable) ? [`${name}=${/[\s#"']/.test(value) ? JSON.stringify(value) : value}`] : [];
  });
  return `${lines.join("\n")}\n`;
}

interface RowProps {
  variable: Variable;
  onChange(changed: Variable[]): void;
}

function VariableRow({ variable, onChange }: RowProps) {
  const { texts, locale } = usePage();
  const { name, value, unit, live, allowed, doc, default: initial } = variable;
  const id = useId();
  const isChanged = differs(variable);
  return (
    <li data-variable={name} className={isChanged ? "changed" : undefined}>
      <label className="mono name" htmlFor={live ? id : undefined}>
        {name}
      </label>
      <div className="setting">
        {live && value !== null ? (
          <Setting id={id} variable={variable} onChange={onChange} />
        ) : (
          <>
            <output className="mono">
              {value ?? texts.secret}
              {value === "" && <i>{texts.empty}</i>}
              {unit && value !== null ? ` ${unitText(unit, texts)}` : ""}
            </output>
            <span className="badge" title={texts.restartHint}>
              {texts.restart}
            </span>
          </>
        )}
      </div>
      <p className="hint">
        {doc[locale]} {live && fill(texts.allowed, { allowed: allowed[locale] })}{" "}
        {isChanged && initial !== null && fill(texts.byDefault, { value: initial === "" ? texts.empty : initial })}
      </p>
    </li>
  );
}

interface SettingProps extends RowProps {
  id: string;
}

/** Enter or leaving the field changes it, Escape gives up. */
function Setting({ id, variable, onChange }: SettingProps) {
  const { texts, locale, ask } = usePage();
  const { name, value, unit, allowed } = variable;
  const [draft, setDraft] = useState<string | null>(null);
  const [outcome, setOutcome] = useState<{ isBad: boolean; text: string } | null>(null);
  const shown = draft ?? value!;

  const save = async (wanted: string) => {
    if (wanted === value) return setDraft(null);
    try {
      const { variables } = await ask<Variables>("v1/admin/config", "PATCH", { values: { [name]: wanted } });
      onChange(variables);
      setDraft(null);
      setOutcome({ isBad: false, text: texts.saved });
    } catch (error) {
      const isRefused = error instanceof ApiError && error.code === "invalid_argument";
      const message = error instanceof Error ? error.message : String(error);
      setOutcome({
        isBad: true,
        text: isRefused
          ? fill(texts.notAllowed, { value: JSON.stringify(wanted), allowed: allowed[locale] })
          : fill(texts.failed, { message }),
      });
    }
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === "Enter") void save(shown);
    if (event.key !== "Escape") return;
    setDraft(null);
    setOutcome(null);
  };

  return (
    <>
      {value === "true" || value === "false" ? (
        <select id={id} className="mono" value={shown} onChange={({ target }) => void save(target.value)}>
          <option>true</option>
          <option>false</option>
        </select>
      ) : (
        <input
          id={id}
          className="mono"
          value={shown}
          placeholder={texts.empty}
          aria-invalid={outcome?.isBad}
          onChange={({ target }) => {
            setDraft(target.value);
            setOutcome(null);
          }}
          onBlur={() => void save(shown)}
          onKeyDown={press}
        />
      )}
      <span className="unit">{unitText(unit, texts)}</span>
      <output className={outcome?.isBad ? "problem" : "good"} aria-live="polite">
        {outcome?.text}
      </output>
    </>
  );
}
