/** The microphone of a real browser to text of the real server. */
import { wordErrorRate } from "@stt/core";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestServer, type TestServer } from "../../../server/test/support/test-server.js";
import { launchChromium, sample, skipWithoutChromium, type TestBrowser } from "../support/chromium.js";
import { createProxy } from "../support/cuttable-proxy.js";
import { createSite, type Site } from "../support/site.js";

const SAID = "What is on my calendar at two fifteen?";

describe.skipIf(skipWithoutChromium)("dictation in Chromium", { timeout: 60_000 }, () => {
  let server: TestServer;
  let site: Site;
  let chromium: TestBrowser;
  let page: Page;

  beforeAll(async () => {
    server = await createTestServer();
    site = await createSite();
    chromium = await launchChromium({ hears: "en_01" });
  }, 60_000);
  afterAll(async () => {
    await chromium?.close();
    await site?.close();
    await server?.server.close();
  });
  beforeEach(async () => {
    page = await chromium.browser.newPage();
    await page.goto(site.url);
  });
  afterEach(() => page.close());

  const errors = (text: string, said = SAID) => wordErrorRate(said, text).errors;

  it("turns what the microphone hears into text", async () => {
    const result = await page.evaluate(async (url) => {
      const client = stt.createSttClient({ url, language: "en", endpointing: { silenceMs: 500 } });
      const levels: number[] = [];
      const mic = await stt.reachableMicrophone();
      mic.on("level", ({ rms }) => levels.push(rms));
      const final = new Promise((resolve) => client.on("final", resolve));
      await client.start(mic);
      await final;
      const text = await client.stop();
      const { status } = client.getSnapshot();
      return { text, status, peak: Math.max(...levels), state: mic.state, device: mic.device, live: stt.liveTracks() };
    }, server.url);
    expect(errors(result.text)).toBe(0);
    expect(result.peak).toBeGreaterThan(0.01);
    expect(result).toMatchObject({ state: "ended", status: "idle", live: 0 });
    expect(result.device.label).toContain("Fake");
  });

  it("does not lose the end of what was said when stop comes at once", async () => {
    const { audioMs, elapsedMs } = await page.evaluate(async (url) => {
      const client = stt.createSttClient({ url, language: "en" });
      const mic = await stt.microphone(stt.PLAIN);
      const from = performance.now();
      let audioMs = 0;
      client.on("end", (event) => {
        audioMs = event.audioMs;
      });
      // A second of levels, which the microphone tells every 50 ms of audio.
      let levels = 0;
      const heard = new Promise<void>((resolve) => {
        mic.on("level", () => {
          if (++levels === 20) resolve();
        });
      });
      await client.start(mic);
      await heard;
      const elapsedMs = performance.now() - from;
      await client.stop();
      return { audioMs, elapsedMs };
    }, server.url);
    // Within the latency of a capture device, which starts before `microphone` resolves.
    expect(audioMs).toBeGreaterThan(elapsedMs - 60);
  });

  it("loses nothing when the network is cut in mid-sentence", async () => {
    const proxy = await createProxy(server.ports.dataPort);
    await page.exposeFunction("network", (working: boolean) => (working ? proxy.mend() : proxy.cut()));
    const result = await page.evaluate(async (url) => {
      const { network } = globalThis as unknown as { network(working: boolean): Promise<void> };
      const client = stt.createSttClient({ url, language: "en", endpointing: { silenceMs: 500 } });
      const statuses: string[] = [];
      client.on("status", ({ status }) => statuses.push(status));
      const once = (type: "speech_start" | "reconnecting" | "final") =>
        new Promise((resolve) => client.on(type, resolve));
      const final = once("final");
      const speaking = once("speech_start");
      const mic = await stt.microphone(stt.PLAIN);
      let heardMs = 0;
      mic.on("level", () => {
        heardMs += 50;
      });
      await client.start(mic);
      await speaking;
      await network(false);
      // The rest of the sentence is said to nobody.
      const cutAtMs = heardMs;
      while (heardMs < cutAtMs + 3000) await new Promise((resolve) => mic.on("level", resolve));
      const during = client.getSnapshot().status;
      await network(true);
      await final;
      return { during, statuses, text: await client.stop() };
    }, proxy.url);
    expect(result.during).toBe("reconnecting");
    expect(errors(result.text)).toBe(0);
    expect(result.statuses).toContain("reconnecting");
    expect(proxy.connections).toBeGreaterThanOrEqual(2);
    await proxy.close();
  });

  it("hears and writes for several clients on one page", async () => {
    const texts = await page.evaluate(async (url) => {
      const dictate = async () => {
        const client = stt.createSttClient({ url, language: "en", endpointing: { silenceMs: 500 } });
        const final = new Promise((resolve) => client.on("final", resolve));
        await client.start(await stt.microphone(stt.PLAIN));
        await final;
        return client.stop();
      };
      return Promise.all([dictate(), dictate()]);
    }, server.url);
    expect(texts.map((text) => errors(text))).toEqual([0, 0]);
  });

  it("pauses when the device goes away, and goes on with the one that is there", async () => {
    const result = await page.evaluate(async (url) => {
      const client = stt.createSttClient({ url, language: "en" });
      const mic = await stt.reachableMicrophone();
      const states: string[] = [];
      const statuses: string[] = [];
      mic.on("state", (state) => states.push(state));
      client.on("status", ({ status }) => statuses.push(status));
      await client.start(mic);
      // The first search finds nothing, as between unplugging one device and plugging in the next.
      const { mediaDevices } = navigator;
      const { getUserMedia } = mediaDevices;
      mediaDevices.getUserMedia = async () => {
        mediaDevices.getUserMedia = getUserMedia;
        throw new DOMException("gone", "NotFoundError");
      };
      stt.loseDevice();
      const until = async (state: string) => {
        while (mic.state !== state) await new Promise((resolve) => setTimeout(resolve, 10));
      };
      await until("lost");
      const paused = client.getSnapshot().status;
      mediaDevices.dispatchEvent(new Event("devicechange"));
      await until("live");
      const resumed = client.getSnapshot().status;
      await client.stop();
      return { states, statuses, paused, resumed, live: stt.liveTracks() };
    }, server.url);
    expect(result).toMatchObject({ paused: "paused", resumed: "listening", live: 0 });
    expect(result.states).toEqual(["lost", "live", "ended"]);
  });

  it("ends the recording with the reason when the permission is withdrawn", async () => {
    const result = await page.evaluate(async (url) => {
      const client = stt.createSttClient({ url, language: "en" });
      const mic = await stt.reachableMicrophone();
      await client.start(mic);
      navigator.mediaDevices.getUserMedia = async () => {
        throw new DOMException("no more", "NotAllowedError");
      };
      const failed = new Promise((resolve) => client.on("error", resolve));
      stt.loseDevice();
      await failed;
      const { status, error } = client.getSnapshot();
      return { status, message: error?.message, stop: await stt.failure(() => client.stop()), state: mic.state };
    }, server.url);
    expect(result).toMatchObject({ status: "failed", state: "ended", stop: { problem: "denied" } });
    expect(result.message).toContain("blocked for this page");
  });

  it("changes to another microphone in the middle of a recording", async () => {
    const result = await page.evaluate(async (url) => {
      const client = stt.createSttClient({ url, language: "en" });
      const mic = await stt.microphone(stt.PLAIN);
      const all = await stt.listMicrophones();
      const other = all.find(({ deviceId }) => deviceId !== mic.device.deviceId)!;
      const heard: string[] = [];
      mic.on("device", ({ deviceId }) => heard.push(deviceId));
      await client.start(mic);
      await mic.use(other.deviceId);
      const { status } = client.getSnapshot();
      await client.stop();
      return { heard, other: other.deviceId, status, count: all.length, permission: await stt.microphonePermission() };
    }, server.url);
    expect(result.heard).toEqual([result.other]);
    expect(result).toMatchObject({ status: "listening", permission: "granted" });
    expect(result.count).toBeGreaterThan(1);
  });

  it("takes the default device when the remembered one is not connected", async () => {
    const label = await page.evaluate(async () => {
      const mic = await stt.microphone({ ...stt.PLAIN, deviceId: "0".repeat(64) });
      await mic.close();
      return mic.device.label;
    });
    expect(label).toContain("Fake");
  });

  it("frees the microphone when start fails or opening is given up", async () => {
    const result = await page.evaluate(async () => {
      const client = stt.createSttClient({ url: "ws://127.0.0.1:9", connectTimeoutMs: 3000 });
      const mic = await stt.reachableMicrophone();
      const refused = await stt.failure(() => client.start(mic));
      const aborted = await stt.failure(() => stt.microphone({ signal: AbortSignal.abort() }));
      const scope = new AbortController();
      const opening = stt.failure(() => stt.reachableMicrophone({ signal: scope.signal }));
      while (stt.askedDevices() < 2) await new Promise(requestAnimationFrame);
      scope.abort();
      await opening;
      // The browser gives the device all the same, and it is closed as soon as it comes.
      while (stt.openedStreams() < 2 || stt.liveTracks() > 0) await new Promise(requestAnimationFrame);
      return { refused, aborted, opening: await opening, live: stt.liveTracks() };
    });
    expect(result.refused).toMatchObject({ code: "connection_failed" });
    expect(result.aborted).toMatchObject({ code: "aborted" });
    expect(result.opening).toMatchObject({ code: "aborted" });
    expect(result.live).toBe(0);
  });

  it("transcribes files: WAV as it is, others as the browser decodes them, with progress", async () => {
    const result = await page.evaluate(
      async ({ url, bytes }) => {
        const client = stt.createSttClient({ url, language: "en" });
        const wav = new Blob([new Uint8Array(bytes)], { type: "audio/wav" });
        const progress: number[] = [];
        const source = await stt.fileSource(wav, {
          onProgress: ({ doneMs, totalMs }) => progress.push(doneMs / totalMs),
        });
        const text = await client.transcribe(source);
        // WebM with Opus, made by the browser itself.
        const context = new AudioContext();
        const audio = await context.decodeAudioData(await wav.arrayBuffer());
        const node = context.createBufferSource();
        const target = context.createMediaStreamDestination();
        node.buffer = audio;
        node.connect(target);
        const recorder = new MediaRecorder(target.stream);
        const recorded = new Promise<Blob>((resolve) => {
          recorder.ondataavailable = ({ data }) => resolve(data);
        });
        recorder.start();
        await context.resume();
        node.start();
        await new Promise((resolve) => {
          node.onended = resolve;
        });
        recorder.stop();
        const webm = await recorded;
        const decoded = await stt.fileSource(webm);
        const webmText = await client.transcribe(decoded);
        const noise = await stt.failure(() =>
          stt.fileSource(new File(["no sound"], "letter.txt", { type: "text/plain" })),
        );
        return { text, progress, webmText, type: webm.type, seconds: decoded.durationMs! / 1000, noise };
      },
      { url: server.url, bytes: [...sample("en_01")] },
    );
    expect(errors(result.text)).toBe(0);
    expect(result.progress.at(-1)).toBeCloseTo(1);
    expect(result.progress.length).toBeGreaterThan(10);
    expect(result.type).toContain("webm");
    expect(result.seconds).toBeGreaterThan(2);
    expect(errors(result.webmText)).toBeLessThanOrEqual(1);
    expect(result.noise).toMatchObject({ code: "bad_audio", message: expect.stringContaining("letter.txt") });
  });
});
