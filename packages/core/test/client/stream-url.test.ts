import { describe, expect, it } from "vitest";
import { normalizeStreamUrl } from "../../src/index.js";

describe("the address of a server", () => {
  it.each([
    ["ws://localhost:8012", "ws://localhost:8012/v1/stream"],
    ["http://localhost:8012/", "ws://localhost:8012/v1/stream"],
    ["https://example.org/stt", "wss://example.org/stt/v1/stream"],
    ["wss://example.org/stt/", "wss://example.org/stt/v1/stream"],
    ["wss://example.org/a/b.c", "wss://example.org/a/b.c/v1/stream"],
    ["wss://example.org/stt/v1/stream", "wss://example.org/stt/v1/stream"],
    ["wss://example.org/stt/v1/stream/", "wss://example.org/stt/v1/stream"],
    ["ws://localhost:8012/v1/stream?a=b", "ws://localhost:8012/v1/stream?a=b"],
    ["wss://example.org/stt?a=b", "wss://example.org/stt/v1/stream?a=b"],
  ])("%s is %s", (given, url) => {
    expect(normalizeStreamUrl(given)).toBe(url);
  });

  it.each(["localhost:8012", "ftp://localhost", "ws:///v1/stream", "ws://host name"])("%s is none", (given) => {
    expect(() => normalizeStreamUrl(given)).toThrow(expect.objectContaining({ code: "invalid_argument" }));
  });
});
