/** Everything one does with the text, on both sides of the record control. */
import { Button, Icon, type IconName } from "@stt/ui";
import type { EditorView } from "./editor.js";
import { EXPORT_FORMATS, type ExportFormat, needsTimes } from "./export-file.js";
import { Menu } from "./menu.js";
import { usePage } from "./page-context.js";

export interface ToolbarProps {
  view: EditorView;
  onUndo(): void;
  onRedo(): void;
  onCopy(): void;
  onClear(): void;
  onFind(): void;
  onChooseFile(): void;
  onExport(format: ExportFormat): void;
}

/** What one does to the text. */
export function EditTools({ view, onUndo, onRedo, onCopy, onClear }: ToolbarProps) {
  const { texts } = usePage();
  const isEmpty = view.text === "";
  return (
    <div className="tools">
      <Tool icon="undo" label={texts.undo} keys="Control+Z" onClick={onUndo} isDisabled={!view.canUndo} />
      <Tool icon="redo" label={texts.redo} keys="Control+Y" onClick={onRedo} isDisabled={!view.canRedo} />
      <Tool icon="clear" label={texts.clear} title={texts.clearLong} keys="F4" onClick={onClear} isDisabled={isEmpty} />
      <Tool icon="copy" label={texts.copy} title={texts.copyLong} keys="F3" onClick={onCopy} isDisabled={isEmpty} />
    </div>
  );
}

/** Where it comes from and goes to. */
export function FileTools({ view, onFind, onChooseFile, onExport }: ToolbarProps) {
  const { texts } = usePage();
  const isEmpty = view.text === "";
  return (
    <div className="tools">
      <Tool
        icon="find"
        label={texts.find}
        title={texts.findLong}
        keys="Control+F"
        onClick={onFind}
        isDisabled={isEmpty}
      />
      <Tool icon="file" label={texts.file} title={texts.fileLong} keys="Control+O" onClick={onChooseFile} />
      <Menu
        icon="export"
        label={texts.export}
        items={EXPORT_FORMATS.map((format) => ({
          label: texts[format],
          isDisabled: needsTimes(format) ? !view.hasTimes : isEmpty,
          onChoose: () => onExport(format),
        }))}
        note={view.hasTimes ? undefined : texts.exportNoTimes}
      />
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
