/** What was said before: found, heard, decoded anew, copied, taken along. */
import { Button, fill, Icon } from "@stt/ui";
import { useDeferredValue, useState } from "react";
import { Menu } from "../menu.js";
import { Panel } from "../panels/panel.js";
import { usePanel } from "../panels/use-panel.js";
import { type HistoryEntry, type HistorySession, sessionsOf } from "./entry.js";
import { HistoryItem } from "./history-item.js";
import type { HistoryStore } from "./history-store.js";
import { KeepSound } from "./keep-sound.js";
import { saveSession, sessionExports } from "./save-session.js";
import { useHistory } from "./use-history.js";
import { usePlayback } from "./use-playback.js";
import "../styles/history.css";

export interface HistoryPanelProps {
  onInsert(text: string): void;
  onSaved(name: string): void;
  onClose(): void;
}

/** How many are read at first, and with each "more". */
const PAGE = 300;

export default function HistoryPanel({ onInsert, onSaved, onClose }: HistoryPanelProps) {
  const { texts } = usePanel();
  const [limit, setLimit] = useState(PAGE);
  const [query, setQuery] = useState("");
  const { entries, soundBytes, store, hasFailed } = useHistory(limit);
  const playback = usePlayback();
  const wanted = useDeferredValue(query).trim().toLowerCase();
  const shown = entries?.filter(({ text, file }) => `${text} ${file ?? ""}`.toLowerCase().includes(wanted)) ?? [];
  return (
    <Panel title={texts.history} onClose={onClose}>
      <input
        type="search"
        className="history-search"
        aria-label={texts.historySearch}
        placeholder={texts.historySearch}
        value={query}
        onChange={({ target }) => setQuery(target.value)}
      />
      {hasFailed && <p className="notice notice-bad">{texts.historyOff}</p>}
      {entries && shown.length === 0 && (
        <p className="empty">{entries.length === 0 ? texts.historyEmpty : texts.notFound}</p>
      )}
      {store &&
        sessionsOf(shown).map((session) => (
          <section key={session.id} className="session">
            <SessionHead session={session} store={store} onSaved={onSaved} />
            <ol>
              {session.entries.map((entry: HistoryEntry) => (
                <HistoryItem key={entry.id} entry={entry} store={store} playback={playback} onInsert={onInsert} />
              ))}
            </ol>
          </section>
        ))}
      {entries?.length === limit && <Button onClick={() => setLimit(limit + PAGE)}>{texts.more}</Button>}
      {store && <KeepSound store={store} soundBytes={soundBytes} hasEntries={entries !== null && entries.length > 0} />}
    </Panel>
  );
}

interface SessionHeadProps {
  session: HistorySession;
  store: HistoryStore;
  onSaved(name: string): void;
}

function SessionHead({ session, store, onSaved }: SessionHeadProps) {
  const { texts, locale } = usePanel();
  const when = new Date(session.at).toLocaleString(locale, { dateStyle: "medium", timeStyle: "short" });
  const title = session.file ?? when;
  return (
    <header className="session-head">
      <h3 className="tabular">
        {title}
        {session.file && <small className="when">{when}</small>}
      </h3>
      <Menu
        icon="export"
        label={fill(texts.exportOf, { title })}
        opensDown
        items={sessionExports(texts, async (format) => onSaved(await saveSession(session, title, format)))}
      />
      <Button
        className="quiet"
        aria-label={fill(texts.removeOf, { title })}
        title={texts.remove}
        onClick={() => void store.remove(session.entries.map(({ id }) => id))}
      >
        <Icon name="clear" />
      </Button>
    </header>
  );
}
