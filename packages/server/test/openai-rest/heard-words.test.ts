/** Files as people have them, by the words: whatever was done to a recording, the same is heard as in the recording itself. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { wordErrorRate } from "@stt/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { wavBytes } from "../support/audio-files.js";
import { recording } from "../support/recordings.js";
import { stream } from "../support/stream-client.js";
import { createTestServer, type TestServer } from "../support/test-server.js";

const first = recording("en_01");
const second = recording("en_02");
const hasFfmpeg = spawnSync("ffmpeg", ["-version"]).status === 0;
const folder = mkdtempSync(join(tmpdir(), "stt-words-"));
let files = 0;
let target: TestServer;

beforeAll(async () => {
  target = await createTestServer();
}, 60_000);
afterAll(async () => {
  await target?.server.close();
  rmSync(folder, { recursive: true });
});

/** What ffmpeg makes of a recording. */
function made({ path }: { path: string }, extension: string, ...options: string[]): string {
  const file = join(folder, `${files++}.${extension}`);
  const { status, stderr } = spawnSync("ffmpeg", ["-v", "error", "-y", "-i", path, ...options, file]);
  expect(stderr.toString()).toBe("");
  expect(status).toBe(0);
  return file;
}

async function heardIn(file: string): Promise<string> {
  const form = new FormData();
  form.set("file", new Blob([new Uint8Array(readFileSync(file))]), "a");
  form.set("language", "en");
  const response = await fetch(`${target.http}/v1/audio/transcriptions`, { method: "POST", body: form });
  const answer = (await response.json()) as { text: string };
  expect(response.status, JSON.stringify(answer)).toBe(200);
  return answer.text;
}

/** At most one word otherwise: `micro` hears every change of sound, and codecs make some. */
function expectWords(text: string, ...said: { text: string }[]): void {
  const { errors } = wordErrorRate(said.map(({ text }) => text).join(" "), text);
  expect(errors, text).toBeLessThanOrEqual(said.length);
}

describe.skipIf(!hasFfmpeg)("the words of a recording", { timeout: 60_000 }, () => {
  it.each([
    ["opposite polarity", "flac", "pan=stereo|c0=c0|c1=-1*c0"],
    ["one side at -0.8 of the other", "wav", "pan=stereo|c0=-0.8*c0|c1=c0"],
    ["an offset of +0.2", "wav", "dcshift=0.2"],
    ["an offset of -0.4", "flac", "dcshift=-0.4"],
    ["an offset of one side", "wav", "pan=stereo|c0=c0|c1=0*c0,dcshift=0.3"],
  ])("%s (%s)", async (_, extension, filter) => {
    expectWords(await heardIn(made(first, extension, "-af", filter)), first);
  });

  it("damage between two sentences costs neither", async () => {
    const quiet = ["-af", "apad=pad_dur=2"];
    const [a, b] = [made(first, "flac", ...quiet), made(second, "flac")].map((file) => readFileSync(file));
    const bytes = Buffer.concat([a!, b!]);
    // In the pause behind the first, as a bad sector makes it.
    bytes.fill(0, a!.length - 600, a!.length - 200);
    const file = join(folder, `${files++}.flac`);
    writeFileSync(file, bytes);
    expectWords(await heardIn(file), first, second);
  });
});

describe("the words of live audio", { timeout: 60_000 }, () => {
  const pcm = new Int16Array(Uint8Array.from(readFileSync(first.path).subarray(44)).buffer);
  const stereo = (right: (sample: number) => number, left = (sample: number) => sample) => {
    const samples = new Int16Array(2 * pcm.length);
    pcm.forEach((sample, i) => {
      samples[2 * i] = left(sample);
      samples[2 * i + 1] = right(sample);
    });
    return samples;
  };
  const clamp = (sample: number) => Math.max(-32_768, Math.min(32_767, Math.round(sample)));

  it.each<[string, Int16Array, number]>([
    ["opposite polarity", stereo((x) => clamp(-x)), 2],
    ["one silent side", stereo(() => 0), 2],
    ["an offset", Int16Array.from(pcm, (x) => clamp(x + 6500)), 1],
    [
      "unlike offsets",
      stereo(
        (x) => clamp(x + 6500),
        (x) => clamp(x - 3000),
      ),
      2,
    ],
  ])("%s", async (_, samples, channels) => {
    const path = join(folder, `${files++}.wav`);
    writeFileSync(path, wavBytes(samples, 16_000, channels));
    expectWords((await stream(target.url, { path }, { language: "en" })).text, first);
  });
});
