import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.js";
import { openDraft } from "./draft.js";
import { Editor } from "./editor.js";
import { PREFERENCES } from "./preferences.js";
import { LOAD_TEXTS } from "./texts/index.js";
import "@stt/ui/styles.css";
import "./styles/fonts.css";
import "./styles/page.css";
import "./styles/sheet.css";
import "./styles/record.css";
import "./styles/dock.css";
import "./styles/panels.css";

const [draft, texts] = await Promise.all([openDraft(), LOAD_TEXTS[PREFERENCES.load().locale]()]);
const editor = new Editor(draft.text);

// The last moment at which a phone lets a page do anything.
document.addEventListener("visibilitychange", () => draft.flush());
window.addEventListener("pagehide", () => draft.flush());

createRoot(document.getElementById("app")!).render(
  <StrictMode>
    <App editor={editor} draft={draft} texts={texts} />
  </StrictMode>,
);

// For when the server cannot be reached. After everything that the page needs now.
if (import.meta.env.PROD && "serviceWorker" in navigator) {
  const register = () => void navigator.serviceWorker.register("./sw.js").catch(() => {});
  if (document.readyState === "complete") register();
  else window.addEventListener("load", register);
}
