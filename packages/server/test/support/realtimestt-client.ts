import { once } from "node:events";
import { expect, vi } from "vitest";
import { WebSocket } from "ws";
import type { BoundPorts } from "../../src/index.js";
import { readSample } from "./wav.js";

/** A message of a data socket. */
export interface DataMessage {
  type: string;
  text?: string;
  audio_bytes_base64?: string;
}

/** A reply of a control socket. */
export interface Reply {
  status: "success" | "error";
  message?: string;
  parameter?: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects
  value?: any;
  request_id?: number | string;
  command?: string;
  warning?: string;
}

/** `u32 LE metadata length | metadata | PCM`, the metadata as Python's `json.dumps` writes it unless told otherwise. */
export function dataFrame(pcm: Uint8Array, metadata: string | Uint8Array): Buffer {
  const json = Buffer.from(metadata);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.byteLength);
  return Buffer.concat([length, json, pcm]);
}

export function metadataOf(sampleRate: number | string): string {
  return `{"sampleRate": ${sampleRate}}`;
}

/** 16-bit PCM of a recording of `samples/` at another rate, by cubic interpolation: the same bytes on every machine. */
export function pcmAt(name: string, rate: number): Buffer {
  const samples = readSample(`${name}.wav`);
  const length = Math.floor((samples.length * rate) / 16_000);
  const pcm = Buffer.alloc(2 * length);
  for (let i = 0; i < length; i++) {
    const at = (i * 16_000) / rate;
    const left = Math.floor(at);
    const value = cubic(samples, left, at - left);
    pcm.writeInt16LE(Math.max(-32_768, Math.min(32_767, Math.round(32_768 * value))), 2 * i);
  }
  return pcm;
}

/** Catmull-Rom spline between samples `left` and `left + 1`. */
function cubic(samples: Float32Array, left: number, t: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = [samples[left - 1], samples[left], samples[left + 1], samples[left + 2]];
  return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}

/** The frames of some PCM; the last is shorter. */
export function framesOf(pcm: Buffer, chunkSamples: number, metadata: string): Buffer[] {
  const frames: Buffer[] = [];
  for (let at = 0; at < pcm.length; at += 2 * chunkSamples)
    frames.push(dataFrame(pcm.subarray(at, at + 2 * chunkSamples), metadata));
  return frames;
}

export function silence(ms: number, rate = 16_000): Buffer {
  return Buffer.alloc(2 * Math.round((ms * rate) / 1000));
}

/** One of the two sockets, which remembers what came. */
export class WireSocket<Message> {
  readonly messages: Message[] = [];
  /** The messages as they came. */
  readonly texts: string[] = [];
  closed: { code: number; reason: string } | undefined;

  private constructor(readonly socket: WebSocket) {
    socket.on("message", (data) => {
      this.texts.push(String(data));
      this.messages.push(JSON.parse(String(data)) as Message);
    });
    socket.on("close", (code, reason) => {
      this.closed = { code, reason: String(reason) };
    });
    socket.on("error", () => {});
  }

  static async open<Message>(port: number, headers: Record<string, string> = {}): Promise<WireSocket<Message>> {
    const wire = new WireSocket<Message>(new WebSocket(`ws://127.0.0.1:${port}`, { headers }));
    await once(wire.socket, "open");
    return wire;
  }

  send(message: string | Uint8Array): void {
    this.socket.send(message);
  }

  async next(match: (message: Message) => boolean, timeout = 10_000): Promise<Message> {
    await vi.waitFor(() => expect(this.messages.some(match), JSON.stringify(this.messages).slice(0, 500)).toBe(true), {
      timeout,
      interval: 5,
    });
    return this.messages.find(match)!;
  }

  async ended(): Promise<{ code: number; reason: string }> {
    await vi.waitFor(() => expect(this.closed).toBeDefined(), { timeout: 10_000, interval: 5 });
    return this.closed!;
  }

  close(): void {
    this.socket.terminate();
  }
}

