/** Everything one can do, at the bottom, where a thumb reaches it. */
import type { UseTranscriptionResult } from "@stt/react";
import { Button, Icon, type IconName } from "@stt/ui";
import type { EditorView } from "./editor.js";
import { Menu } from "./menu.js";
import { usePage } from "./page-context.js";
import type { Texts } from "./texts.js";
import type { ExportFormat } from "./use-actions.js";

export interface ToolbarProps {
  transcription: UseTranscriptionResult;
  view: EditorView;
  onRecord(): void;
  onUndo(): void;
  onRedo(): void;
  onCopy(): void;
  onClear(): void;
  onChooseFile(): void;
  onExport(format: ExportFormat): void;
}

export function Toolbar(props: ToolbarProps) {
  const { transcription, view, onExport } = props;
  const { hasTimes, canUndo, canRedo } = view;
  const isEmpty = view.text === "";
  const { texts } = usePage();
  const record = recordOf(transcription);
  return (
    <div className="toolbar" role="toolbar" aria-label={texts.tools}>
      <Button
        className={`record record-${record.icon}`}
        onClick={props.onRecord}
        aria-keyshortcuts="F1"
        title={`${texts[record.label]} (F1)`}
      >
        <Icon name={record.icon} />
        {texts[record.label]}
        <span className="key-hint" aria-hidden="true">
          F1
        </span>
      </Button>
      <div className="tools">
        <Tool icon="undo" label={texts.undo} keys="Control+Z" onClick={props.onUndo} isDisabled={!canUndo} />
        <Tool icon="redo" label={texts.redo} keys="Control+Y" onClick={props.onRedo} isDisabled={!canRedo} />
        <Tool
          icon="copy"
          label={texts.copy}
          title={texts.copyLong}
          keys="F3"
          onClick={props.onCopy}
          isDisabled={isEmpty}
        />
        <Tool
          icon="clear"
          label={texts.clear}
          title={texts.clearLong}
          keys="F4"
          onClick={props.onClear}
          isDisabled={isEmpty}
        />
        <Tool icon="file" label={texts.file} title={texts.fileLong} keys="Control+O" onClick={props.onChooseFile} />
        <Menu
          icon="export"
          label={texts.export}
          items={[
            { label: texts.exportTxt, isDisabled: isEmpty, onChoose: () => onExport("txt") },
            { label: texts.exportSrt, isDisabled: !hasTimes, onChoose: () => onExport("srt") },
            { label: texts.exportVtt, isDisabled: !hasTimes, onChoose: () => onExport("vtt") },
          ]}
          note={hasTimes ? undefined : texts.exportNoTimes}
        />
      </div>
    </div>
  );
}

interface ToolProps {
  icon: IconName;
  label: string;
  title?: string;
  keys: string;
  isDisabled?: boolean;
  onClick(): void;
}

function Tool({ icon, label, title = label, keys, isDisabled, onClick }: ToolProps) {
  return (
    <Button
      className="tool"
      onClick={onClick}
      disabled={isDisabled}
      aria-keyshortcuts={keys}
      title={`${title} (${keys.replace("Control", "Ctrl")})`}
    >
      <Icon name={icon} />
      <span>{label}</span>
    </Button>
  );
}

/** What the big button does now. */
function recordOf({ status, fileProgress }: UseTranscriptionResult): { icon: IconName; label: keyof Texts } {
  if (fileProgress) return { icon: "stop", label: "stop" };
  switch (status) {
    case "connecting":
    case "listening":
    case "reconnecting":
    case "finishing":
      return { icon: "pause", label: "pause" };
    case "paused":
      return { icon: "play", label: "resume" };
    case "failed":
      return { icon: "loop", label: "retry" };
    case "idle":
    case "connected":
    case "closed":
      return { icon: "record", label: "record" };
  }
}
