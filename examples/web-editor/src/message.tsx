/** What was just done, and how to take it back. */
import { Button } from "@stt/ui";
import { usePage } from "./page-context.js";

export interface MessageText {
  text: string;
  undo?: () => void;
  /** Something else that may be done about it now. */
  action?: { label: string; run(): void };
}

export function Message({ message }: { message: MessageText | null }) {
  const { texts } = usePage();
  if (message === null) return null;
  return (
    <div className="message" role="status">
      <span className="tabular">{message.text}</span>
      {message.action && <Button onClick={message.action.run}>{message.action.label}</Button>}
      {message.undo && <Button onClick={message.undo}>{texts.undo}</Button>}
    </div>
  );
}
