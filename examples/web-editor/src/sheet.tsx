/** The sheet: a textarea that is typed in, over a copy of its text in which the tentative part is paler. */
import { Button, Icon } from "@stt/ui";
import { type RefObject, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import type { Editor, EditorView } from "./editor.js";
import { usePage } from "./page-context.js";
import { useFollow } from "./use-follow.js";

export interface SheetProps {
  editor: Editor;
  /** What scrolls. */
  scroller: RefObject<HTMLElement | null>;
  /** Words may come: the place where they will go is marked, also while the field is not focused. */
  isLive: boolean;
  /** Something else is shown in its place. */
  isHidden: boolean;
  spellLanguage: string | undefined;
}

export function Sheet({ editor, scroller, isLive, isHidden, spellLanguage }: SheetProps) {
  const { texts } = usePage();
  const view = useSyncExternalStore(editor.subscribe, editor.getSnapshot);
  const field = useRef<HTMLTextAreaElement>(null);
  const marker = useRef<HTMLSpanElement>(null);
  const [isFocused, setFocused] = useState(false);
  useEffect(() => editor.attach(field.current!), [editor]);
  useEffect(() => {
    // A field in focus opens the keyboard of a phone, over half of the page.
    if (!matchMedia("(pointer: coarse)").matches && !isHidden) editor.focus();
  }, [editor, isHidden]);
  const { missed, follow } = useFollow(scroller, marker, view.spoken);
  return (
    <>
      <div className="sheet">
        <Copy view={view} marker={marker} showsCaret={isLive && !isFocused} />
        <textarea
          ref={field}
          className="field"
          aria-label={texts.editor}
          placeholder={texts.placeholder}
          lang={spellLanguage}
          autoCapitalize="sentences"
          onFocus={() => setFocused(true)}
          onBlur={() => setFocused(false)}
        />
      </div>
      {missed && (
        <Button className="missed" onClick={follow}>
          <Icon name={missed === "below" ? "down" : "up"} />
          {missed === "below" ? texts.newTextBelow : texts.newTextAbove}
        </Button>
      )}
    </>
  );
}

interface CopyProps {
  view: EditorView;
  marker: RefObject<HTMLSpanElement | null>;
  showsCaret: boolean;
}

/** Lies under the field, whose own letters are transparent, and gives it its height. */
function Copy({ view, marker, showsCaret }: CopyProps) {
  const { text, tentative, spokenTo, caret } = view;
  const pieces = useMemo(() => cut(text, tentative, spokenTo ?? caret, caret), [text, tentative, spokenTo, caret]);
  return (
    <div className="copy" aria-hidden="true">
      {pieces.map(({ from, to, isTentative }) => (
        <span key={from} className={isTentative ? "tentative" : undefined}>
          {from === caret && showsCaret && <span className="caret" />}
          {from === (spokenTo ?? caret) && <span ref={marker} className="marker" />}
          {text.slice(from, to)}
        </span>
      ))}
      {/* A last line that is empty has no height of its own. */}
      {"\u200b"}
    </div>
  );
}

interface Piece {
  from: number;
  to: number;
  isTentative: boolean;
}

/** The text in pieces, cut where tentative text begins or ends, at the marker and at the caret. */
function cut(text: string, tentative: EditorView["tentative"], ...places: number[]): Piece[] {
  const cuts = new Set([0, text.length, ...places, ...tentative.flatMap(({ from, to }) => [from, to])]);
  const sorted = [...cuts].sort((a, b) => a - b);
  return sorted.map((from, i) => ({
    from,
    to: sorted[i + 1] ?? from,
    isTentative: tentative.some((range) => range.from <= from && from < range.to),
  }));
}
