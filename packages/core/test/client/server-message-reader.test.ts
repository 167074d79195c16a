import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readServerMessage } from "../../src/client/connection/server-message-reader.js";
import { decodeServerMessage, type ServerMessage } from "../../src/index.js";

const folder = new URL("../fixtures/server/", import.meta.url);
const golden = readdirSync(folder).map((name) => JSON.parse(readFileSync(new URL(name, folder), "utf8")));

/** What no field should be, or what some field may be: one of them breaks every field. */
const VALUES = [undefined, null, "", "x", -1, 0, 1.5, 2, true, [], {}, [{}], [{ text: "a", startMs: 0, endMs: 1 }]];

function verdict(read: (frame: string) => ServerMessage | undefined, frame: string): unknown {
  try {
    return read(frame) ?? "unknown";
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe("the client's reader of server messages", () => {
  it.each(golden.map((message) => [message.type, message]))(
    "says of every change to %s what the schema says",
    (_, message) => {
      const frames = [JSON.stringify({ ...message, fromTheFuture: 1 })];
      for (const key of Object.keys(message)) {
        for (const value of VALUES) frames.push(JSON.stringify({ ...message, [key]: value }));
        if (typeof message[key] !== "object" || message[key] === null) continue;
        for (const inner of Object.keys(message[key]))
          for (const value of VALUES) {
            const changed = Array.isArray(message[key])
              ? message[key].map((entry: object) => ({ ...entry, text: value }))
              : { ...message[key], [inner]: value };
            frames.push(JSON.stringify({ ...message, [key]: changed }));
          }
      }
      for (const frame of frames)
        expect(verdict(readServerMessage, frame), frame).toEqual(verdict(decodeServerMessage, frame));
    },
  );

  it.each([
    ["", "A text frame is not valid JSON: ."],
    ["[1]", "A text frame is not a JSON object: [1]."],
    ['{"x":1}', 'A message of the server has no type: {"x":1}.'],
    ['{"type":"pong"}', 'In the message "pong", id is missing; it must be a whole number of at least 0.'],
    ['{"type":"pong","id":-1}', 'In the message "pong", id is -1; it must be a whole number of at least 0.'],
  ])("explains %s", (frame, sentence) => {
    expect(() => readServerMessage(frame)).toThrow(sentence);
  });

  it.each(["constructor", "__proto__", "toString", "from_the_future"])("ignores the unknown type %s", (type) => {
    expect(readServerMessage(JSON.stringify({ type }))).toBeUndefined();
  });
});
