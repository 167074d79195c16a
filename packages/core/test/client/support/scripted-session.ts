/** The server's half of the native wire, as simple as can be: an utterance is a fixed number of samples. */
import {
  type AudioFormat,
  type ClientMessage,
  type ClientMessageOf,
  decodeAudioFrame,
  decodeClientMessage,
  encodeMessage,
  type ServerMessage,
} from "../../../src/index.js";

/** How the scripted server behaves; tests change it at any time. */
export interface Script {
  /** @default 1000 */
  utteranceSamples: number;
  maxFrameBytes: number;
  maxBufferedMs: number;
  /** Answer `start` with `ready`. */
  sendReady: boolean;
  /** Acknowledge audio as it arrives. */
  sendAcks: boolean;
  sendPartials: boolean;
  /** Answer `stop` with `end` and a close. */
  sendEnd: boolean;
  sendPongs: boolean;
}

export const DEFAULT_SCRIPT: Script = {
  utteranceSamples: 1000,
  maxFrameBytes: 65_544,
  maxBufferedMs: 30_000,
  sendReady: true,
  sendAcks: true,
  sendPartials: true,
  sendEnd: true,
  sendPongs: true,
};

export interface SessionWire {
  send(text: string): void;
  close(code: number, reason: string): void;
}

/** One session. What the client did wrong is in `violations`; a test expects it to be empty. */
export class ScriptedSession {
  readonly received: ClientMessage[] = [];
  readonly violations: string[] = [];
  start: ClientMessageOf<"start"> | undefined;
  /** Offset after the last sample received. */
  receivedSamples = 0;
  finalizedSamples = 0;
  frames = 0;
  private utterance = 0;
  private revision = 0;
  private format: AudioFormat | undefined;
  private speaking = false;

  constructor(
    readonly script: Script,
    private readonly wire: SessionWire,
  ) {}

  receive(data: string | Uint8Array): void {
    if (typeof data !== "string") {
      this.audio(data);
      return;
    }
    const message = decodeClientMessage(data);
    this.received.push(message);
    switch (message.type) {
      case "start":
        this.begin(message);
        return;
      case "ping":
        if (this.script.sendPongs) this.send({ type: "pong", id: message.id });
        return;
      case "finalize":
        this.finalize();
        return;
      case "cancel":
        this.finalizedSamples = this.receivedSamples;
        this.speaking = false;
        this.utterance++;
        this.ack();
        return;
      case "stop":
        this.finalize();
        this.ack();
        if (!this.script.sendEnd) return;
        this.send({ type: "end", audioMs: 0, utterances: this.utterance });
        this.wire.close(1000, "done");
    }
  }

  send(message: ServerMessage): void {
    this.wire.send(encodeMessage(message));
  }

  /** A final for what has come in since the last one, saying which samples it covers. */
  finalize(): void {
    if (this.receivedSamples > this.finalizedSamples) this.final(this.receivedSamples);
  }

  ack(): void {
    const { receivedSamples, finalizedSamples } = this;
    this.send({ type: "ack", receivedSamples, finalizedSamples });
  }

  private begin(message: ClientMessageOf<"start">): void {
    if (this.start) this.violations.push("start came twice");
    this.start = message;
    this.format = message.audio;
    this.receivedSamples = message.resume?.fromSample ?? 0;
    this.finalizedSamples = message.resume?.finalizedSamples ?? this.receivedSamples;
    this.utterance = message.resume?.nextUtterance ?? 0;
    if (this.script.sendReady) this.sendReady();
  }

  sendReady(): void {
    this.send({
      type: "ready",
      protocol: 1,
      sessionId: this.start?.resume?.sessionId ?? "session-1",
      model: "scripted",
      realtimeModel: "scripted",
      device: "cpu",
      resumed: this.start?.resume !== undefined,
      receivedSamples: this.receivedSamples,
      limits: { maxFrameBytes: this.script.maxFrameBytes, maxBufferedMs: this.script.maxBufferedMs },
    });
  }

  private audio(bytes: Uint8Array): void {
    if (!this.format) {
      this.violations.push("audio before start");
      return;
    }
    if (bytes.byteLength > this.script.maxFrameBytes) this.violations.push(`a frame of ${bytes.byteLength} bytes`);
    const frame = decodeAudioFrame(bytes, this.format);
    this.frames++;
    if (frame.offset > this.receivedSamples) {
      this.violations.push(`a gap from ${this.receivedSamples} to ${frame.offset}`);
    }
    this.receivedSamples = Math.max(this.receivedSamples, frame.offset + frame.samples);
    if (this.script.sendPartials) this.partial();
    while (this.receivedSamples - this.finalizedSamples >= this.script.utteranceSamples) {
      this.final(this.finalizedSamples + this.script.utteranceSamples);
    }
    if (this.script.sendAcks) this.ack();
  }

  private partial(): void {
    const startMs = this.ms(this.finalizedSamples);
    if (!this.speaking) {
      this.speaking = true;
      this.revision = 0;
      this.send({ type: "speech_start", utterance: this.utterance, atMs: startMs });
    }
    this.send({
      type: "partial",
      utterance: this.utterance,
      revision: this.revision++,
      committed: `${this.finalizedSamples}-`,
      tentative: `${this.receivedSamples}?`,
      startMs,
      endMs: this.ms(this.receivedSamples),
      language: "en",
    });
  }

  private final(to: number): void {
    const from = this.finalizedSamples;
    this.finalizedSamples = to;
    if (this.speaking) this.send({ type: "speech_end", utterance: this.utterance, atMs: this.ms(to) });
    this.speaking = false;
    this.send({
      type: "final",
      utterance: this.utterance++,
      text: `${from}-${to}`,
      startMs: this.ms(from),
      endMs: this.ms(to),
      finalizedSamples: to,
      language: "en",
      confidence: 0.9,
      ...(this.start?.words
        ? { words: [{ text: `${from}-${to}`, startMs: this.ms(from), endMs: this.ms(to), confidence: 0.9 }] }
        : {}),
    });
  }

  private ms(samples: number): number {
    return (samples / (this.format?.sampleRate ?? 16_000)) * 1000;
  }
}
