/** The page: the text, the record control under it, and what is opened beside it. */
import type { TextRange } from "@stt/core/document";
import type { ClientEvent } from "@stt/react";
import { fill } from "@stt/ui";
import { lazy, Suspense, useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import type { Draft } from "./draft.js";
import type { Correction, Editor } from "./editor.js";
import { useFiles } from "./files/use-files.js";
import { HistoryRecorder } from "./history/history.js";
import { Message } from "./message.js";
import { Notices } from "./notices.js";
import { usePage } from "./page-context.js";
import { PageHeader } from "./page-header.js";
import { type PanelName, Panels } from "./panels/panels.js";
import { RecordControl } from "./recording/record-control.js";
import { Sheet } from "./sheet.js";
import { SmallPrint } from "./small-print.js";
import { SpeechSettings } from "./speech-settings.js";
import { obey } from "./spoken-commands.js";
import { EditTools, FileTools, type ToolbarProps } from "./toolbar.js";
import { useActions } from "./use-actions.js";
import { useCommands } from "./use-commands.js";
import { useFileDrop } from "./use-file-drop.js";
import { useLeaveGuard } from "./use-leave-guard.js";
import { useRecording } from "./use-recording.js";
import { useServerLanguage } from "./use-server-language.js";
import { useShortcuts } from "./use-shortcuts.js";
import { MAX_KEPT_MS, useSpeech } from "./use-speech.js";
import { DICTIONARY, isWord } from "./words/dictionary.js";
import { TeachBar } from "./words/teach-bar.js";

const FilesTray = lazy(() => import("./files/files-tray.js"));
const FirstRun = lazy(() => import("./first-run/first-run.js"));
const FindBar = lazy(() => import("./text/find-bar.js"));
const Palette = lazy(() => import("./palette/palette.js"));

export interface PageProps {
  editor: Editor;
  draft: Draft;
  /** Listens by itself where the microphone is allowed. */
  begins: boolean;
  /** A client of its own from here on. @param begins as it listened before */
  onRenew(begins: boolean): void;
}

interface Found {
  found: readonly TextRange[];
  present: TextRange | undefined;
}

const NOTHING_FOUND: Found = { found: [], present: undefined };

export function Page({ editor, draft, begins, onRenew }: PageProps) {
  const { texts, preferences, prefer } = usePage();
  const { language, introduced } = preferences;
  const scroller = useRef<HTMLElement>(null);
  const [panel, setPanel] = useState<PanelName | null>(null);
  const [isPaletteOpen, setPaletteOpen] = useState(false);
  /** What is looked for at first; null while nothing is. */
  const [search, setSearch] = useState<string | null>(null);
  const [{ found, present }, setFound] = useState(NOTHING_FOUND);
  const view = useSyncExternalStore(editor.subscribe, editor.getSnapshot);
  // Whoever has a text here has been here.
  const [hadText] = useState(view.text !== "");
  const isFirst = !introduced && !hadText;

  const warn = useRef<(text: string) => void>(() => {});
  const [history] = useState(() => new HistoryRecorder());
  const { transcription, state, lostMs, tape } = useSpeech({
    begins,
    onWarning: useCallback((text: string) => warn.current(text), []),
    onEvent: (event: ClientEvent) => {
      // What is read aloud to try it is no text of anybody's.
      if (isFirst) return;
      if (event.type === "command")
        obey(event.command, event.text, { editor, actions, pause: transcription.pause, texts });
      const correction = editor.take(event);
      if (correction) offer(correction);
      if (event.type !== "final" || event.text === "") return;
      if (preferences.autoCopy) void actions.copy("quietly");
      // A browser that keeps nothing says so in the history itself.
      const { model } = transcription.getClient().getSnapshot().server ?? {};
      history.take(event, model, tape, preferences.soundLimitMb * 2 ** 20).catch(() => {});
    },
  });
  const actions = useActions(editor);
  warn.current = actions.setWarning;
  const { setWarning, dismiss, copy, clear, chooseFile, save } = actions;
  const recording = useRecording(transcription, dismiss);
  const { status } = transcription;
  const { jobs, add, remove } = useFiles(editor, actions);

  const keepFailed = useCallback(() => setWarning(texts.draftNotKept), [setWarning, texts]);
  useEffect(() => draft.save(view.text, keepFailed), [draft, view.text, keepFailed]);
  useLeaveGuard(
    status === "reconnecting" ||
      status === "finishing" ||
      jobs.some(({ state }) => state === "waiting" || state === "running"),
  );
  const useServersLanguage = useServerLanguage(transcription, onRenew);

  const taught = (term: string) => actions.setMessage({ text: fill(texts.taught, { term }) });
  /** A word that was said anew is one that the server does not know. */
  const offer = ({ heard, said }: Correction) => {
    if (!isWord(heard) || !isWord(said) || heard.toLowerCase() === said.toLowerCase()) return;
    const remember = () => {
      if (DICTIONARY.add({ term: said, soundsLike: [heard] })) taught(said);
    };
    actions.setMessage({
      text: fill(texts.corrected, { heard, said }),
      action: { label: texts.remember, run: remember },
      undo: editor.undo,
    });
  };
  const find = () => setSearch(selectedLine(editor));
  const closeFind = () => {
    setSearch(null);
    editor.focus();
  };
  const closePanel = () => {
    setPanel(null);
    editor.focus();
  };
  const onFound = useCallback((all: readonly TextRange[], one: TextRange | undefined) => {
    setFound({ found: all, present: one });
  }, []);
  const openPalette = () => setPaletteOpen(true);
  const isOn = status === "listening" || status === "reconnecting" || status === "connecting";
  const commands = useCommands({
    editor,
    view,
    actions,
    record: recording.toggle,
    recordLabel: isOn ? texts.pause : status === "paused" ? texts.resume : texts.record,
    find,
    open: setPanel,
    openPalette,
  });
  useShortcuts({
    copy: () => void copy(),
    clear,
    chooseFile,
    save: () => void save("txt"),
    undo: editor.undo,
    redo: editor.redo,
    find,
    palette: openPalette,
    help: () => setPanel("help"),
  });
  const isDropping = useFileDrop(add);

  const tools: ToolbarProps = {
    view,
    onUndo: editor.undo,
    onRedo: editor.redo,
    onCopy: () => void copy(),
    onClear: clear,
    onFind: find,
    onChooseFile: chooseFile,
    onExport: (format) => void save(format),
  };

  return (
    <div className="app">
      <PageHeader text={view.text} panel={panel} onPanel={setPanel} />
      {search !== null && (
        <Suspense fallback={null}>
          <FindBar
            editor={editor}
            text={view.text}
            initial={search}
            onFound={onFound}
            onReplaced={(count) => actions.setMessage({ text: fill(texts.replaced, { count }), undo: editor.undo })}
            onClose={closeFind}
          />
        </Suspense>
      )}
      <main ref={scroller}>
        <div className="page">
          {isFirst && (
            <Suspense fallback={null}>
              <FirstRun transcription={transcription} onDone={() => prefer({ introduced: true })} />
            </Suspense>
          )}
          <div hidden={isFirst} className="paper">
            <Sheet
              editor={editor}
              scroller={scroller}
              isLive={status === "listening"}
              isHidden={isFirst}
              spellLanguage={language === "auto" ? undefined : language}
              found={found}
              present={present}
            />
          </div>
        </div>
      </main>
      <footer>
        <Message message={actions.message} />
        <div className="notices">
          <TeachBar editor={editor} view={view} isLive={status === "listening"} onTaught={taught} />
          {jobs.length > 0 && (
            <Suspense fallback={null}>
              <FilesTray jobs={jobs} onInsert={editor.insert} onRemove={remove} />
            </Suspense>
          )}
          {/* The first run says it itself. */}
          {!isFirst && (
            <Notices
              transcription={transcription}
              warning={actions.warning}
              lostMs={lostMs}
              onDismiss={dismiss}
              onChooseFile={chooseFile}
            />
          )}
        </div>
        <div className="dock" role="toolbar" aria-label={texts.tools}>
          <EditTools {...tools} />
          <RecordControl
            transcription={transcription}
            state={state}
            lostMs={lostMs}
            maxKeptMs={MAX_KEPT_MS}
            hold={recording.hold}
            onToggle={recording.toggle}
          />
          <FileTools {...tools} />
        </div>
        <div className="facts">
          <SpeechSettings onServerLanguage={useServersLanguage} onChosen={() => editor.focus()} />
          <SmallPrint transcription={transcription} />
        </div>
      </footer>
      <Panels
        panel={panel}
        commands={commands}
        onInsert={editor.insert}
        onSaved={(file) => actions.setMessage({ text: fill(texts.saved, { file }) })}
        onClose={closePanel}
      />
      {isPaletteOpen && (
        <Suspense fallback={null}>
          <Palette commands={commands} onClose={() => setPaletteOpen(false)} />
        </Suspense>
      )}
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
        multiple
        hidden
        onChange={({ target }) => {
          add([...(target.files ?? [])]);
          target.value = "";
        }}
      />
    </div>
  );
}

/** What is selected, to look for it, unless it is more than one would look for. */
function selectedLine(editor: Editor): string {
  const { text, selection } = editor.getSnapshot();
  const selected = selection ? text.slice(selection.from, selection.to) : "";
  return selected.includes("\n") || selected.length > 100 ? "" : selected;
}
