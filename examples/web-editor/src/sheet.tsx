/** The page that is written on: a textarea that is typed in, over a copy of its text that shows what is tentative. */
import type { TextRange } from "@stt/core/document";
import { Button, Icon } from "@stt/ui";
import { type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import type { Editor, EditorView } from "./editor.js";
import { usePage } from "./page-context.js";
import { piecesOf } from "./text/pieces.js";
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
  /** What is looked for, and which of it is the present one. */
  found: readonly TextRange[];
  present: TextRange | undefined;
}

export function Sheet({ editor, scroller, isLive, isHidden, spellLanguage, found, present }: SheetProps) {
  const { texts } = usePage();
  const view = useSyncExternalStore(editor.subscribe, editor.getSnapshot);
  const field = useRef<HTMLTextAreaElement>(null);
  const marker = useRef<HTMLSpanElement>(null);
  const [isFocused, setFocused] = useState(false);
  // Before it is painted: a field without its text would be seen, and read.
  useLayoutEffect(() => editor.attach(field.current!), [editor]);
  useEffect(() => {
    // A field in focus opens the keyboard of a phone, over half of the page.
    if (!matchMedia("(pointer: coarse)").matches && !isHidden) editor.focus();
  }, [editor, isHidden]);
  const { missed, follow } = useFollow(scroller, marker, view.spoken);
  return (
    <>
      <div className="sheet">
        <Copy view={view} marker={marker} showsCaret={isLive && !isFocused} found={found} present={present} />
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

interface CopyProps extends Pick<SheetProps, "found" | "present"> {
  view: EditorView;
  marker: RefObject<HTMLSpanElement | null>;
  showsCaret: boolean;
}

const NONE: TextRange[] = [];

/** Lies under the field, whose own letters are transparent, and gives it its height. */
function Copy({ view, marker, showsCaret, found, present }: CopyProps) {
  const { marksDoubt } = usePage().preferences;
  const { text, tentative, spokenTo, caret } = view;
  const doubtful = marksDoubt ? view.doubtful : NONE;
  const pieces = useMemo(
    () =>
      piecesOf(text, { tentative, doubtful, found, present: present ? [present] : NONE }, [spokenTo ?? caret, caret]),
    [text, tentative, doubtful, found, present, spokenTo, caret],
  );
  return (
    <div className="copy" aria-hidden="true">
      {pieces.map(({ from, to, marks }) => (
        <span key={from} className={marks || undefined}>
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
