/** The page. */

import workletUrl from "@stt/client-web/capture.worklet.js?url";
import { failureText } from "@stt/core";
import { type ClientEvent, useTranscription } from "@stt/react";
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import type { Draft } from "./draft.js";
import type { Editor } from "./editor.js";
import { FirstRun } from "./first-run.js";
import { Notice } from "./notice.js";
import { PageContextValue, usePage, usePreferences } from "./page-context.js";
import { PageSettings, SpeechSettings } from "./settings.js";
import { Sheet } from "./sheet.js";
import { SmallPrint } from "./small-print.js";
import { Status, stateOf } from "./status.js";
import { fill } from "./texts.js";
import { Toolbar } from "./toolbar.js";
import { useActions } from "./use-actions.js";
import { useFileDrop } from "./use-file-drop.js";
import { useLater } from "./use-later.js";
import { useShortcuts } from "./use-shortcuts.js";

export interface AppProps {
  editor: Editor;
  draft: Draft;
}

export function App(props: AppProps) {
  const page = usePreferences();
  return (
    <PageContextValue value={page}>
      <Page {...props} />
    </PageContextValue>
  );
}

/** The page may be gone for minutes, and nobody waits for it. */
const RECONNECT = { initial: true };

/** The page lies one folder below the server's root, behind whatever path a proxy puts in front. */
const SERVER_URL = new URL("../", document.baseURI).href;
/** A browser that has not told the permission by then does not tell it at all. */
const UNTOLD_AFTER_MS = 500;

function Page({ editor, draft }: AppProps) {
  const { texts, preferences, locale } = usePage();
  const { language, deviceId, key } = preferences;
  const [hasHeard, setHeard] = useState(false);
  const scroller = useRef<HTMLElement>(null);
  const isUntold = useLater(UNTOLD_AFTER_MS);
  const transcription = useTranscription({
    url: SERVER_URL,
    autoStart: true,
    token: key,
    language,
    reconnect: RECONNECT,
    microphone: useMemo(() => ({ workletUrl, ...(deviceId ? { deviceId } : {}) }), [deviceId]),
    onEvent: (event) => take(event),
  });
  const actions = useActions(editor, transcription);
  const view = useSyncExternalStore(editor.subscribe, editor.getSnapshot);
  const { setWarning } = actions;

  const take = (event: ClientEvent) => {
    editor.take(event);
    if (event.type === "speech_start") setHeard(true);
    if (event.type === "ready" && !event.resumed) setHeard(false);
    if (event.type === "warning") setWarning(failureText(event, locale));
  };

  const keepFailed = useCallback(() => setWarning(texts.draftNotKept), [setWarning, texts]);
  useEffect(() => draft.save(view.text, keepFailed), [draft, view.text, keepFailed]);

  const { record, copy, clear, chooseFile, save, read } = actions;
  useShortcuts({
    record,
    copy: () => void copy(),
    clear,
    chooseFile,
    save: () => save("txt"),
    undo: editor.undo,
    redo: editor.redo,
  });
  const isDropping = useFileDrop((file) => void read(file));

  const state = stateOf(transcription, hasHeard);
  const { status, permission, isSupported, fileProgress } = transcription;
  const mayAsk = permission === "prompt" || (permission === "unknown" && isUntold);
  const isFirst = status === "idle" && isSupported && mayAsk && view.text === "";
  const percent = fileProgress ? Math.round((100 * fileProgress.doneMs) / Math.max(1, fileProgress.totalMs)) : 0;

  return (
    <div className="app">
      <header>
        <Status transcription={transcription} state={state} />
        <PageSettings />
      </header>
      <main ref={scroller}>
        <div className="page">
          <div className="notices">
            <Notice
              transcription={transcription}
              state={state}
              warning={actions.warning}
              onDismiss={actions.dismiss}
              onChooseFile={chooseFile}
            />
            {actions.file !== null && fileProgress && (
              <div className="notice">
                <label htmlFor="file-progress">{fill(texts.reading, { file: actions.file })}</label>
                <progress id="file-progress" value={percent} max={100} />
                <span className="tabular">{percent} %</span>
              </div>
            )}
          </div>
          {isFirst && <FirstRun onAllow={transcription.start} onChooseFile={chooseFile} />}
          <div hidden={isFirst} className="paper">
            <Sheet
              editor={editor}
              scroller={scroller}
              isLive={status === "listening"}
              isHidden={isFirst}
              spellLanguage={language === "auto" ? undefined : language}
            />
          </div>
        </div>
      </main>
      <footer>
        {actions.message && (
          <div className="message" role="status">
            <span className="tabular">{actions.message.text}</span>
            {actions.message.undo && (
              <button type="button" onClick={actions.message.undo}>
                {texts.undo}
              </button>
            )}
          </div>
        )}
        <Toolbar
          transcription={transcription}
          isEmpty={view.text === ""}
          hasTimes={view.hasTimes}
          onRecord={record}
          onUndo={editor.undo}
          onRedo={editor.redo}
          onCopy={() => void copy()}
          onClear={clear}
          onChooseFile={chooseFile}
          onExport={save}
        />
        <SpeechSettings
          onServerLanguage={() => {
            // A session can be told another language, but not to forget one.
            draft.flush();
            location.reload();
          }}
        />
        <SmallPrint transcription={transcription} />
      </footer>
      <div className="visually-hidden" role="log" aria-live="polite" aria-label={texts.heard}>
        {view.finals.map(({ utterance, text }) => (
          <p key={utterance}>{text}</p>
        ))}
      </div>
      {isDropping && <div className="drop">{texts.dropHere}</div>}
      <input
        ref={actions.picker}
        type="file"
        accept="audio/*,video/*"
        hidden
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          target.value = "";
          if (file) void read(file);
        }}
      />
    </div>
  );
}
