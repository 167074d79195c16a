/** The drawers by name. Each is loaded when it is first opened. */
import { lazy, Suspense } from "react";
import type { Command } from "../commands.js";

export type PanelName = "history" | "dictionary" | "settings" | "help";

const HistoryPanel = lazy(() => import("../history/history-panel.js"));
const WordsPanel = lazy(() => import("../words/words-panel.js"));
const SettingsPanel = lazy(() => import("../settings/settings-panel.js"));
const HelpPanel = lazy(() => import("../palette/help-panel.js"));

export interface PanelsProps {
  panel: PanelName | null;
  commands: readonly Command[];
  onInsert(text: string): void;
  onSaved(name: string): void;
  onClose(): void;
}

export function Panels({ panel, commands, onInsert, onSaved, onClose }: PanelsProps) {
  return (
    <Suspense fallback={null}>
      {panel === "history" && <HistoryPanel onInsert={onInsert} onSaved={onSaved} onClose={onClose} />}
      {panel === "dictionary" && <WordsPanel onClose={onClose} />}
      {panel === "settings" && <SettingsPanel onClose={onClose} />}
      {panel === "help" && <HelpPanel commands={commands} onClose={onClose} />}
    </Suspense>
  );
}
