/** Signs, drawn in the colour of the text around them. Every one stands beside a word or has one as its label. */

const PATHS = {
  wave: "M4 10v4M8 7v10M12 4v16M16 8v8M20 10v4",
  dots: "M5 12a1 1 0 1 0 2 0a1 1 0 1 0-2 0m6 0a1 1 0 1 0 2 0a1 1 0 1 0-2 0m6 0a1 1 0 1 0 2 0a1 1 0 1 0-2 0",
  check: "M5 12.5l4.5 4.5L19 7.5",
  pause: "M9 6v12M15 6v12",
  play: "M8 5.5v13l10.5-6.5z",
  stop: "M7 7h10v10H7z",
  record: "M12 5a7 7 0 1 0 0 14a7 7 0 0 0 0-14z",
  loop: "M19 12a7 7 0 1 1-2.2-5.1M19 4v4h-4",
  microphone:
    "M12 3.5a2.7 2.7 0 0 0-2.7 2.7v5.2a2.7 2.7 0 0 0 5.4 0V6.2A2.7 2.7 0 0 0 12 3.5zM6.5 11.5a5.5 5.5 0 0 0 11 0M12 17v3.5",
  blocked: "M12 4a8 8 0 1 0 0 16a8 8 0 0 0 0-16zM6.5 6.5l11 11",
  warning: "M12 4.5L21 19.5H3zM12 10v4.5M12 17.2h.01",
  clock: "M12 4a8 8 0 1 0 0 16a8 8 0 0 0 0-16zM12 7.5V12l3 2",
  undo: "M8.5 5.5L4.5 9.5l4 4M4.5 9.5H14a5 5 0 0 1 0 10h-3",
  redo: "M15.5 5.5l4 4-4 4M19.5 9.5H10a5 5 0 0 0 0 10h3",
  copy: "M9 9h10v11H9zM5 15V4h10",
  clear: "M5 7h14M10 7V4.5h4V7M7 7l1 13h8l1-13",
  file: "M7 3.5h7l4 4v13H7zM14 3.5v4h4",
  export: "M12 15V4M8 8l4-4 4 4M5 14v6h14v-6",
  sun: "M12 8a4 4 0 1 0 0 8a4 4 0 0 0 0-8zM12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6L7 7M17 17l1.4 1.4M5.6 18.4L7 17M17 7l1.4-1.4",
  moon: "M19 14.5A7.5 7.5 0 0 1 9.5 5a7.5 7.5 0 1 0 9.5 9.5z",
  system: "M12 4a8 8 0 1 0 0 16zM12 4a8 8 0 0 1 0 16",
  drain: "M12 4v11M7 10.5l5 5 5-5M5 20h14",
  unplugged: "M5 5l14 14M9 4v4M15 4v4M6.5 8.5h11v3a5.5 5.5 0 0 1-11 0zM12 17v4",
  down: "M12 5v14M6 13l6 6 6-6",
  up: "M12 19V5M6 11l6-6 6 6",
  find: "M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13zM15.5 15.5L20 20",
  history: "M4.5 12a7.5 7.5 0 1 0 2.2-5.3M4.5 4v4h4M12 8v4.5l3 1.5",
  book: "M12 6.5C10 5 7 4.5 4 5v13c3-.5 6 0 8 1.5 2-1.5 5-2 8-1.5V5c-3-.5-6 0-8 1.5zM12 6.5v13",
  sliders: "M4 7h9M17 7h3M15 4.8v4.4M4 17h3M11 17h9M9 14.8v4.4",
  help: "M12 4a8 8 0 1 0 0 16a8 8 0 0 0 0-16zM9.8 9.6a2.2 2.2 0 1 1 3.2 2c-.7.4-1 .9-1 1.7M12 16.2h.01",
  insert: "M12 4v9M8 9.5l4 4 4-4M5 19h14",
  plus: "M12 5v14M5 12h14",
  close: "M6 6l12 12M18 6L6 18",
} as const;

export type IconName = keyof typeof PATHS;

/** Signs that are surfaces, not lines. */
const FILLED: ReadonlySet<IconName> = new Set(["play", "stop", "record"]);

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className={FILLED.has(name) ? "icon icon-filled" : "icon"} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
      {name === "system" && <path d="M12 4a8 8 0 0 1 0 16z" fill="currentColor" />}
    </svg>
  );
}
