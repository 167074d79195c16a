import { SttError } from "@stt/core";
import type { FramedMessage, MessageFramer } from "../tcp/tcp-socket.js";

/** Kinds of messages of Asterisk's AudioSocket (https://docs.asterisk.org/Configuration/Channel-Drivers/AudioSocket/). */
export const AudioSocketKind = {
  HANGUP: 0x00,
  ID: 0x01,
  DTMF: 0x03,
  /** 16-bit little-endian mono at 8 kHz. The kinds behind it have higher rates: see {@link rateOf}. */
  AUDIO: 0x10,
  ERROR: 0xff,
} as const;

const HEAD_BYTES = 3;
const NO_BYTES = Buffer.alloc(0);
/** By kind, from 0x10 on; Hz. */
const RATES = [8000, 12_000, 16_000, 24_000, 32_000, 44_100, 48_000, 96_000, 192_000];

/** Sample rate of a kind of audio, Hz; undefined for what is no audio. */
export function rateOf(kind: number): number | undefined {
  return RATES[kind - AudioSocketKind.AUDIO];
}

/** A message for Asterisk. */
export function audioSocketMessage(kind: number, payload: Uint8Array = NO_BYTES): Buffer {
  const head = Buffer.from([kind, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([head, payload]);
}

/** Cuts a connection into messages: a kind, a length of two bytes, a payload. */
export class AudioSocketFramer implements MessageFramer {
  #pending: Buffer = NO_BYTES;

  push(bytes: Buffer): FramedMessage[] {
    this.#pending = this.#pending.length > 0 ? Buffer.concat([this.#pending, bytes]) : bytes;
    const messages: FramedMessage[] = [];
    while (this.#pending.length >= HEAD_BYTES) {
      const kind = this.#pending[0]!;
      const isAudio = rateOf(kind) !== undefined;
      if (!isAudio && !Object.values<number>(AudioSocketKind).includes(kind)) {
        throw new SttError("bad_message", `There is no message of the kind 0x${kind.toString(16)}.`);
      }
      const length = HEAD_BYTES + this.#pending.readUInt16BE(1);
      if (this.#pending.length < length) break;
      messages.push({ data: this.#pending.subarray(0, length), isAudio });
      this.#pending = this.#pending.subarray(length);
    }
    return messages;
  }
}
