import { assertNever, joinText } from "@stt/core";
import type { SessionEvent } from "../../session/events.js";
import type { CallEventBody } from "./call-events.js";
import type { CallHub } from "./call-hub.js";

export interface CallOptions {
  /** As the telephone system names it. */
  id: string;
  wire: string;
  principal: string;
  parameters?: Record<string, string>;
  ignored?: string[];
}

/** One call, told to those who listen to its text. */
export class Call {
  readonly #hub: CallHub;
  readonly #options: CallOptions;
  #sequence = 0;
  #text = "";
  #isOver = false;

  constructor(hub: CallHub, options: CallOptions) {
    const { wire, parameters = {}, ignored = [] } = options;
    this.#hub = hub;
    this.#options = options;
    this.#tell({ type: "call_start", wire, parameters, ...(ignored.length > 0 && { ignored }) });
  }

  onEvent(event: SessionEvent): void {
    switch (event.type) {
      case "partial": {
        const { utterance, committed, tentative, startMs, endMs, language } = event;
        const text = joinText(committed, tentative, language);
        this.#tell({ type: "partial", utterance, text, startMs, endMs, language });
        return;
      }
      case "final": {
        const { utterance, text, startMs, endMs, language, confidence, words } = event;
        this.#text = joinText(this.#text, text, language);
        this.#tell({
          type: "final",
          utterance,
          text,
          startMs,
          endMs,
          language,
          confidence,
          ...(words && { words }),
        });
        return;
      }
      case "speech_start":
      case "speech_end":
      case "silence_start":
      case "silence_end":
      case "utterance_audio":
      case "discarded":
      case "turn":
      case "progress":
      case "warning":
      case "error":
      case "end":
        return;
      default:
        assertNever(event);
    }
  }

  pressed(digit: string, atMs: number): void {
    this.#tell({ type: "dtmf", digit, atMs });
  }

  /** The call is over. Further calls do nothing. @param audioMs what came of it */
  end(audioMs: number): void {
    if (this.#isOver) return;
    this.#tell({ type: "call_end", text: this.#text, audioMs: Math.round(audioMs) });
    this.#isOver = true;
  }

  #tell(body: CallEventBody): void {
    if (this.#isOver) return;
    const { id, principal } = this.#options;
    const event = { ...body, call: id, sequence: this.#sequence++, at: new Date().toISOString() };
    this.#hub.publish(principal, event);
  }
}
