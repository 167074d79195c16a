import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.js";
import { openDraft } from "./draft.js";
import { Editor } from "./editor.js";
import "@stt/ui/styles.css";
import "./styles.css";

const draft = await openDraft();
const editor = new Editor(draft.text);

// The last moment at which a phone lets a page do anything.
document.addEventListener("visibilitychange", () => draft.flush());
window.addEventListener("pagehide", () => draft.flush());

createRoot(document.getElementById("app")!).render(
  <StrictMode>
    <App editor={editor} draft={draft} />
  </StrictMode>,
);
