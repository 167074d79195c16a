import { randomUUID } from "node:crypto";
import {
  type AudioFormat,
  assertNever,
  CloseCode,
  type HypothesisWord,
  isSttError,
  joinText,
  type SttError,
} from "@stt/core";
import type { WebSocket } from "ws";
import { AudioInput, unreadable } from "../../http/deepgram/audio-input.js";
import { seconds } from "../../http/deepgram/deepgram-words.js";
import type { SessionEvent, SessionEventOf } from "../../session/events.js";
import { SessionSocket, type SocketContext } from "../socket/session-socket.js";
import type { Wire } from "../socket/wire.js";
import type { ConnectionRequest } from "../websocket-endpoint.js";
import { closeCodeOf } from "./deepgram-refusal.js";
import { liveWords } from "./live-words.js";
import { changedThresholds, readTurnCommand, type TurnCommand } from "./turn-commands.js";
import { type TurnEventName, type TurnInfo, type TurnMessage, type TurnWord, turnWord } from "./turn-messages.js";
import { endpointingOf, type TurnOptions, type TurnThresholds } from "./turn-options.js";

/** A list of key terms at its limit fits several times. */
const MAX_TEXT_BYTES = 65_536;

/** From which probability on the model is what ended a turn, where the client names none: Deepgram's own. */
const DEFAULT_THRESHOLD = 0.7;

/** The turn that is open: one utterance. */
interface Turn {
  readonly utterance: number;
  startMs: number;
  text: string;
  language: string;
  endMs: number;
  heard: readonly HypothesisWord[];
}

/** Deepgram's wire of `/v2/listen`: one socket, one session, told as the turns of a conversation. */
export class TurnConnection implements Wire<TurnMessage> {
  readonly name = "deepgram-turns";
  readonly maxTextBytes = MAX_TEXT_BYTES;
  readonly #socket: SessionSocket<TurnMessage>;
  readonly #options: TurnOptions;
  readonly #input: AudioInput;
  readonly #requestId = randomUUID();
  #thresholds: TurnThresholds;
  #keyterms: readonly string[];
  #hints: readonly string[] | undefined;
  #format: AudioFormat | undefined;
  #sentSamples = 0;
  #sequence = 0;
  #turnIndex = 0;
  #turn: Turn | undefined;
  /** `EagerEndOfTurn` went out, and nothing has followed it. */
  #isEager = false;
  /** That the speaker has finished, by how his last words were said; undefined where nobody was asked. */
  #probability: number | undefined;
  /** Utterances that end because the client said so. */
  #forced = -1;

  constructor(webSocket: WebSocket, request: ConnectionRequest, context: SocketContext, options: TurnOptions) {
    this.#options = options;
    this.#thresholds = options.thresholds;
    this.#keyterms = options.keyterms;
    this.#hints = options.session.languages;
    this.#input = new AudioInput(options.audio);
    this.#socket = new SessionSocket(webSocket, request, context, this);
    this.#socket.send({ type: "Connected" });
    for (const { parameter, type, message } of options.warnings) {
      this.sendWarning(`OPTION_${type.toUpperCase()}`, `${parameter}: ${message}`);
    }
    if (options.audio) this.#socket.enqueue(() => this.#open());
  }

  /** Every message has a number, and the id of the connection. */
  encode({ type, ...rest }: TurnMessage): string {
    return JSON.stringify({ type, request_id: this.#requestId, sequence_id: this.#sequence++, ...rest });
  }

  onMessage(data: Buffer, isBinary: boolean): void | Promise<void> {
    if (isBinary) return this.#onAudio(data);
    let command: TurnCommand;
    try {
      command = readTurnCommand(data.toString("utf8"));
    } catch (error) {
      if (!isSttError(error) || error.code !== "invalid_argument") throw error;
      this.#socket.send({ type: "ConfigureFailure", code: "INVALID_CONFIGURATION", description: error.message });
      return;
    }
    return this.#carryOut(command);
  }

  onEvent(event: SessionEvent): void {
    switch (event.type) {
      case "partial":
        this.#onPartial(event);
        return;
      case "turn":
        this.#onTurn(event);
        return;
      case "final":
        this.#onFinal(event);
        return;
      case "discarded":
        this.#onDiscarded(event);
        return;
      case "error":
        if (event.fatal)
          this.#socket.send({ type: "Error", code: event.code.toUpperCase(), description: event.message });
        return;
      case "warning":
        this.sendWarning(event.code, event.message);
        return;
      case "speech_start":
      case "silence_start":
      case "silence_end":
      case "speech_end":
      case "utterance_audio":
      case "progress":
      case "end":
        return;
      default:
        assertNever(event);
    }
  }

  /** Flux ends a stream after a message that it does not understand, and so does this. */
  onError(error: SttError): void {
    this.#socket.end(error, closeCodeOf(error.code));
  }

  sendReason({ code, message }: SttError): void {
    this.#socket.send({ type: "Error", code: code.toUpperCase(), description: message });
  }

  sendWarning(code: string, message: string): void {
    this.#socket.send({ type: "Warning", code: code.toUpperCase(), description: message });
  }

  async #open(): Promise<void> {
    this.#format = this.#input.format!;
    await this.#socket.open({ format: this.#format, options: this.#options.session });
  }

  #onAudio(data: Buffer): void | Promise<void> {
    const { pcm, samples } = this.#decode(data);
    if (this.#format) return this.#push(pcm, samples);
    if (this.#input.format) return this.#open().then(() => this.#push(pcm, samples));
  }

  #decode(data: Buffer) {
    try {
      return this.#input.decode(data);
    } catch (error) {
      throw isSttError(error) ? unreadable(error) : error;
    }
  }

  #push(pcm: Uint8Array, samples: number): void {
    if (samples === 0) return;
    this.#socket.session?.push({ offset: this.#sentSamples, pcm, samples });
    this.#sentSamples += samples;
  }

