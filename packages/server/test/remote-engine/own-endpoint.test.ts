import { wordErrorRate } from "@stt/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recording } from "../support/recordings.js";
import { stream } from "../support/stream-client.js";
import { createTestServer, type TestServer } from "../support/test-server.js";

let decoding: TestServer;
const fronts: TestServer[] = [];

beforeAll(async () => {
  decoding = await createTestServer();
});

afterAll(async () => {
  for (const front of fronts) await front.server.close();
  await decoding.server.close();
});

/** A server that decodes nothing itself but, if it likes, live text. */
async function front(config: Parameters<typeof createTestServer>[0]): Promise<TestServer> {
  const remote = { engine: "remote", remoteUrl: `${decoding.http}/v1`, remoteModel: "whisper-1" } as const;
  const server = await createTestServer({ ...remote, ...config });
  fronts.push(server);
  return server;
}

describe("a server whose finals are decoded by another of its kind", { timeout: 60_000 }, () => {
  it("gives the text, the words and the confidence of the other, and live text of its own model", async () => {
    const { url, server } = await front({ realtimeModelType: "micro" });
    expect(server.diagnostics()).toMatchObject({ final: { name: "remote" }, partial: { name: "whisper.cpp" } });
    const { text, finals, partials } = await stream(url, recording("en_01"), { language: "en", words: true, pace: 1 });
    expect(wordErrorRate(recording("en_01").text, text).rate).toBeLessThan(0.2);
    expect(finals[0]!.words!.length).toBeGreaterThan(3);
    expect(finals[0]!.confidence).toBeGreaterThan(0.3);
    expect(partials.length).toBeGreaterThan(0);
  });

  it("asks it for live text as well when that is allowed", async () => {
    const { url, server } = await front({ remotePartials: true });
    expect(server.diagnostics().partial.name).toBe("remote");
    const { text } = await stream(url, recording("ru_01"), { language: "ru", pace: 1 });
    expect(wordErrorRate(recording("ru_01").text, text).rate).toBeLessThan(0.3);
  });

  it("has no live text when there is no model for it", async () => {
    const { url } = await front({ realtimeModelType: "auto", modelDir: "/nowhere" });
    const { text, partials } = await stream(url, recording("en_02"), { language: "en", pace: 0 });
    expect(wordErrorRate(recording("en_02").text, text).rate).toBeLessThan(0.2);
    expect(partials).toEqual([]);
  });

  it("does not start without a URL, and says so", async () => {
    await expect(createTestServer({ engine: "remote" })).rejects.toMatchObject({
      code: "invalid_config",
      message: expect.stringContaining("REMOTE_URL"),
    });
  });
});
