/** Fields that carry secrets wherever they stand. Wildcards reach one level: what is logged is flat. */
const SECRET_FIELDS = [
  "authorization",
  "cookie",
  '["sec-websocket-protocol"]',
  "token",
  "key",
  "apiKey",
  "apiKeys",
  "tokenSecret",
  "sttToken",
];

/** Paths of pino's `redact`. */
export const REDACTED_PATHS = SECRET_FIELDS.flatMap((field) =>
  ["", "*", "headers", "*.headers"].map((parent) =>
    parent === "" ? field : field.startsWith("[") ? `${parent}${field}` : `${parent}.${field}`,
  ),
);

/** What replaces a secret. */
export const REDACTED = "[secret]";

/** A backslash stays: it belongs to the JSON around. Shorter words than a key can be are examples. */
const SECRET_TEXT =
  /\bstt_[\w-]{43}|\beyJ[\w-]+\.[\w-]+\.[\w-]+|(?<=\bbearer +)[^\s"\\,]{16,}|(?<=\b(?:stt\.bearer|openai-insecure-api-key)\.)[^\s"\\,]{16,}/gi;

/**
 * Takes our keys, tokens and what follows "Bearer" out of a line that is about to be written. Nobody should put them there;
 * a library's error message, for one, does not ask.
 */
export function withoutSecrets(line: string): string {
  return line.replace(SECRET_TEXT, REDACTED);
}
