/** A drawer over the right edge: one at a time, closed by Escape. Speech goes on meanwhile. */
import { Button, Icon } from "@stt/ui";
import { type ReactNode, useEffect, useRef } from "react";
import { usePage } from "../page-context.js";

export interface PanelProps {
  title: string;
  onClose(): void;
  children: ReactNode;
}

export function Panel({ title, onClose, children }: PanelProps) {
  const { texts } = usePage();
  const root = useRef<HTMLElement>(null);
  useEffect(() => {
    root.current?.focus({ preventScroll: true });
  }, []);
  return (
    <section
      ref={root}
      className="panel"
      tabIndex={-1}
      aria-label={title}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.defaultPrevented) return;
        event.stopPropagation();
        onClose();
      }}
    >
      <header>
        <h2>{title}</h2>
        <Button className="quiet" aria-label={texts.close} title={`${texts.close} (Esc)`} onClick={onClose}>
          <Icon name="close" />
        </Button>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard. */}
      <div className="panel-body" tabIndex={0}>
        {children}
      </div>
    </section>
  );
}
