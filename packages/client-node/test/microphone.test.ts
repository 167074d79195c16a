import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commandRecorder, RECORDING_COMMANDS } from "../src/command-recorder.js";
import { listMicrophones, microphone, type OpenRecorder, type RecorderHandlers } from "../src/index.js";
import { startCli } from "./support/run-cli.js";
import { type SoundServer, soundServerMissing, startSoundServer } from "./support/sound-server.js";
import { createTestServer } from "./support/ws-server.js";

const SAMPLE = fileURLToPath(new URL("../../../samples/en_01.wav", import.meta.url));

describe("microphone", () => {
  it("delivers what the recorder records, and stops it when its signal fires", async () => {
    const { open, recorder } = fakeRecorder();
    const mic = await microphone({ recorders: [open] });
    const abort = new AbortController();
    recorder().audio(new Uint8Array([1, 2]));
    const chunks: number[][] = [];
    for await (const chunk of mic.chunks(abort.signal)) {
      chunks.push([...chunk]);
      if (chunks.length === 1) {
        recorder().audio(new Uint8Array([3, 4]));
        abort.abort();
      }
    }
    expect(chunks).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(mic.device).toBe("fake");
  });

  it("keeps a bounded amount while nobody reads, and tells what it dropped", async () => {
    const { open, recorder } = fakeRecorder();
    let droppedMs = 0;
    const mic = await microphone({
      recorders: [open],
      bufferMs: 1000,
      onDrop: (ms) => {
        droppedMs += ms;
      },
    });
    for (let i = 0; i < 150; i++) recorder().audio(new Uint8Array(320).fill(i));
    expect(droppedMs).toBe(500);
    await mic.close();
    const kept: number[] = [];
    for await (const chunk of mic.chunks(new AbortController().signal)) kept.push(chunk[0]!);
    expect(kept).toEqual(Array.from({ length: 100 }, (_, i) => i + 50));
  });

  it("falls back to the next way to record", async () => {
    const { open } = fakeRecorder();
    const broken: OpenRecorder = () => Promise.reject(new Error("the addon does not load"));
    const mic = await microphone({ recorders: [broken, open] });
    expect(mic.device).toBe("fake");
    await mic.close();
  });

  it("says what to do when no way works", async () => {
    const broken: OpenRecorder = () => Promise.reject(new Error("no sound card"));
    await expect(microphone({ recorders: [broken] })).rejects.toMatchObject({
      code: "microphone_unavailable",
      message: expect.stringMatching(/no sound card.*mic-stream devices.*install/),
    });
  });

  it("reports a device that goes away", async () => {
    const { open, recorder } = fakeRecorder();
    const mic = await microphone({ recorders: [open] });
    recorder().end(new Error("unplugged"));
    const reading = (async () => {
      for await (const chunk of mic.chunks(new AbortController().signal)) void chunk;
    })();
    await expect(reading).rejects.toMatchObject({
      code: "microphone_unavailable",
      message: "The microphone stopped: unplugged.",
    });
  });
});

describe("recording through a program", () => {
  const program = (script: string) => commandRecorder({ program: process.execPath, args: () => ["-e", script] });

  it("passes whole samples on, wherever the pipe cuts", async () => {
    const open = program(`const w = (b) => process.stdout.write(Buffer.from(b));
      w([1, 2, 3]); setTimeout(() => w([4, 5, 6]), 50); setInterval(() => {}, 1000);`);
    const received: number[] = [];
    let sizesAreEven = true;
    const recorder = await open(undefined, {
      audio: (pcm) => {
        received.push(...pcm);
        sizesAreEven &&= pcm.byteLength % 2 === 0;
      },
      end: () => {},
    });
    await expect.poll(() => received).toEqual([1, 2, 3, 4, 5, 6]);
    expect(sizesAreEven).toBe(true);
    recorder.stop();
  });

  it("fails with the program's last words when it ends before any audio", async () => {
    const open = program('console.error("first"); console.error("no such device"); process.exitCode = 1;');
    await expect(open(undefined, { audio() {}, end() {} })).rejects.toThrow("no such device");
  });

  it("fails when the program is not installed", async () => {
    const open = commandRecorder({ program: "no-such-recorder", args: () => [] });
    await expect(open(undefined, { audio() {}, end() {} })).rejects.toThrow("no-such-recorder is not installed");
  });
});

const missing = soundServerMissing();
if (missing) process.stderr.write(`skipped: recording from a real sound server; ${missing}\n`);

describe.skipIf(missing)("with a sound server", () => {
  let sound: SoundServer;
  const saved = { ...process.env };
  beforeAll(async () => {
    sound = await startSoundServer();
    Object.assign(process.env, sound.env);
  });
  afterAll(() => {
    for (const name of Object.keys(sound?.env ?? {})) {
      if (saved[name] === undefined) delete process.env[name];
      else process.env[name] = saved[name];
    }
    sound?.stop();
  });

  it("lists the microphone with its number", async () => {
    expect(await listMicrophones()).toEqual([{ index: 0, name: expect.stringContaining("Monitor") }]);
  });

  it("records what is played into it", async () => {
    const mic = await microphone();
    expect(mic.device).toContain("Monitor");
    const heard = await listen(mic);
    expect(heard.peak).toBeGreaterThan(5000);
    // The sample has 2.2 s; what was recorded before and after it is silence.
    expect(heard.loudMs).toBeGreaterThan(1000);
    expect(heard.loudMs).toBeLessThan(2600);
  });

  it("records through parec where the addon does not load", async () => {
    const mic = await microphone({ recorders: [commandRecorder(RECORDING_COMMANDS[0]!)] });
    const heard = await listen(mic);
    expect(heard.peak).toBeGreaterThan(5000);
  });

  it("is what plain mic-stream streams; Ctrl+C flushes the last utterance", async () => {
    const server = await createTestServer();
    const run = startCli(["--json", "--url", server.url], sound.env);
    try {
      await expect.poll(() => server.sessions[0]?.frames ?? 0, { timeout: 10_000 }).toBeGreaterThan(5);
      await sound.play(SAMPLE);
      run.child.kill("SIGINT");
      const { code, stdout } = await run.result;
      const events = stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as { type: string; text?: string });
      const last = events.filter((event) => event.type === "final").at(-1);
      expect(last?.text).toMatch(new RegExp(`-${server.sessions[0]?.receivedSamples}$`));
      expect(server.sessions[0]?.receivedSamples).toBeGreaterThan(2 * 16_000);
      expect(code).toBe(0);
    } finally {
      run.child.kill("SIGKILL");
      await server.close();
    }
  });

  async function listen(mic: Awaited<ReturnType<typeof microphone>>): Promise<{ peak: number; loudMs: number }> {
    const abort = new AbortController();
    const playing = sound.play(SAMPLE).then(() => abort.abort());
    let peak = 0;
    let loudMs = 0;
    for await (const chunk of mic.chunks(abort.signal)) {
      const samples = new Int16Array(chunk.slice().buffer);
      const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
      peak = Math.max(peak, loudest);
      if (loudest > 500) loudMs += samples.length / 16;
    }
    await playing;
    return { peak, loudMs };
  }
});

function fakeRecorder(): { open: OpenRecorder; recorder(): RecorderHandlers } {
  let handlers: RecorderHandlers | undefined;
  return {
    open: async (_device, given) => {
      handlers = given;
      return { device: "fake", stop: () => given.end() };
    },
    recorder: () => handlers!,
  };
}
