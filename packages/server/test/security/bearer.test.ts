import { describe, expect, it } from "vitest";
import { bearerOf } from "../../src/security/bearer.js";

describe("a bearer token", () => {
  it.each([
    ["Bearer abc", "abc"],
    ["bearer   abc ", "abc"],
    ["Token abc", "abc"],
    ["token abc", "abc"],
    ["Basic YWJj", undefined],
    ["Bearer", undefined],
    ["Bearer ", undefined],
    ["Bearer a b", undefined],
  ])("is read from Authorization: %s", (authorization, token) => {
    expect(bearerOf({ authorization })).toBe(token);
  });

  it.each([
    ["stt.v1, stt.bearer.abc", "abc"],
    ["realtime,openai-insecure-api-key.sk-1.2", "sk-1.2"],
    ["realtime, openai-insecure-api-key.", undefined],
    ["token, abc", "abc"],
    ["bearer,a.b.c", "a.b.c"],
    ["token,", undefined],
    ["token", undefined],
    ["stt.v1, token, abc", undefined],
    ["stt.v1", undefined],
    ["", undefined],
  ])("is read from the subprotocols %s", (offered, token) => {
    expect(bearerOf({ "sec-websocket-protocol": offered })).toBe(token);
  });

  it("is that of Authorization when both are there", () => {
    expect(bearerOf({ authorization: "Bearer one", "sec-websocket-protocol": "stt.bearer.two" })).toBe("one");
  });

  it("is absent without either", () => {
    expect(bearerOf({})).toBeUndefined();
  });
});
