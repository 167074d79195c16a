/** Silero in a real browser: only speech goes out, and times stay the speaker's. */
import { decodeWav, encodeWav, wordErrorRate } from "@stt/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestServer, type TestServer } from "../../../server/test/support/test-server.js";
import { launchChromium, sample, skipWithoutChromium, type TestBrowser } from "../support/chromium.js";
import { createSite, type Site } from "../support/site.js";

const SILENCE_MS = 5000;

describe.skipIf(skipWithoutChromium)("speech detection in Chromium", { timeout: 60_000 }, () => {
  let server: TestServer;
  let site: Site;
  let chromium: TestBrowser;

  beforeAll(async () => {
    server = await createTestServer();
    site = await createSite();
    chromium = await launchChromium();
  }, 60_000);
  afterAll(async () => {
    await chromium?.close();
    await site?.close();
    await server?.server.close();
  });

  it("sends only speech, and gives the times at which it was said", async () => {
    const [first, second] = ["en_01", "en_02"].map((name) => decodeWav(sample(name)));
    const silence = new Uint8Array(SILENCE_MS * 32);
    const pcm = Buffer.concat([silence, first!.pcm, silence, second!.pcm, silence]);
    const page = await chromium.browser.newPage();
    await page.goto(site.url);
    const result = await page.evaluate(
      async ({ url, bytes }) => {
        const client = stt.createSttClient({ url, language: "en", endpointing: { silenceMs: 500 } });
        const vad = await stt.sileroVad({ model: "/silero_vad_v6.onnx", wasmUrl: "/ort-wasm-simd-threaded.wasm" });
        let sentMs = 0;
        client.on("end", ({ audioMs }) => {
          sentMs = audioMs;
        });
        const file = await stt.fileSource(new Blob([new Uint8Array(bytes)]));
        await client.transcribe(stt.speechOnly(file, { vad, hangoverMs: 1000 }));
        await vad.close();
        return {
          sentMs,
          segments: client.getSnapshot().segments.map(({ text, startMs, endMs }) => ({ text, startMs, endMs })),
        };
      },
      { url: server.url, bytes: [...encodeWav(pcm, first!.format)] },
    );
    const [one, two] = result.segments;
    expect(result.segments).toHaveLength(2);
    expect(wordErrorRate("What is on my calendar at two fifteen?", one!.text).errors).toBe(0);
    expect(wordErrorRate("Do not forget to book a table tonight.", two!.text).errors).toBeLessThanOrEqual(1);
    const secondStart = SILENCE_MS * 2 + first!.durationMs;
    expect(Math.abs(one!.startMs - SILENCE_MS)).toBeLessThan(800);
    expect(Math.abs(two!.startMs - secondStart)).toBeLessThan(800);
    expect(one!.endMs).toBeLessThan(SILENCE_MS + first!.durationMs + 1500);
    expect(result.sentMs).toBeLessThan(first!.durationMs + second!.durationMs + 4000);
  });

  it("says what is missing when the model is not there", async () => {
    const page = await chromium.browser.newPage();
    await page.goto(site.url);
    const failure = await page.evaluate(() =>
      stt.failure(() => stt.sileroVad({ model: "http://127.0.0.1:9/silero.onnx" })),
    );
    expect(failure).toMatchObject({ code: "model_not_found", message: expect.stringContaining("127.0.0.1:9") });
  });
});
