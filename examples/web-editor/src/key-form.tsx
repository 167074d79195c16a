import { Button } from "@stt/ui";
import { type FormEvent, useState } from "react";
import { usePage } from "./page-context.js";

/** A server with keys asks for one; it goes into the WebSocket's handshake and never into an address. */
export function KeyForm({ onKey }: { onKey(): void }) {
  const { texts, preferences, prefer } = usePage();
  const [key, setKey] = useState(preferences.key ?? "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    prefer({ key: key.trim() });
    // The microphone has to be opened first, and by then the client knows the key.
    onKey();
  };
  return (
    <form className="key" onSubmit={submit}>
      <input
        type="password"
        autoComplete="current-password"
        aria-label={texts.key}
        placeholder={texts.key}
        value={key}
        onChange={(event) => setKey(event.target.value)}
      />
      <Button type="submit" disabled={key.trim() === ""}>
        {texts.useKey}
      </Button>
    </form>
  );
}
