/** Text frames to messages and back. Parsing is strict on both sides; a peer's mistake becomes a sentence, not a crash. */
import type * as z from "zod/mini";
import { SttError, type SttErrorCode } from "../errors.js";
import { type ClientMessage, clientMessageSchema, type ServerMessage, serverMessageSchema } from "./messages.js";
import { PROTOCOL_VERSION } from "./version.js";

const CLIENT_TYPES = ["start", "update", "finalize", "cancel", "stop", "ping"];
/** Characters of a peer's text that an error sentence repeats. */
const MAX_EXCERPT = 60;

/** Writes a message as a text frame. What is `undefined` is left out. */
export function encodeMessage(message: ClientMessage | ServerMessage): string {
  return JSON.stringify(message);
}

/**
 * Reads a text frame of a client. Fields that are not known are dropped: a newer client may send more.
 *
 * @throws SttError `bad_message` (not JSON, unknown type, a field out of range) or `unsupported_protocol`, with a sentence that
 * names the field, what it is and what it may be.
 */
export function decodeClientMessage(text: string): ClientMessage {
  const value = parseObject(text, "bad_message");
  const type = value.type;
  if (typeof type !== "string" || !CLIENT_TYPES.includes(type)) {
    const found = type === undefined ? "no type" : `the unknown type ${quote(type)}`;
    throw new SttError("bad_message", `A message has ${found}; known types are ${CLIENT_TYPES.join(", ")}.`);
  }
  if (type === "start" && value.protocol !== PROTOCOL_VERSION) {
    const found = value.protocol === undefined ? "no protocol version" : `protocol version ${quote(value.protocol)}`;
    throw new SttError(
      "unsupported_protocol",
      `The message "start" names ${found}; this server speaks version ${PROTOCOL_VERSION}.`,
    );
  }
  const result = clientMessageSchema.safeParse(value);
  if (!result.success) throw new SttError("bad_message", describe(type, value, result.error));
  return result.data;
}

/**
 * Reads a text frame of a server.
 *
 * @returns the message, or `undefined` when its type is unknown: a newer server may send more, and an older client ignores it.
 * @throws SttError `protocol_error` when the frame is no message, or a known message is malformed.
 */
export function decodeServerMessage(text: string): ServerMessage | undefined {
  const value = parseObject(text, "protocol_error");
  if (typeof value.type !== "string") {
    throw new SttError("protocol_error", `A message of the server has no type: ${quote(value)}.`);
  }
  const result = serverMessageSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  if (issue?.path.length === 1 && issue.path[0] === "type") return undefined;
  throw new SttError("protocol_error", describe(value.type, value, result.error));
}

function parseObject(text: string, code: SttErrorCode): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SttError(code, `A text frame is not valid JSON: ${excerpt(text)}.`, { cause });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new SttError(code, `A text frame is not a JSON object: ${excerpt(text)}.`);
  }
  return value as Record<string, unknown>;
}

function describe(type: string, value: unknown, error: z.core.$ZodError): string {
  const issue = error.issues[0];
  if (!issue) return `The message "${type}" is not valid.`;
  let found = value;
  for (const key of issue.path) found = (found as Record<PropertyKey, unknown> | undefined)?.[key];
  const field = issue.path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  return `In the message "${type}", ${field.replace(/^\./, "") || "the message"} ${state(found, issue)}; it must ${allowed(issue)}.`;
}

/** What the field is. The size of a text or list that is too large says more than its beginning. */
function state(found: unknown, issue: z.core.$ZodIssue): string {
  if (found === undefined) return "is missing";
  if (issue.code === "too_big" && typeof found === "string") return `has ${found.length} characters`;
  if (issue.code === "too_big" && Array.isArray(found)) return `has ${found.length} entries`;
  return `is ${quote(found)}`;
}

/** What the field may be, after "it must". */
function allowed(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `be ${TYPE_NAMES[issue.expected] ?? issue.expected}`;
    case "too_small":
      return `be at least ${issue.minimum}`;
    case "too_big":
      return issue.origin === "string" || issue.origin === "array"
        ? `have at most ${issue.maximum}`
        : `be at most ${issue.maximum}`;
    case "invalid_value":
      return `be ${issue.values.map((value) => JSON.stringify(value)).join(" or ")}`;
    case "invalid_union":
      return `be ${issue.errors.map((branch) => branch.map(allowed).join(", ").replace(/^be /, "")).join(" or ")}`;
    default:
      // Messages of our own schemas are written to fit.
      return issue.message.replace(/^must /, "");
  }
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  object: "an object",
  array: "a list",
  string: "a string",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
};

function quote(value: unknown): string {
  return excerpt(JSON.stringify(value));
}

function excerpt(text: string): string {
  if (text === "") return "it is empty";
  return text.length > MAX_EXCERPT ? `${text.slice(0, MAX_EXCERPT)}...` : text;
}