  #carryOut(command: TurnCommand): void {
    switch (command.type) {
      case "KeepAlive":
        return;
      case "ForceEndTurn":
        this.#forced = this.#turn?.utterance ?? -1;
        this.#socket.session?.finalize();
        return;
      case "CloseStream":
        if (this.#socket.session) {
          this.#socket.stop();
          return;
        }
        this.#socket.close(CloseCode.NORMAL, "done");
        return;
      case "Configure":
        this.#configure(command);
        return;
      default:
        assertNever(command);
    }
  }

  #configure({ thresholds, keyterms, language_hints, numerals }: Extract<TurnCommand, { type: "Configure" }>): void {
    this.#thresholds = changedThresholds(this.#thresholds, thresholds);
    if (keyterms) this.#keyterms = typeof keyterms === "string" ? [keyterms] : keyterms;
    if (language_hints) this.#hints = language_hints;
    this.#socket.session?.update({
      endpointing: endpointingOf(this.#thresholds),
      ...(keyterms && { vocabulary: [...this.#keyterms] }),
      ...(language_hints && { languages: language_hints }),
      ...(typeof numerals === "boolean" && { numerals: numerals ? "figures" : "as_is" }),
    });
    this.#socket.send({
      type: "ConfigureSuccess",
      thresholds: this.#thresholds,
      keyterms: this.#keyterms,
      ...(this.#hints && { language_hints: this.#hints }),
      ...(typeof numerals === "boolean" && { numerals }),
    });
  }

  #onPartial({ utterance, committed, tentative, language, startMs, endMs, heard }: SessionEventOf<"partial">): void {
    const text = joinText(committed, tentative, language);
    if (text === "") return;
    const isNew = this.#turn?.utterance !== utterance;
    this.#turn = { utterance, startMs, endMs, text, language, heard };
    // The first word is what makes it a turn: a cough is none.
    if (isNew) this.#socket.send(this.#turnInfo("StartOfTurn"));
    else this.#socket.sendLatest(this.#turnInfo("Update"));
  }

  #onTurn({ event, utterance, text = "", probability, atMs }: SessionEventOf<"turn">): void {
    const { eager_eot_threshold: eager } = this.#thresholds;
    switch (event) {
      case "eager_end":
        if (eager === undefined || (probability ?? 1) < eager || text === "") return;
        this.#socket.dropLatest();
        this.#beginTurn({
          utterance,
          startMs: this.#turn?.startMs ?? atMs,
          endMs: atMs,
          text,
          language: this.#turn?.language ?? "",
          heard: this.#turn?.heard ?? [],
        });
        this.#isEager = true;
        this.#socket.send({ ...this.#turnInfo("EagerEndOfTurn"), end_of_turn_confidence: probability ?? 0 });
        return;
      case "resumed":
        if (this.#isEager) this.#socket.send(this.#turnInfo("TurnResumed"));
        this.#isEager = false;
        return;
      case "end":
        // Its words come with the final.
        this.#probability = probability;
        return;
      default:
        assertNever(event);
    }
  }

  /** The first word is what makes it a turn: a cough is none. */
  #beginTurn(turn: Turn): void {
    const isNew = this.#turn?.utterance !== turn.utterance;
    this.#turn = turn;
    if (isNew) this.#socket.send(this.#turnInfo("StartOfTurn"));
  }

  #onFinal({ utterance, text, language, startMs, endMs, words = [] }: SessionEventOf<"final">): void {
    this.#socket.dropLatest();
    const heard = words.length > 0 ? words : (this.#turn?.heard ?? []);
    this.#beginTurn({ utterance, startMs, endMs, text, language, heard });
    this.#endTurn(words.map(turnWord));
  }

  /** A turn that was told of and came to nothing ends empty. */
  #onDiscarded({ utterance }: SessionEventOf<"discarded">): void {
    this.#socket.dropLatest();
    if (this.#turn?.utterance !== utterance) return;
    this.#turn.text = "";
    this.#endTurn([]);
  }

  #endTurn(words: TurnWord[]): void {
    const probability = this.#probability;
    const { eot_threshold: threshold = DEFAULT_THRESHOLD } = this.#thresholds;
    const byModel = probability !== undefined && probability >= threshold;
    const trigger = this.#forced === this.#turn?.utterance ? "manual" : byModel ? "model" : "timeout";
    this.#socket.send({ ...this.#turnInfo("EndOfTurn"), words, end_of_turn_confidence: probability ?? 1, trigger });
    this.#turn = undefined;
    this.#isEager = false;
    this.#probability = undefined;
    this.#turnIndex += 1;
  }

  #turnInfo(event: TurnEventName): TurnInfo {
    const { startMs, endMs, text, language, heard } = this.#turn!;
    return {
      type: "TurnInfo",
      event,
      turn_index: this.#turnIndex,
      audio_window_start: seconds(startMs),
      audio_window_end: seconds(endMs),
      transcript: text,
      words: liveWords(text, heard, startMs, endMs).map(turnWord),
      end_of_turn_confidence: 0,
      ...(this.#options.multilingual && { languages: [language] }),
    };
  }
}
