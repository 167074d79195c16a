/** One utterance: its text, when, in which language, and what can be done with it. */
import { failureText, isSttError, messageOf } from "@stt/core";
import { Button, formatTime, Icon, type IconName } from "@stt/ui";
import { useEffect, useState } from "react";
import { servedModels } from "../ask-server.js";
import { languageNames } from "../language-names.js";
import { usePanel } from "../panels/use-panel.js";
import { decodeAgain } from "./decode-again.js";
import type { HistoryEntry } from "./entry.js";
import type { HistoryStore } from "./history-store.js";
import type { Playback } from "./use-playback.js";

export interface HistoryItemProps {
  entry: HistoryEntry;
  store: HistoryStore;
  playback: Playback;
  onInsert(text: string): void;
}

export function HistoryItem({ entry, store, playback, onInsert }: HistoryItemProps) {
  const { texts, locale } = usePanel();
  const [isAsking, setAsking] = useState(false);
  const isPlaying = playback.id === entry.id;
  return (
    <li className="entry">
      <p lang={entry.language}>
        <EntryText entry={entry} word={isPlaying ? playback.word : -1} />
      </p>
      <div className="entry-tools">
        <small className="tabular">
          {formatTime(entry.at, locale)} · {entry.language}
        </small>
        {entry.soundBytes > 0 && (
          <>
            <EntryTool
              icon={isPlaying ? "stop" : "play"}
              label={isPlaying ? texts.stop : texts.play}
              onClick={() => (isPlaying ? playback.stop() : void playback.play(entry))}
            />
            <EntryTool icon="loop" label={texts.decodeAgain} onClick={() => setAsking(!isAsking)} isOpen={isAsking} />
          </>
        )}
        <EntryTool
          icon="copy"
          label={texts.copy}
          onClick={() => void navigator.clipboard.writeText(entry.text).catch(() => {})}
        />
        <EntryTool icon="insert" label={texts.insert} onClick={() => onInsert(entry.text)} />
        <EntryTool icon="clear" label={texts.remove} onClick={() => void store.remove([entry.id])} />
      </div>
      {isAsking && <DecodeAgain entry={entry} store={store} onDone={() => setAsking(false)} />}
    </li>
  );
}

/** @param word index of the one that is heard now; -1 for none */
function EntryText({ entry, word }: { entry: HistoryEntry; word: number }) {
  const heard = entry.words?.[word];
  if (!heard) return entry.text;
  // The words' texts stand in the text, in their order.
  let at = 0;
  for (const { text } of entry.words!.slice(0, word)) at = Math.max(at, entry.text.indexOf(text.trim(), at));
  const from = entry.text.indexOf(heard.text.trim(), at);
  if (from < 0) return entry.text;
  const to = from + heard.text.trim().length;
  return (
    <>
      {entry.text.slice(0, from)}
      <mark>{entry.text.slice(from, to)}</mark>
      {entry.text.slice(to)}
    </>
  );
}

interface EntryToolProps {
  icon: IconName;
  label: string;
  isOpen?: boolean;
  onClick(): void;
}

function EntryTool({ icon, label, isOpen, onClick }: EntryToolProps) {
  return (
    <Button className="quiet" aria-label={label} aria-expanded={isOpen} title={label} onClick={onClick}>
      <Icon name={icon} />
    </Button>
  );
}

function DecodeAgain({ entry, store, onDone }: { entry: HistoryEntry; store: HistoryStore; onDone(): void }) {
  const { texts, locale, preferences } = usePanel();
  const { key } = preferences;
  const [models, setModels] = useState<readonly string[]>([]);
  const [language, setLanguage] = useState(entry.language);
  const [model, setModel] = useState(entry.model ?? "");
  const [isRunning, setRunning] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const told = (error: unknown) => setFailure(isSttError(error) ? failureText(error, locale) : messageOf(error));
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once.
  useEffect(() => {
    servedModels(key).then(setModels, told);
  }, [key]);
  const chosen = models.includes(model) ? model : (models[0] ?? "");
  const run = async () => {
    setRunning(true);
    setFailure(null);
    try {
      const pcm = await store.sound(entry.id);
      if (pcm) await store.put(await decodeAgain(entry, pcm, { language, model: chosen, key }));
      onDone();
    } catch (error) {
      told(error);
      setRunning(false);
    }
  };
  return (
    <form
      className="decode"
      onSubmit={(event) => {
        event.preventDefault();
        void run();
      }}
    >
      <select aria-label={texts.language} value={language} onChange={({ target }) => setLanguage(target.value)}>
        <option value="auto">{texts.detect}</option>
        {languageNames(locale).map(({ code, name }) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </select>
      <select aria-label={texts.model} value={chosen} onChange={({ target }) => setModel(target.value)}>
        {models.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <Button type="submit" disabled={isRunning || chosen === ""}>
        {isRunning ? texts.decoding : texts.decodeAgain}
      </Button>
      {failure && <p role="alert">{failure}</p>}
    </form>
  );
}
