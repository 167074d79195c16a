/** What the server is taught: words to expect, and what is written instead of what is said. */
import { type KeyboardEvent, useId, useState } from "react";
import { Panel } from "../panels/panel.js";
import { usePanel } from "../panels/use-panel.js";
import { ReplacementsTab } from "./replacements-tab.js";
import { WordsTab } from "./words-tab.js";
import "../styles/words.css";

type TabName = "words" | "replacements";

const TABS: readonly TabName[] = ["words", "replacements"];

export default function WordsPanel({ onClose }: { onClose(): void }) {
  const { texts } = usePanel();
  const [shown, setShown] = useState<TabName>("words");
  const id = useId();
  const labels = { words: texts.wordsTab, replacements: texts.replacements };
  const turn = ({ key, currentTarget }: KeyboardEvent<HTMLElement>) => {
    if (key !== "ArrowLeft" && key !== "ArrowRight") return;
    const other = shown === "words" ? "replacements" : "words";
    setShown(other);
    currentTarget.querySelector<HTMLElement>(`[data-tab=${other}]`)?.focus();
  };
  return (
    <Panel title={texts.dictionary} onClose={onClose}>
      <div className="tabs" role="tablist" aria-label={texts.dictionary} onKeyDown={turn}>
        {TABS.map((tab) => (
          <button
            key={tab}
            type="button"
            role="tab"
            id={`${id}${tab}`}
            data-tab={tab}
            aria-selected={shown === tab}
            aria-controls={`${id}shown`}
            tabIndex={shown === tab ? 0 : -1}
            onClick={() => setShown(tab)}
          >
            {labels[tab]}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}shown`} aria-labelledby={`${id}${shown}`}>
        {shown === "words" ? <WordsTab /> : <ReplacementsTab />}
      </div>
    </Panel>
  );
}
