/** Where one is, how much is written, and what else there is. */
import { Button, fill, Icon, type IconName, PageControls } from "@stt/ui";
import { useDeferredValue, useMemo } from "react";
import { usePage } from "./page-context.js";
import type { PanelName } from "./panels/panels.js";
import { countWords } from "./text/count-words.js";

export interface PageHeaderProps {
  text: string;
  panel: PanelName | null;
  onPanel(panel: PanelName | null): void;
}

const PANELS: readonly { name: PanelName; icon: IconName; keys?: string }[] = [
  { name: "history", icon: "history" },
  { name: "dictionary", icon: "book" },
  { name: "settings", icon: "sliders" },
  { name: "help", icon: "help", keys: "?" },
];

export function PageHeader({ text, panel, onPanel }: PageHeaderProps) {
  const { texts, locale } = usePage();
  const settled = useDeferredValue(text);
  const words = useMemo(() => countWords(settled), [settled]);
  const numbers = new Intl.NumberFormat(locale);
  return (
    <header className="page-header">
      <h1>{texts.title}</h1>
      <p
        className="counts tabular"
        title={fill(texts.counts, { words: numbers.format(words), characters: numbers.format([...settled].length) })}
      >
        {words > 0 && fill(texts.words, { words: numbers.format(words) })}
      </p>
      <nav className="page-nav">
        {PANELS.map(({ name, icon, keys }) => (
          <Button
            key={name}
            className="quiet"
            aria-label={texts[name]}
            aria-expanded={panel === name}
            title={keys ? `${texts[name]} (${keys})` : texts[name]}
            onClick={() => onPanel(panel === name ? null : name)}
          >
            <Icon name={icon} />
          </Button>
        ))}
      </nav>
      <PageControls />
    </header>
  );
}