/**
 * Behaves as RealtimeSTT's Python client does on the wire: a control socket that is only tried out, then control and data at the
 * same time, then two parameters; a `get_parameter` waits up to five seconds for the reply with its number.
 */
export class RealtimeSttClient {
  /** What the original client prints when a message has a type that it does not know. */
  readonly complaints: string[] = [];
  #nextRequest = 1;

  private constructor(
    readonly control: WireSocket<Reply>,
    readonly data: WireSocket<DataMessage>,
  ) {}

  static async connect(
    ports: Pick<BoundPorts, "controlPort" | "dataPort">,
    { language = "", first = "control" as "control" | "data", headers = {} as Record<string, string> } = {},
  ): Promise<RealtimeSttClient> {
    const tried = await WireSocket.open(ports.controlPort, headers);
    tried.socket.close();
    await tried.ended();
    const openControl = () => WireSocket.open<Reply>(ports.controlPort, headers);
    const openData = () => WireSocket.open<DataMessage>(ports.dataPort, headers);
    let control: WireSocket<Reply>;
    let data: WireSocket<DataMessage>;
    if (first === "control") {
      control = await openControl();
      data = await openData();
    } else {
      data = await openData();
      control = await openControl();
    }
    const client = new RealtimeSttClient(control, data);
    data.socket.on("message", (raw) => {
      const { type } = JSON.parse(String(raw)) as DataMessage;
      if (!KNOWN_TYPES.has(type)) client.complaints.push(type);
    });
    client.post({ command: "set_parameter", parameter: "language", value: language });
    client.post({ command: "set_parameter", parameter: "wake_word_activation_delay", value: 20 });
    return client;
  }

  post(command: object): void {
    this.control.send(JSON.stringify(command));
  }

  /** Sends a command with a number and waits for its reply. */
  async ask(command: object): Promise<Reply> {
    const id = this.#nextRequest++;
    this.post({ ...command, request_id: id });
    return this.control.next(({ request_id }) => request_id === id, 5000);
  }

  async get(parameter: string): Promise<unknown> {
    return (await this.ask({ command: "get_parameter", parameter })).value;
  }

  set(parameter: string, value: unknown): Promise<Reply> {
    return this.ask({ command: "set_parameter", parameter, value });
  }

  call(method: string): Promise<Reply> {
    return this.ask({ command: "call_method", method, args: [], kwargs: {} });
  }

  sendPcm(pcm: Buffer, rate: number | string = 16_000, chunk = 1024): void {
    for (const frame of framesOf(pcm, chunk, metadataOf(rate))) this.data.send(frame);
  }

  /** Waits until the server has taken in so much audio of its only session. */
  async heard(ms: number): Promise<void> {
    await vi.waitFor(
      async () => {
        const { value } = await this.ask({ command: "sessions" });
        expect(value).toHaveLength(1);
        expect(value[0].audioMs).toBeGreaterThanOrEqual(ms);
      },
      { timeout: 10_000, interval: 5 },
    );
  }

  /** Sentences so far. */
  get sentences(): string[] {
    return this.data.messages.flatMap(({ type, text }) => (type === "fullSentence" ? (text ?? "") : []));
  }

  /** Types of the messages so far, repeated ones once. */
  get course(): string[] {
    const types = this.data.messages.map(({ type }) => type);
    return types.filter((type, i) => type !== types[i - 1]);
  }

  async type(type: string, count = 1, timeout = 10_000): Promise<void> {
    await vi.waitFor(
      () =>
        expect(this.data.messages.filter((message) => message.type === type).length, type).toBeGreaterThanOrEqual(
          count,
        ),
      { timeout, interval: 5 },
    );
  }

  close(): void {
    this.control.close();
    this.data.close();
  }
}

const KNOWN_TYPES = new Set([
  "realtime",
  "fullSentence",
  "recording_start",
  "recording_stop",
  "transcription_start",
  "vad_detect_start",
  "vad_detect_stop",
  "start_turn_detection",
  "stop_turn_detection",
  "wakeword_detected",
  "wakeword_detection_start",
  "wakeword_detection_end",
]);
