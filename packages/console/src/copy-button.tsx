/** Something to paste elsewhere. */
import { Button, Icon } from "@stt/ui";
import { useEffect, useState } from "react";
import { usePage } from "./page-context.js";

/** How long it says that it did. */
const DONE_MS = 2000;

export interface CopyButtonProps {
  text: string;
  /** @default the text itself */
  label?: string;
  /** @default that it is copied */
  hint?: string;
}

export function CopyButton({ text, label, hint }: CopyButtonProps) {
  const { texts } = usePage();
  const [isDone, setDone] = useState(false);
  useEffect(() => {
    if (!isDone) return;
    const timer = setTimeout(() => setDone(false), DONE_MS);
    return () => clearTimeout(timer);
  }, [isDone]);
  return (
    <Button className="copy" title={hint ?? texts.copy} onClick={() => void writeText(text).then(setDone)}>
      <Icon name={isDone ? "check" : "copy"} />
      {label ?? <span className="mono">{text}</span>}
      <span className="visually-hidden" role="status">
        {isDone ? texts.copied : ""}
      </span>
    </Button>
  );
}

/** @returns whether it is there now */
async function writeText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text);
  }
}

/** Where a page has no clipboard, being served over plain http by another machine. */
function copySelected(text: string): boolean {
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  const isDone = document.execCommand("copy");
  field.remove();
  return isDone;
}
