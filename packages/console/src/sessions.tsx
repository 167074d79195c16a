/** Who is connected, with their words as they come. */
import { Button, fill, formatTime, Icon, serverUrl } from "@stt/ui";
import { useState } from "react";
import { formatDuration } from "./format.js";
import { usePage } from "./page-context.js";
import type { Session } from "./server-types.js";
import type { Texts } from "./texts.js";
import { useSure } from "./use-sure.js";

/** What a server without keys calls everybody. */
const ANYBODY = "anonymous";

export function Sessions() {
  const { texts, snapshot, preferences, prefer } = usePage();
  const { sessions, status } = snapshot;
  const [before, after] = texts.noSessions.split("{editor}") as [string, string];
  const all = status?.load.sessions ?? sessions.length;
  return (
    <section className="panel sessions">
      <div className="bar">
        <h2>{texts.sessions}</h2>
        <label className="check">
          <input
            type="checkbox"
            checked={preferences.showsAddresses}
            onChange={({ target }) => prefer({ showsAddresses: target.checked })}
          />
          <span>{texts.showAddresses}</span>
        </label>
      </div>
      {sessions.length === 0 ? (
        <p className="hint">
          {before}
          <a href={serverUrl("editor/")}>{new URL(serverUrl("editor")).pathname}</a>
          {after}
        </p>
      ) : (
        <table>
          <thead>
            <tr>
              <th className="col-state">{texts.state}</th>
              <th className="col-who">{texts.who}</th>
              <th className="col-since">{texts.since}</th>
              <th className="col-language">{texts.speech}</th>
              <th className="col-wire">{texts.wire}</th>
              <th>{texts.lastWords}</th>
              <th className="col-end">
                <span className="visually-hidden">{texts.actions}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {sessions.map((session) => (
              <Row key={session.id} session={session} />
            ))}
          </tbody>
        </table>
      )}
      {all > sessions.length && sessions.length >= 200 && (
        <p className="hint">{fill(texts.moreSessions, { shown: sessions.length, all })}</p>
      )}
    </section>
  );
}

function Row({ session }: { session: Session }) {
  const { texts, locale, preferences } = usePage();
  const { address, startedAt, language, wire, speaking, lastText, audioMs } = session;
  const who = nameOf(session, texts);
  return (
    <tr data-session={session.id}>
      <td className="col-state">
        <span className={speaking ? "state state-on" : "state"}>
          <Icon name={speaking ? "wave" : "dots"} />
          {speaking ? texts.speaking : texts.silent}
        </span>
      </td>
      <td className="col-who" title={who}>
        {who} {preferences.showsAddresses && <small>{address}</small>}
      </td>
      <td className="col-since tabular">
        {formatTime(startedAt, locale)} <small>{formatDuration(audioMs, texts)}</small>
      </td>
      <td className="col-language">{language === "auto" ? texts.auto : language}</td>
      <td className="col-wire">{wire}</td>
      <td className="col-words" title={lastText}>
        {/* The end of the text is what is new: it stays in sight, and the beginning goes. */}
        <span className="tail" dir="rtl">
          <bdi dir="auto">{lastText === "" ? <i>{texts.nothingYet}</i> : lastText}</bdi>
        </span>
      </td>
      <td className="col-end">
        <EndButton session={session} />
      </td>
    </tr>
  );
}

/** Ends a session at the second press. */
function EndButton({ session }: { session: Session }) {
  const { texts, ask } = usePage();
  const { id } = session;
  const [isEnding, setEnding] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const { isAsked, press } = useSure(() => {
    setFailure(null);
    setEnding(true);
    ask(`v1/sessions/${encodeURIComponent(id)}`, "DELETE").catch((error: Error) => {
      setFailure(fill(texts.failed, { message: error.message }));
      setEnding(false);
    });
  });
  return (
    <>
      <Button
        className={isAsked ? "end danger" : "end"}
        disabled={isEnding}
        title={failure ?? fill(texts.endHint, { who: nameOf(session, texts) })}
        onClick={press}
      >
        {isEnding ? texts.ending : isAsked ? texts.endNow : texts.end}
      </Button>
      {failure && (
        <span className="problem" role="alert">
          {failure}
        </span>
      )}
    </>
  );
}

/** The name of its key; a server without keys knows nobody. */
function nameOf({ principal }: Session, texts: Texts): string {
  return principal === ANYBODY ? texts.anybody : principal;
}
