/** Every command by its name: type a part of it, and Enter. */
import { useEffect, useId, useRef, useState } from "react";
import type { Command } from "../commands.js";
import { usePanel } from "../panels/use-panel.js";

export interface PaletteProps {
  commands: readonly Command[];
  onClose(): void;
}

export default function Palette({ commands, onClose }: PaletteProps) {
  const { texts, locale } = usePanel();
  const [query, setQuery] = useState("");
  const [index, setIndex] = useState(0);
  const dialog = useRef<HTMLDialogElement>(null);
  const listId = useId();
  useEffect(() => {
    // StrictMode runs effects twice.
    if (!dialog.current?.open) dialog.current?.showModal();
  }, []);
  const parts = query.toLocaleLowerCase(locale).split(/\s+/);
  const shown = commands.filter(
    ({ label, isDisabled }) => !isDisabled && parts.every((part) => label.toLocaleLowerCase(locale).includes(part)),
  );
  const at = Math.min(index, shown.length - 1);
  const run = (command: Command | undefined) => {
    if (!command) return;
    // Only a dialog that closes gives the keyboard back to where it was.
    dialog.current?.close();
    command.run();
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the dialog's own.
    <dialog
      ref={dialog}
      className="palette"
      aria-label={texts.palette}
      onClose={onClose}
      onClick={({ target }) => {
        if (target === dialog.current) onClose();
      }}
    >
      <input
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={shown[at] && `${listId}-${shown[at].id}`}
        aria-label={texts.paletteHint}
        placeholder={texts.paletteHint}
        value={query}
        onChange={({ target }) => {
          setQuery(target.value);
          setIndex(0);
        }}
        onKeyDown={(event) => {
          const { key } = event;
          if (key === "ArrowDown") setIndex(Math.min(at + 1, shown.length - 1));
          else if (key === "ArrowUp") setIndex(Math.max(0, at - 1));
          else if (key === "Enter") run(shown[at]);
          else return;
          event.preventDefault();
        }}
      />
      <div id={listId} role="listbox" aria-label={texts.palette}>
        {shown.map((command, i) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the keyboard's place stays in the field, see aria-activedescendant.
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys.
          <div
            key={command.id}
            id={`${listId}-${command.id}`}
            role="option"
            aria-selected={i === at}
            ref={i === at ? (element) => element?.scrollIntoView({ block: "nearest" }) : undefined}
            onClick={() => run(command)}
          >
            {command.label}
            {command.keys && <kbd>{command.keys}</kbd>}
          </div>
        ))}
      </div>
      {shown.length === 0 && <p className="hint">{texts.notFound}</p>}
    </dialog>
  );
}
