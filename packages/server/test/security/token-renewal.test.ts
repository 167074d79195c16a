import { describe, expect, it } from "vitest";
import { recording } from "../support/recordings.js";
import { bearer, KeyFile, later } from "../support/secure-server.js";
import { stream } from "../support/stream-client.js";
import { createTestServer } from "../support/test-server.js";

describe("a client with a token function", () => {
  it("speaks on through the ends of its tokens, and not a word is lost", async () => {
    const file = await KeyFile.create();
    const key = await file.add("app");
    const { server, url, http } = await createTestServer({ apiKeysFile: file.path });
    later(() => server.close());
    const speech = recording("ru_08");
    const uncut = await stream(url, speech, { token: key, language: "ru", partials: false });

    let tokens = 0;
    const token = async () => {
      tokens += 1;
      const body = JSON.stringify({ ttlSeconds: 2 });
      const answer = await fetch(`${http}/v1/tokens`, { method: "POST", headers: bearer(key), body });
      return ((await answer.json()) as { token: string }).token;
    };
    const cut = await stream(url, speech, { token, pace: 1, language: "ru", partials: false });
    expect(uncut.text).not.toBe("");
    expect(tokens).toBeGreaterThan(1);
    expect(cut.text).toBe(uncut.text);
    expect(cut.finals.map(({ utterance }) => utterance)).toEqual(uncut.finals.map(({ utterance }) => utterance));
  }, 120_000);
});
