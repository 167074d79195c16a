/** For a word that is selected: say it again, or teach what it should have been. */
import { MAX_TERM_CHARACTERS } from "@stt/core";
import { Button, fill, Icon } from "@stt/ui";
import { type FormEvent, useState } from "react";
import type { Editor, EditorView } from "../editor.js";
import { usePage } from "../page-context.js";
import { DICTIONARY, isWord } from "./dictionary.js";

export interface TeachBarProps {
  editor: Editor;
  view: EditorView;
  isLive: boolean;
  onTaught(term: string): void;
}

export function TeachBar({ editor, view, isLive, onTaught }: TeachBarProps) {
  const { texts } = usePage();
  /** What is being taught; stays while the place of the keyboard is in the form. */
  const [wrong, setWrong] = useState<{ text: string; from: number; to: number } | null>(null);
  const [right, setRight] = useState("");
  const selected = wrong ?? selectedWord(view);
  if (!selected) return null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const term = right.trim();
    if (!DICTIONARY.add({ term, soundsLike: [selected.text] })) return;
    const { text } = editor.getSnapshot();
    // Speech may have moved it meanwhile.
    const from = text.slice(selected.from, selected.to) === selected.text ? selected.from : text.indexOf(selected.text);
    if (from >= 0) editor.replace({ from, to: from + selected.text.length }, term);
    close();
    onTaught(term);
  };
  const close = () => {
    setWrong(null);
    editor.focus();
  };
  if (!wrong) {
    return (
      <div className="teach">
        <span>{fill(isLive ? texts.sayAgain : texts.selectedWord, { word: selected.text })}</span>
        <Button
          onClick={() => {
            setWrong(selected);
            setRight(selected.text);
          }}
        >
          <Icon name="book" />
          {texts.teachThis}
        </Button>
      </div>
    );
  }
  return (
    <form
      className="teach"
      onSubmit={submit}
      onKeyDown={({ key }) => {
        if (key === "Escape") close();
      }}
    >
      <label>
        {fill(texts.shouldBe, { word: selected.text })}{" "}
        <input
          // biome-ignore lint/a11y/noAutofocus: the button that was just pressed is gone.
          autoFocus
          value={right}
          maxLength={MAX_TERM_CHARACTERS}
          onFocus={({ target }) => target.select()}
          onChange={({ target }) => setRight(target.value)}
        />
      </label>
      <Button type="submit" className="primary" disabled={right.trim() === "" || right.trim() === selected.text}>
        {texts.teach}
      </Button>
      <Button className="quiet" aria-label={texts.close} onClick={close}>
        <Icon name="close" />
      </Button>
    </form>
  );
}

function selectedWord({ text, selection }: EditorView): { text: string; from: number; to: number } | null {
  if (!selection || selection.to - selection.from > MAX_TERM_CHARACTERS) return null;
  const selected = text.slice(selection.from, selection.to);
  const word = selected.trim();
  if (word === "" || /[\n.!?,]/.test(word) || !isWord(word)) return null;
  const from = selection.from + selected.indexOf(word);
  return { text: word, from, to: from + word.length };
}
