import { SttError } from "@stt/core";
import type { FramedMessage, MessageFramer } from "../tcp/tcp-socket.js";

/** One event as it stands on the wire: a line of JSON, more JSON behind it, and bytes behind that. */
export interface WyomingEvent {
  type: string;
  data: Record<string, unknown>;
  payload: Buffer;
}

const NEWLINE = 0x0a;
/** Bytes of a line, and of the data behind it. */
const MAX_JSON_BYTES = 65_536;
const AUDIO = "audio-chunk";
const NO_BYTES = Buffer.alloc(0);

/** Where the pieces of an event lie in its bytes. */
interface Head {
  type: string;
  data: Record<string, unknown>;
  lineBytes: number;
  dataBytes: number;
  payloadBytes: number;
}

/** Cuts a connection into Wyoming's events (https://github.com/OHF-Voice/wyoming). */
export class WyomingFramer implements MessageFramer {
  readonly #maxPayloadBytes: number;
  #pending: Buffer = NO_BYTES;
  /** Of the event whose bytes are still coming. */
  #head: Head | undefined;

  constructor(maxPayloadBytes: number) {
    this.#maxPayloadBytes = maxPayloadBytes;
  }

  push(bytes: Buffer): FramedMessage[] {
    this.#pending = this.#pending.length > 0 ? Buffer.concat([this.#pending, bytes]) : bytes;
    const messages: FramedMessage[] = [];
    for (;;) {
      this.#head ??= readHead(this.#pending);
      if (!this.#head) break;
      const { type, lineBytes, dataBytes, payloadBytes } = this.#head;
      if (payloadBytes > this.#maxPayloadBytes) {
        throw new SttError(
          "too_large",
          `A payload has ${payloadBytes} bytes; this server takes at most ${this.#maxPayloadBytes} (MAX_FRAME_BYTES).`,
        );
      }
      const length = lineBytes + dataBytes + payloadBytes;
      if (this.#pending.length < length) break;
      messages.push({ data: this.#pending.subarray(0, length), isAudio: type === AUDIO });
      this.#pending = this.#pending.subarray(length);
      this.#head = undefined;
    }
    return messages;
  }
}

/** Reads an event that {@link WyomingFramer} cut out. @throws SttError `bad_message` */
export function readWyomingEvent(bytes: Buffer): WyomingEvent {
  const head = readHead(bytes)!;
  const { type, lineBytes, dataBytes } = head;
  const more = dataBytes > 0 ? readObject(bytes.subarray(lineBytes, lineBytes + dataBytes)) : {};
  return { type, data: { ...head.data, ...more }, payload: bytes.subarray(lineBytes + dataBytes) };
}

/** @returns what is to be sent */
export function encodeWyomingEvent(type: string, data: object = {}): string {
  const text = JSON.stringify(data);
  const line = { type, version: "1.8.0", ...(text !== "{}" && { data_length: Buffer.byteLength(text) }) };
  return `${JSON.stringify(line)}\n${text === "{}" ? "" : text}`;
}

/** @returns undefined while the line is not complete */
function readHead(bytes: Buffer): Head | undefined {
  const end = bytes.indexOf(NEWLINE);
  if (end < 0 ? bytes.length > MAX_JSON_BYTES : end > MAX_JSON_BYTES) {
    throw new SttError("too_large", `A line is longer than ${MAX_JSON_BYTES} bytes.`);
  }
  if (end < 0) return undefined;
  const line = readObject(bytes.subarray(0, end));
  const { type, data = {} } = line;
  if (typeof type !== "string") throw new SttError("bad_message", 'An event has no "type".');
  if (!isObject(data)) throw new SttError("bad_message", 'The "data" of an event is no object.');
  const dataBytes = lengthOf(line, "data_length");
  if (dataBytes > MAX_JSON_BYTES) {
    throw new SttError(
      "too_large",
      `The data of an event have ${dataBytes} bytes; at most ${MAX_JSON_BYTES} are taken.`,
    );
  }
  return { type, data, lineBytes: end + 1, dataBytes, payloadBytes: lengthOf(line, "payload_length") };
}

function lengthOf(line: Record<string, unknown>, name: string): number {
  const value = line[name] ?? 0;
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw new SttError("bad_message", `"${name}" is no length.`);
}

function readObject(bytes: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    throw new SttError("bad_message", "A line is not valid JSON.", { cause });
  }
  if (isObject(value)) return value;
  throw new SttError("bad_message", "A line is no JSON object.");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
