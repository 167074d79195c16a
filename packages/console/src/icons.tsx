/** Signs, drawn in the colour of the text around them. Every one stands beside a word or has one as its label. */

const PATHS = {
  wave: "M4 10v4M8 7v10M12 4v16M16 8v8M20 10v4",
  check: "M5 12.5l4.5 4.5L19 7.5",
  dots: "M6 12h.01M12 12h.01M18 12h.01",
  pause: "M9 6v12M15 6v12",
  play: "M8 5.5v13l10.5-6.5z",
  stop: "M7 7h10v10H7z",
  microphone:
    "M12 3.5a2.7 2.7 0 0 0-2.7 2.7v5.2a2.7 2.7 0 0 0 5.4 0V6.2A2.7 2.7 0 0 0 12 3.5zM6.5 11.5a5.5 5.5 0 0 0 11 0M12 17v3.5",
  warning: "M12 4.5L21 19.5H3zM12 10v4.5M12 17.2h.01",
  drain: "M12 4v11M7 10.5l5 5 5-5M5 20h14",
  unplugged: "M5 5l14 14M9 4v4M15 4v4M6.5 8.5h11v3a5.5 5.5 0 0 1-11 0zM12 17v4",
  sun: "M12 8a4 4 0 1 0 0 8a4 4 0 0 0 0-8zM12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6L7 7M17 17l1.4 1.4M5.6 18.4L7 17M17 7l1.4-1.4",
  moon: "M19 14.5A7.5 7.5 0 0 1 9.5 5a7.5 7.5 0 1 0 9.5 9.5z",
  system: "M12 4a8 8 0 1 0 0 16zM12 4a8 8 0 0 1 0 16",
} as const;

export type IconName = keyof typeof PATHS;

/** Signs that are surfaces, not lines. */
const FILLED: ReadonlySet<IconName> = new Set(["play", "stop"]);

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className={FILLED.has(name) ? "icon icon-filled" : "icon"} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
