/**
 * Reads the server's text frames without zod, which would be a third of what a browser has to load. The schemas in
 * `protocol/messages.ts` stay the definition: the types hold every field here to theirs, a test holds the outcomes.
 */

import {
  conforms,
  count,
  excerpt,
  type Field,
  flag,
  isObject,
  ms,
  number,
  oneOf,
  type Shape,
  text,
} from "../../callers/fields.js";
import { SttError } from "../../errors.js";
import type { FinalWord, ServerMessage, ServerMessageOf, SpokenCommand } from "../../protocol/messages.js";
import { PROTOCOL_VERSION } from "../../protocol/version.js";

type MessageShape<M> = Shape<Omit<M, "type">>;

const optionalFlag: Field<boolean> & { optional: true } = { ...flag, optional: true };

const WORD: Shape<FinalWord> = { text, startMs: ms, endMs: ms, confidence: number };
const LIMITS: Shape<ServerMessageOf<"ready">["limits"]> = { maxFrameBytes: count, maxBufferedMs: ms };

const words: Field<FinalWord[]> & { optional: true } = {
  expected: "a list of words with their times",
  optional: true,
  is: (value): value is FinalWord[] => Array.isArray(value) && value.every((word) => conforms(word, WORD)),
};
const COMMAND: Shape<SpokenCommand> = { command: text, text, startMs: ms, endMs: ms };
const commands: Field<SpokenCommand[]> & { optional: true } = {
  expected: "a list of commands with their times",
  optional: true,
  is: (value): value is SpokenCommand[] => Array.isArray(value) && value.every((each) => conforms(each, COMMAND)),
};
const optionalMs: Field<number> & { optional: true } = { ...ms, optional: true };
const limits: Field<ServerMessageOf<"ready">["limits"]> = {
  expected: "the limits of a session",
  is: (value): value is ServerMessageOf<"ready">["limits"] => conforms(value, LIMITS),
};

const SHAPES: { readonly [T in ServerMessage["type"]]: MessageShape<ServerMessageOf<T>> } = {
  ready: {
    protocol: oneOf(PROTOCOL_VERSION),
    sessionId: text,
    model: text,
    realtimeModel: text,
    device: oneOf("cpu", "cuda"),
    resumed: flag,
    receivedSamples: count,
    limits,
  },
  speech_start: { utterance: count, atMs: ms },
  speech_end: { utterance: count, atMs: ms },
  partial: {
    utterance: count,
    revision: count,
    committed: text,
    tentative: text,
    startMs: ms,
    endMs: ms,
    language: text,
  },
  final: {
    utterance: count,
    text,
    startMs: ms,
    endMs: ms,
    finalizedSamples: count,
    continues: optionalFlag,
    language: text,
    languageSettled: optionalFlag,
    confidence: number,
    words,
    commands,
  },
  discarded: { utterance: count, rule: text, message: text, atMs: ms },
  ack: { receivedSamples: count, finalizedSamples: count },
  warning: { code: text, message: text },
  error: { code: text, message: text, fatal: flag, retryAfterMs: optionalMs },
  goaway: { reason: text, resumeWithinMs: ms },
  end: { audioMs: ms, utterances: count },
  pong: { id: count },
};

/**
 * Reads a text frame of a server.
 *
 * @returns the message with the fields we know, or `undefined` when its type is unknown: a newer server may send more.
 * @throws SttError `protocol_error` when the frame is no message, or a known message is malformed.
 */
export function readServerMessage(frame: string): ServerMessage | undefined {
  const value = parse(frame);
  const { type } = value;
  if (typeof type !== "string") {
    throw new SttError("protocol_error", `A message of the server has no type: ${excerpt(frame)}.`);
  }
  if (!Object.hasOwn(SHAPES, type)) return undefined;
  const shape = SHAPES[type as ServerMessage["type"]] as Record<string, Field<unknown>>;
  const message: Record<string, unknown> = { type };
  for (const [key, field] of Object.entries(shape)) {
    const found = value[key];
    if (found === undefined && field.optional) continue;
    if (!field.is(found)) {
      const state = found === undefined ? "is missing" : `is ${excerpt(JSON.stringify(found))}`;
      throw new SttError("protocol_error", `In the message "${type}", ${key} ${state}; it must be ${field.expected}.`);
    }
    message[key] = found;
  }
  return message as ServerMessage;
}

function parse(frame: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(frame);
  } catch (cause) {
    throw new SttError("protocol_error", `A text frame is not valid JSON: ${excerpt(frame)}.`, { cause });
  }
  if (!isObject(value)) throw new SttError("protocol_error", `A text frame is not a JSON object: ${excerpt(frame)}.`);
  return value;
}
