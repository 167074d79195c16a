/** The client's events as LiveKit's: what an agent's session hears. */
import { createTimedString, normalizeLanguage, stt } from "@livekit/agents";
import { type ClientEvent, joinText, type ServerMessageOf } from "@stt/core";

const { SpeechEventType } = stt;

/** Of one stream; times are in seconds since its beginning. */
export class SpeechEvents {
  readonly #offset: () => number;
  readonly #wallClock: (atMs: number) => number;
  #requestId = "";
  #language = "";
  /** The utterance that is being spoken; undefined in silence. */
  #speaking: number | undefined;
  #shown: stt.SpeechEvent | undefined;

  /**
   * @param offset seconds before the first sample of this session
   * @param wallClock when audio of the session's timeline was heard, Unix time in milliseconds
   */
  constructor(offset: () => number, wallClock: (atMs: number) => number) {
    this.#offset = offset;
    this.#wallClock = wallClock;
  }

  /** What one event of the client means, in order; often nothing. */
  translate(event: ClientEvent): stt.SpeechEvent[] {
    switch (event.type) {
      case "ready":
        this.#requestId = event.sessionId;
        return [];
      case "speech_start": {
        const goesOn = this.#speaking !== undefined;
        this.#speaking = event.utterance;
        return goesOn ? [] : [{ type: SpeechEventType.START_OF_SPEECH, requestId: this.#requestId }];
      }
      case "partial":
        this.#language = event.language;
        this.#shown = this.#transcript(SpeechEventType.INTERIM_TRANSCRIPT, {
          ...event,
          text: joinText(event.committed, event.tentative, event.language),
        });
        return [this.#shown];
      case "turn":
        return this.#turn(event);
      case "final":
        this.#language = event.language;
        return [
          ...(event.text ? [this.#transcript(SpeechEventType.FINAL_TRANSCRIPT, event)] : []),
          ...(event.continues ? [] : this.#ended(event.utterance, event.endMs)),
        ];
      case "discarded":
        return this.#ended(event.utterance, event.atMs);
      default:
        return [];
    }
  }

  /** Nothing more comes of this session: who was speaking has stopped. */
  abandon(atMs: number): stt.SpeechEvent[] {
    return this.#speaking === undefined ? [] : this.#ended(this.#speaking, atMs);
  }

  usage(audioMs: number): stt.SpeechEvent {
    return {
      type: SpeechEventType.RECOGNITION_USAGE,
      requestId: this.#requestId,
      recognitionUsage: { audioDuration: audioMs / 1000 },
    };
  }

  #turn({ event, text, atMs }: ServerMessageOf<"turn">): stt.SpeechEvent[] {
    if (event === "resumed") return this.#shown ? [this.#shown] : [];
    // The text at the end is the final's, which follows at once.
    if (event === "end" || !text) return [];
    const startMs = this.#shown?.alternatives?.[0].startTime;
    const fields = { text, language: this.#language, endMs: atMs, startMs: atMs };
    const preflight = this.#transcript(SpeechEventType.PREFLIGHT_TRANSCRIPT, fields);
    if (startMs !== undefined) preflight.alternatives![0].startTime = startMs;
    return [preflight];
  }

  /** Somebody may be speaking again when the final of what he said before comes: then his speech has not ended. */
  #ended(utterance: number, endMs: number): stt.SpeechEvent[] {
    if (this.#speaking === undefined || utterance < this.#speaking) return [];
    this.#speaking = undefined;
    this.#shown = undefined;
    return [
      {
        type: SpeechEventType.END_OF_SPEECH,
        requestId: this.#requestId,
        speechEndTime: this.#wallClock(endMs),
      },
    ];
  }

  #transcript(
    type: stt.SpeechEventType,
    said: Pick<ServerMessageOf<"final">, "text" | "startMs" | "endMs" | "language"> &
      Partial<Pick<ServerMessageOf<"final">, "confidence" | "words">>,
  ): stt.SpeechEvent {
    const data = speechData(said, this.#offset());
    const ends = type === SpeechEventType.INTERIM_TRANSCRIPT ? {} : { speechEndTime: this.#wallClock(said.endMs) };
    return { type, requestId: this.#requestId, alternatives: [data], ...ends };
  }
}

/** @param said without `confidence` it is not known, and 0, as LiveKit has it @param offset seconds */
export function speechData(
  said: Pick<ServerMessageOf<"final">, "text" | "startMs" | "endMs" | "language"> &
    Partial<Pick<ServerMessageOf<"final">, "confidence" | "words">>,
  offset = 0,
): stt.SpeechData {
  const seconds = (ms: number) => ms / 1000 + offset;
  return {
    text: said.text,
    language: normalizeLanguage(said.language),
    startTime: seconds(said.startMs),
    endTime: seconds(said.endMs),
    confidence: said.confidence ?? 0,
    ...(said.words && {
      words: said.words.map(({ text, startMs, endMs, confidence }) =>
        createTimedString({
          text,
          startTime: seconds(startMs),
          endTime: seconds(endMs),
          confidence,
          startTimeOffset: offset,
        }),
      ),
    }),
  };
}
