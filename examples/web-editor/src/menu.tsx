/** A button that opens a few more. */
import { Button, Icon, type IconName } from "@stt/ui";
import { useEffect, useRef, useState } from "react";

export interface MenuItem {
  label: string;
  isDisabled: boolean;
  onChoose(): void;
}

export interface MenuProps {
  icon: IconName;
  label: string;
  items: readonly MenuItem[];
  /** A sentence under the items. */
  note?: string | undefined;
  /** There is room below it. @default false */
  opensDown?: boolean;
}

export function Menu({ icon, label, items, note, opensDown = false }: MenuProps) {
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!isOpen) return;
    const scope = new AbortController();
    const leave = ({ target }: Event) => {
      if (!root.current?.contains(target as Node)) setOpen(false);
    };
    const { signal } = scope;
    document.addEventListener("pointerdown", leave, { signal });
    document.addEventListener("focusin", leave, { signal });
    document.addEventListener(
      "keydown",
      ({ key }) => {
        if (key !== "Escape") return;
        setOpen(false);
        if (root.current?.contains(document.activeElement)) opener.current?.focus();
      },
      { signal },
    );
    // The keyboard's place goes into the menu if it was at its button; a click leaves it where it was.
    if (document.activeElement === opener.current)
      root.current?.querySelector<HTMLElement>(".menu-items button:enabled")?.focus();
    return () => scope.abort();
  }, [isOpen]);
  return (
    <div className="menu" ref={root}>
      <Button className="tool" ref={opener} aria-expanded={isOpen} title={label} onClick={() => setOpen(!isOpen)}>
        <Icon name={icon} />
        <span>{label}</span>
      </Button>
      {isOpen && (
        <div className={opensDown ? "menu-items menu-items-down" : "menu-items"}>
          {items.map((item) => (
            <Button
              key={item.label}
              disabled={item.isDisabled}
              onClick={() => {
                setOpen(false);
                if (root.current?.contains(document.activeElement)) opener.current?.focus();
                item.onChoose();
              }}
            >
              {item.label}
            </Button>
          ))}
          {note && <p>{note}</p>}
        </div>
      )}
    </div>
  );
}
