/** The page's root: how it speaks, and a session that can be begun anew. */
import { PageSettingsContext } from "@stt/ui";
import { useCallback, useState } from "react";
import type { Draft } from "./draft.js";
import type { Editor } from "./editor.js";
import { Page } from "./page.js";
import { PageContextValue, useEditorPage } from "./page-context.js";
import type { Texts } from "./texts/index.js";

export interface AppProps {
  editor: Editor;
  draft: Draft;
  /** Of the language that is remembered. */
  texts: Texts;
}

export function App({ texts, ...props }: AppProps) {
  const page = useEditorPage(texts);
  const [session, setSession] = useState({ number: 0, begins: true });
  const renew = useCallback((begins: boolean) => setSession(({ number }) => ({ number: number + 1, begins })), []);
  return (
    <PageSettingsContext value={page}>
      <PageContextValue value={page}>
        <Page key={session.number} {...props} begins={session.begins} onRenew={renew} />
      </PageContextValue>
    </PageSettingsContext>
  );
}
