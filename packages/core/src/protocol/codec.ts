/** Text frames to messages and back. Parsing is strict on both sides; a peer's mistake becomes a sentence, not a crash. */
import type * as z from "zod/mini";
import { SttError } from "../errors.js";
import { type ClientMessage, clientMessageSchema, type ServerMessage, serverMessageSchema } from "./messages.js";
import { PROTOCOL_VERSION } from "./version.js";

const CLIENT_TYPES = ["start", "update", "finalize", "cancel", "stop", "ping"];

export function encodeMessage(message: ClientMessage | ServerMessage): string {
  return JSON.stringify(message);
}

/**
 * @throws SttError `bad_message` (not JSON, unknown type, a field out of range) or `unsupported_protocol`.
 */
export function decodeClientMessage(text: string): ClientMessage {
  const value = parseObject(text);
  const type = value.type;
  if (typeof type !== "string" || !CLIENT_TYPES.includes(type)) {
    throw new SttError(
      "bad_message",
      `A message has the type ${quote(type)}; known types are ${CLIENT_TYPES.join(", ")}.`,
    );
  }
  if (type === "start" && value.protocol !== PROTOCOL_VERSION) {
    throw new SttError(
      "unsupported_protocol",
      `The client speaks protocol version ${quote(value.protocol)}; this server speaks version ${PROTOCOL_VERSION}.`,
    );
  }
  const result = clientMessageSchema.safeParse(value);
  if (!result.success) throw new SttError("bad_message", describe(type, value, result.error));
  return result.data;
}

/**
 * @returns the message, or `undefined` when its type is unknown: a newer server may send more, and an older client ignores it.
 * @throws SttError `protocol_error` when a known message is malformed.
 */
export function decodeServerMessage(text: string): ServerMessage | undefined {
  const value = parseObject(text);
  const result = serverMessageSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  if (issue?.path.length === 1 && issue.path[0] === "type") return undefined;
  throw new SttError("protocol_error", describe(String(value.type), value, result.error));
}

function parseObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SttError("bad_message", `A text frame is not valid JSON: ${quote(text)}.`, { cause });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new SttError("bad_message", `A text frame is not a JSON object: ${quote(text)}.`);
  }
  return value as Record<string, unknown>;
}

function describe(type: string, value: unknown, error: z.core.$ZodError): string {
  const issue = error.issues[0];
  if (!issue) return `The message "${type}" is not valid.`;
  let found = value;
  for (const key of issue.path) found = (found as Record<PropertyKey, unknown> | undefined)?.[key];
  const where = issue.path.length > 0 ? issue.path.join(".") : "the message";
  return `In the message "${type}", ${where} is ${quote(found)}: ${allowed(issue)}.`;
}

function allowed(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `expected ${issue.expected}`;
    case "too_small":
      return `must be at least ${issue.minimum}`;
    case "too_big":
      return `must be at most ${issue.maximum}`;
    case "invalid_value":
      return `must be ${issue.values.map((v) => JSON.stringify(v)).join(" or ")}`;
    case "invalid_union":
      return `must be ${issue.errors.map((e) => e.map(allowed).join(", ").replace(/^must be /, "")).join(" or ")}`;
    default:
      return issue.message;
  }
}

function quote(value: unknown): string {
  if (value === undefined) return "missing";
  const text = typeof value === "string" ? JSON.stringify(value) : String(JSON.stringify(value));
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
