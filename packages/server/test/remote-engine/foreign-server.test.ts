/**
 * A real foreign server as the remote engine. `STT_TEST_REMOTE_URL` names one that runs, with Whisper base; such as
 * `faster-whisper-server` of PyPI with a model named `whisper-1`:
 *
 *     STT_TEST_REMOTE_URL=http://127.0.0.1:8000/v1 npx vitest run packages/server/test/remote-engine/foreign-server.test.ts
 */
import { wordErrorRate } from "@stt/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BASE_MODEL, human } from "../support/human.js";
import { stream } from "../support/stream-client.js";
import { createTestServer, type TestServer } from "../support/test-server.js";

const remoteUrl = process.env.STT_TEST_REMOTE_URL;
const WITHOUT = remoteUrl === undefined ? " (left out: STT_TEST_REMOTE_URL names no server)" : "";

describe.skipIf(WITHOUT)(`finals of a foreign server${WITHOUT}`, { timeout: 180_000 }, () => {
  let front: TestServer;
  let local: TestServer;
  beforeAll(async () => {
    front = await createTestServer({
      ...BASE_MODEL,
      engine: "remote",
      remoteUrl: remoteUrl!,
      remoteModel: "whisper-1",
    });
    local = await createTestServer(BASE_MODEL);
  }, 120_000);
  afterAll(async () => {
    await front?.server.close();
    await local?.server.close();
  });

  it.each([
    ["en_austen_selfish", "en"],
    ["en_austen_leisure", "en"],
    ["ru_invalid_number", "ru"],
    ["ru_all_busy", "ru"],
    ["en_austen_amiable", "auto"],
  ])("are as right as our own: %s, language %s", async (name, language) => {
    const spoken = human(name);
    const options = { language, words: true, pace: 1 } as const;
    const theirs = await stream(front.url, spoken, options);
    const ours = await stream(local.url, spoken, options);
    expect(theirs.finals.length).toBeGreaterThan(0);
    expect(theirs.partials.length).toBeGreaterThan(0);
    const rate = (text: string) => wordErrorRate(spoken.text, text).rate;
    expect(rate(theirs.text), theirs.text).toBeLessThanOrEqual(rate(ours.text) + 0.1);
    for (const { confidence, language: told } of theirs.finals) {
      expect(confidence).toBeGreaterThan(0.3);
      expect(told).toBe(spoken.language);
    }
  });
});
