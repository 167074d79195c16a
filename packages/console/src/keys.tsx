/** API keys: who has one, what it may use and uses, making, limiting and revoking them. */
import { Button, fill, formatNumber, Icon } from "@stt/ui";
import { type FormEvent, useCallback, useEffect, useState } from "react";
import { ApiError } from "./api.js";
import { CopyButton } from "./copy-button.js";
import { LimitFields, limitsOf } from "./limit-fields.js";
import { usePage } from "./page-context.js";
import type { Key, Keys as KeyList, MadeKey } from "./server-types.js";
import type { Texts } from "./texts.js";
import { useSure } from "./use-sure.js";

const SCOPES = ["transcribe", "metrics", "admin"] as const;
type Scope = (typeof SCOPES)[number];
/** How often use is looked at. */
const REFRESH_MS = 10_000;
const FIRST_KEY = "stt-server keys add operator --scope transcribe admin";

export function Keys() {
  const { texts, ask, snapshot } = usePage();
  const [list, setList] = useState<KeyList | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState<MadeKey | null>(null);
  const isLive = snapshot.connection.phase === "live";
  const load = useCallback(
    () =>
      ask<KeyList>("v1/admin/keys").then(setList, (error: Error) =>
        setFailure(fill(texts.failed, { message: error.message })),
      ),
    [ask, texts],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: `load` changes with every event
  useEffect(() => {
    if (!isLive) return;
    void load();
    const timer = setInterval(() => void load(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [isLive]);
  /** @returns whether it was done */
  const act = async (request: Promise<unknown>): Promise<boolean> => {
    setFailure(null);
    try {
      await request;
      await load();
      return true;
    } catch (error) {
      setFailure(keyProblem(error, texts));
      return false;
    }
  };

  if (!list) return null;
  return (
    <section className="panel keys">
      <div className="bar">
        <h2>{texts.apiKeys}</h2>
        {list.canChange && !isMaking && (
          <Button onClick={() => setMaking(true)}>
            <Icon name="plus" /> {texts.newKey}
          </Button>
        )}
      </div>
      {failure && (
        <p className="problem" role="alert">
          <Icon name="warning" /> {failure}
        </p>
      )}
      {made && <Made made={made} onDone={() => setMade(null)} />}
      {isMaking && (
        <NewKey
          onCancel={() => setMaking(false)}
          onMake={async (wanted) => {
            const request = ask<MadeKey>("v1/admin/keys", "POST", wanted);
            if (!(await act(request))) return;
            setMade(await request);
            setMaking(false);
          }}
        />
      )}
      {list.keys.length === 0 && <p className="hint">{list.canChange ? texts.noKeys : texts.noKeysAtAll}</p>}
      {list.keys.length > 0 && (
        <table>
          <thead>
            <tr>
              <th>{texts.keyName}</th>
              <th>{texts.keyMay}</th>
              <th>{texts.keyLimits}</th>
              <th>{texts.keyUse}</th>
              <th>
                <span className="visually-hidden">{texts.actions}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {list.keys.map((key) => (
              <Row
                key={key.name}
                entry={key}
                onLimit={(limits) => act(ask(`${pathOf(key)}/limits`, "PUT", limits))}
                onRevoke={() => act(ask(pathOf(key), "DELETE"))}
              />
            ))}
          </tbody>
        </table>
      )}
      {!list.canChange && (
        <p className="hint remedy">
          {texts.keysNeedFile} <CopyButton text="API_KEYS_FILE=/etc/stt/keys.json" /> <CopyButton text={FIRST_KEY} />
        </p>
      )}
    </section>
  );
}

interface RowProps {
  entry: Key;
  /** @returns whether it was done */
  onLimit(limits: Key["limits"]): Promise<boolean>;
  onRevoke(): Promise<boolean>;
}

function Row({ entry, onLimit, onRevoke }: RowProps) {
  const { texts, locale } = usePage();
  const { name, scopes, limits, fixed, sessions, audioMinutesToday, created } = entry;
  const [isLimiting, setLimiting] = useState(false);
  const revoke = useSure(() => void onRevoke());
  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (await onLimit(limitsOf(event.currentTarget))) setLimiting(false);
  };
  return (
    <>
      <tr data-key={name}>
        <td className="mono" title={created && fill(texts.keyMade, { date: dateOf(created, locale) })}>
          {name}
        </td>
        <td>{scopes.map((scope) => texts.scopes[scope]).join(", ")}</td>
        <td className="tabular">{limitsText(limits, texts, locale)}</td>
        <td className="tabular">
          {fill(texts.keyUses, {
            sessions: formatNumber(sessions, locale),
            minutes: formatNumber(audioMinutesToday, locale, audioMinutesToday < 10 ? 1 : 0),
          })}
        </td>
        <td className="actions">
          {fixed ? (
            <span className="badge" title={texts.keyFixedHint}>
              API_KEYS
            </span>
          ) : (
            <>
              <Button aria-expanded={isLimiting} onClick={() => setLimiting(!isLimiting)}>
                {texts.limit}
                <span className="visually-hidden"> {name}</span>
              </Button>
              <Button className={revoke.isAsked ? "danger" : ""} title={texts.revokeHint} onClick={revoke.press}>
                {revoke.isAsked ? texts.revokeNow : texts.revoke}
                <span className="visually-hidden"> {name}</span>
              </Button>
            </>
          )}
        </td>
      </tr>
      {isLimiting && (
        <tr className="limiting">
          <td colSpan={5}>
            <form onSubmit={(event) => void save(event)}>
              <LimitFields limits={limits} />
              <div className="buttons">
                <Button className="primary" type="submit">
                  {texts.save}
                </Button>
                <Button className="quiet" onClick={() => setLimiting(false)}>
                  {texts.cancel}
                </Button>
              </div>
            </form>
          </td>
        </tr>
      )}
    </>
  );
}

interface NewKeyProps {
  onMake(wanted: { name: string; scopes: Scope[]; limits: Key["limits"] }): Promise<void>;
  onCancel(): void;
}

function NewKey({ onMake, onCancel }: NewKeyProps) {
  const { texts } = usePage();
  const [scopes, setScopes] = useState<readonly Scope[]>(["transcribe"]);
  const make = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const name = String(new FormData(form).get("name")).trim();
    void onMake({ name, scopes: [...scopes], limits: limitsOf(form) });
  };
  return (
    <form className="new-key" onSubmit={make}>
      <label className="field">
        <span>{texts.keyName}</span>
        <input
          name="name"
          className="mono"
          required
          maxLength={64}
          pattern="[\w.\-]+"
          title={texts.keyNameHint}
          placeholder="my-app"
          autoComplete="off"
          spellCheck={false}
          // biome-ignore lint/a11y/noAutofocus: it was just asked for
          autoFocus
        />
      </label>
      <fieldset className="field">
        <legend>{texts.keyMay}</legend>
        {SCOPES.map((scope) => (
          <label key={scope} className="check">
            <input
              type="checkbox"
              checked={scopes.includes(scope)}
              onChange={({ target }) =>
                setScopes(target.checked ? [...scopes, scope] : scopes.filter((each) => each !== scope))
              }
            />
            <span>{texts.scopes[scope]}</span>
          </label>
        ))}
      </fieldset>
      <LimitFields limits={{}} />
      <div className="buttons">
        <Button className="primary" type="submit" disabled={scopes.length === 0}>
          {texts.makeKey}
        </Button>
        <Button className="quiet" onClick={onCancel}>
          {texts.cancel}
        </Button>
      </div>
    </form>
  );
}

/** The only time that a key is seen. */
function Made({ made: { name, key }, onDone }: { made: MadeKey; onDone(): void }) {
  const { texts } = usePage();
  return (
    <div className="made" role="alert">
      <p>{fill(texts.keyIsMade, { name })}</p>
      <CopyButton text={key} />
      <Button className="quiet" onClick={onDone}>
        {texts.keyIsNoted}
      </Button>
    </div>
  );
}

function keyProblem(error: unknown, texts: Texts): string {
  const message = error instanceof Error ? error.message : String(error);
  return (
    texts.keyProblems[error instanceof ApiError ? error.code : "connection_failed"] ?? fill(texts.failed, { message })
  );
}

function limitsText(limits: Key["limits"], texts: Texts, locale: "en" | "ru"): string {
  const parts = (["sessions", "requestsPerMinute", "audioMinutesPerDay"] as const).flatMap((name) => {
    const value = limits[name];
    return value ? [fill(texts.limitValues[name], { n: formatNumber(value, locale) })] : [];
  });
  return parts.length > 0 ? parts.join(", ") : texts.noLimits;
}

function dateOf(time: string, locale: string): string {
  return new Date(time).toLocaleDateString(locale, { day: "numeric", month: "long", year: "numeric" });
}

function pathOf({ name }: Key): string {
  return `v1/admin/keys/${encodeURIComponent(name)}`;
}
