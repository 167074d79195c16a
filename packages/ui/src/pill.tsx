/** A state in one word, with its sign and colour. */
import { Icon, type IconName } from "./icon.js";

export type Tone = "calm" | "live" | "busy" | "bad";

/** What a state looks like. */
export interface Look {
  icon: IconName;
  tone: Tone;
}

export function Pill({ icon, tone, children }: Look & { children: string }) {
  return (
    <span className={`pill pill-${tone}`}>
      <Icon name={icon} />
      <span className="tabular">{children}</span>
    </span>
  );
}
