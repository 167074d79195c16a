/** Asks for a key, and says what was wrong with the one before. */
import { Button, Icon } from "@stt/ui";
import { type FormEvent, useState } from "react";
import type { Connection } from "./feed.js";
import { usePage } from "./page-context.js";

export function SignIn({ refusal }: { refusal: Extract<Connection, { phase: "refused" }> }) {
  const { texts, signIn } = usePage();
  const [key, setKey] = useState("");
  const problem = refusal.status === 403 ? texts.keyNotAdmin : refusal.keyGiven ? texts.keyUnknown : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (key.trim() !== "") signIn(key.trim());
  };
  return (
    <main className="sign-in">
      <form onSubmit={submit}>
        {problem && (
          <p className="problem" role="alert">
            <Icon name="warning" /> <span>{problem}</span>
          </p>
        )}
        <label htmlFor="key">{texts.keyLabel}</label>
        <div className="row">
          <input
            id="key"
            type="password"
            autoComplete="current-password"
            // biome-ignore lint/a11y/noAutofocus: there is nothing else to do on this page
            autoFocus
            value={key}
            onChange={({ target }) => setKey(target.value)}
          />
          <Button type="submit" className="primary">
            {texts.signIn}
          </Button>
        </div>
        <p className="hint">{texts.keyKept}</p>
      </form>
    </main>
  );
}
