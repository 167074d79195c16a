/** The page. */
import workletUrl from "@stt/client-web/capture.worklet.js?url";
import { failureText } from "@stt/core";
import { type ClientEvent, useTranscription } from "@stt/react";
import { dictationState, fill, PageControls, PageSettingsContext, Progress, serverUrl, UI_TEXTS } from "@stt/ui";
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { browserLanguages } from "./browser-languages.js";
import type { Draft } from "./draft.js";
import type { Editor } from "./editor.js";
import { FirstRun } from "./first-run.js";
import { Message } from "./message.js";
import { MAX_KEPT_MS, Notices } from "./notices.js";
import { PageContextValue, useEditorPage, usePage } from "./page-context.js";
import { Sheet } from "./sheet.js";
import { SmallPrint } from "./small-print.js";
import { SpeechSettings } from "./speech-settings.js";
import { Status } from "./status.js";
import { Toolbar } from "./toolbar.js";
import { useActions } from "./use-actions.js";
import { useFileDrop } from "./use-file-drop.js";
import { useLater } from "./use-later.js";
import { useLeaveGuard } from "./use-leave-guard.js";
import { useServerLanguage } from "./use-server-language.js";
import { useShortcuts } from "./use-shortcuts.js";

export interface AppProps {
  editor: Editor;
  draft: Draft;
}

export function App(props: AppProps) {
  const page = useEditorPage();
  const [session, setSession] = useState({ number: 0, begins: true });
  const renew = useCallback((begins: boolean) => setSession(({ number }) => ({ number: number + 1, begins })), []);
  return (
    <PageSettingsContext value={page}>
      <PageContextValue value={page}>
        <Page key={session.number} {...props} begins={session.begins} onRenew={renew} />
      </PageContextValue>
    </PageSettingsContext>
  );
}

interface PageProps extends AppProps {
  /** Listens by itself where the microphone is allowed. */
  begins: boolean;
  /** A client of its own from here on. @param begins as it listened before */
  onRenew(begins: boolean): void;
}

const CANDIDATES = browserLanguages();
const ALL: string[] = [];

/** The page may be gone for minutes, and nobody waits for it. */
const RECONNECT = { initial: true };

/** A browser that has not told the permission by then does not tell it at all. */
const UNTOLD_AFTER_MS = 500;

function Page({ editor, draft, begins, onRenew }: PageProps) {
  const { texts, preferences, locale } = usePage();
  const { language, deviceId, key } = preferences;
  const [hasHeard, setHeard] = useState(false);
  const [lostMs, setLostMs] = useState(0);
  const scroller = useRef<HTMLElement>(null);
  const isUntold = useLater(UNTOLD_AFTER_MS);
  const transcription = useTranscription({
    url: serverUrl(""),
    autoStart: begins,
    token: key,
    language,
    // "Detect" hears all languages. As the server is set, it decides; the browser's count where it names none.
    languages: language === undefined ? undefined : ALL,
    likelyLanguages: CANDIDATES,
    reconnect: RECONNECT,
    maxReplayMs: MAX_KEPT_MS,
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
    if (event.type === "warning" && event.lostMs) setLostMs((before) => before + event.lostMs!);
    else if (event.type === "warning") setWarning(failureText(event, locale));
    // It comes after `stop`; unasked, it is the server's wish.
    if (event.type === "end" && transcription.getClient().getSnapshot().status !== "finishing")
      setWarning(UI_TEXTS[locale].endedByServer);
  };
  const { status, permission, isSupported, fileProgress } = transcription;
  useEffect(() => {
    if (lostMs === 0 || status === "reconnecting" || status === "connecting") return;
    setWarning(fill(UI_TEXTS[locale].lost, { seconds: Math.ceil(lostMs / 1000) }));
    setLostMs(0);
  }, [lostMs, status, locale, setWarning]);

  const keepFailed = useCallback(() => setWarning(texts.draftNotKept), [setWarning, texts]);
  useEffect(() => draft.save(view.text, keepFailed), [draft, view.text, keepFailed]);
  useLeaveGuard(status === "reconnecting" || status === "finishing" || fileProgress !== null);
  const useServersLanguage = useServerLanguage(transcription, onRenew);

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

  const state = dictationState(transcription, hasHeard);
  const mayAsk = permission === "prompt" || (permission === "unknown" && isUntold);
  const isFirst = status === "idle" && isSupported && mayAsk && view.text === "";

  return (
    <div className="app">
      <header>
        <Status transcription={transcription} state={state} hasLost={lostMs > 0} />
        <PageControls />
      </header>
      <main ref={scroller}>
        <div className="page">
          <div className="notices">
            <Notices
              transcription={transcription}
              warning={actions.warning}
              lostMs={lostMs}
              onDismiss={actions.dismiss}
              onChooseFile={chooseFile}
            />
            {actions.file !== null && fileProgress && (
              <div className="notice">
                <p>{fill(texts.reading, { file: actions.file })}</p>
                <Progress
                  label={fill(texts.reading, { file: actions.file })}
                  done={fileProgress.doneMs}
                  total={Math.max(1, fileProgress.totalMs)}
                  locale={locale}
                />
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
        <Message message={actions.message} />
        <Toolbar
          transcription={transcription}
          view={view}
          onRecord={record}
          onUndo={editor.undo}
          onRedo={editor.redo}
          onCopy={() => void copy()}
          onClear={clear}
          onChooseFile={chooseFile}
          onExport={save}
        />
        <SpeechSettings onServerLanguage={useServersLanguage} onChosen={() => editor.focus()} />
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
