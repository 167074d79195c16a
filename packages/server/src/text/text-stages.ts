import { formatStage, spacesStage } from "./format-stage.js";
import { rulesStage } from "./rules-stage.js";
import { shownFormStage } from "./shown-form-stage.js";
import type { LiveText, TextContext, TextPiece, TextStage } from "./text-stage.js";

/** In the order in which they run. */
const STAGES: readonly TextStage[] = [shownFormStage, spacesStage, rulesStage, formatStage];

/** All stages over a final. */
export function workOnFinal<T extends TextPiece>(pieces: readonly T[], context: TextContext): T[] {
  return STAGES.reduce<T[]>((done, stage) => stage.final(done, context), [...pieces]);
}

/** All stages over live text. */
export function workOnLive(text: LiveText, context: TextContext): LiveText {
  return STAGES.reduce((done, stage) => stage.live(done, context), text);
}
