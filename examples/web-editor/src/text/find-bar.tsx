/** Looks for something in the text, and puts something else in its place. */
import type { TextRange } from "@stt/core/document";
import { Button, fill, Icon } from "@stt/ui";
import { useEffect, useRef, useState } from "react";
import type { Editor } from "../editor.js";
import { usePage } from "../page-context.js";
import { findAll } from "./find.js";

export interface FindBarProps {
  editor: Editor;
  text: string;
  /** To look for at first. */
  initial: string;
  onFound(found: readonly TextRange[], present: TextRange | undefined): void;
  onReplaced(count: number): void;
  onClose(): void;
}

export default function FindBar({ editor, text, initial, onFound, onReplaced, onClose }: FindBarProps) {
  const { texts } = usePage();
  const [query, setQuery] = useState(initial);
  const [replacement, setReplacement] = useState("");
  const [index, setIndex] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  const found = findAll(text, query);
  const at = found.length === 0 ? -1 : ((index % found.length) + found.length) % found.length;
  const present = found[at];

  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  const key = `${query}\n${found.length}\n${at}\n${present?.from}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: new ranges of the same places are no news.
  useEffect(() => onFound(found, present), [key]);
  useEffect(() => () => onFound([], undefined), [onFound]);

  const replace = () => {
    if (!present) return;
    editor.replace(present, replacement);
    // What was put in may hold what is looked for.
    const next = findAll(editor.getSnapshot().text, query).findIndex(
      ({ from }) => from >= present.from + replacement.length,
    );
    setIndex(Math.max(0, next));
  };
  const replaceAll = () => {
    editor.replaceAll(found, replacement);
    onReplaced(found.length);
  };
  return (
    <search
      className="find"
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onClose();
      }}
    >
      <input
        ref={field}
        type="search"
        aria-label={texts.find}
        placeholder={texts.find}
        value={query}
        onChange={({ target }) => {
          setQuery(target.value);
          setIndex(0);
        }}
        onKeyDown={({ key, shiftKey }) => {
          if (key === "Enter") setIndex(at + (shiftKey ? -1 : 1));
        }}
      />
      <output className="tabular">
        {query === "" ? "" : found.length === 0 ? texts.notFound : fill(texts.foundOf, { n: at + 1, of: found.length })}
      </output>
      <Button
        className="quiet"
        aria-label={texts.previous}
        title={`${texts.previous} (Shift+Enter)`}
        disabled={!present}
        onClick={() => setIndex(at - 1)}
      >
        <Icon name="up" />
      </Button>
      <Button
        className="quiet"
        aria-label={texts.next}
        title={`${texts.next} (Enter)`}
        disabled={!present}
        onClick={() => setIndex(at + 1)}
      >
        <Icon name="down" />
      </Button>
      <input
        aria-label={texts.replaceWith}
        placeholder={texts.replaceWith}
        value={replacement}
        onChange={({ target }) => setReplacement(target.value)}
        onKeyDown={({ key }) => {
          if (key === "Enter") replace();
        }}
      />
      <Button disabled={!present} onClick={replace}>
        {texts.replace}
      </Button>
      <Button disabled={!present} onClick={replaceAll}>
        {texts.replaceAll}
      </Button>
      <Button className="quiet" aria-label={texts.close} title={`${texts.close} (Esc)`} onClick={onClose}>
        <Icon name="close" />
      </Button>
    </search>
  );
}
