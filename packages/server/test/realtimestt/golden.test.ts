import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DataMessage, framesOf, pcmAt, type Reply, WireSocket } from "../support/realtimestt-client.js";
import { recording } from "../support/recordings.js";
import { createTestServer, type TestServer } from "../support/test-server.js";

/** One line of a wire transcript. */
type Line =
  /** A socket opens or closes. */
  | { on: Side; open: true }
  | { on: Side; close: true }
  /** A text message, byte for byte. */
  | { on: Side; send: string }
  /** Audio frames: `metadata` and a chunk of the recording each, then of silence. `sha256` is that of all their bytes. */
  | { on: "data"; frames: Frames }
  /** A text message that must come next, byte for byte. */
  | { on: Side; expect: string }
  /** A text message that must match next. */
  | { on: "data"; match: string }
  /** Any number of messages that match: how often live text comes depends on the machine. */
  | { on: "data"; any: string };

type Side = "control" | "data" | "tried";

interface Frames {
  recording: string;
  sampleRate: number;
  chunkSamples: number;
  silenceMs: number;
  metadata: string;
  count: number;
  first: string;
  sha256: string;
}

const folder = new URL("../golden/realtimestt/", import.meta.url);
const goldens = readdirSync(folder).sort();

function linesOf(file: string): Line[] {
  const text = readFileSync(new URL(file, folder), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
}

function bytesOf({ recording: name, sampleRate, chunkSamples, silenceMs, metadata }: Frames): Buffer[] {
  const silence = Buffer.alloc(2 * Math.round((silenceMs * sampleRate) / 1000));
  return framesOf(Buffer.concat([pcmAt(name, sampleRate), silence]), chunkSamples, metadata);
}

let target: TestServer;
beforeAll(async () => {
  target = await createTestServer();
});
afterAll(() => target.server.close());

/** Plays a transcript's client and holds the server to its lines. */
class Replay {
  readonly #sockets = new Map<Side, WireSocket<Reply & DataMessage>>();
  readonly #read = new Map<Side, number>();
  readonly #texts = new Map<Side, string[]>();
  /** Messages that may stand before the next one. */
  #skip: RegExp | undefined;

  async play(line: Line): Promise<void> {
    if ("open" in line) return this.#open(line.on);
    const socket = this.#sockets.get(line.on)!;
    if ("close" in line) {
      socket.socket.close();
      await socket.ended();
    } else if ("send" in line) socket.send(line.send);
    else if ("frames" in line) for (const frame of bytesOf(line.frames)) socket.send(frame);
    else if ("expect" in line) expect(await this.#next(line.on)).toBe(line.expect);
    else if ("match" in line) expect(await this.#next(line.on)).toMatch(new RegExp(`^${line.match}$`));
    else this.#skip = new RegExp(`^${line.any}$`);
  }

  /** Messages that no line asked for. */
  get unread(): string[] {
    return [...this.#texts].flatMap(([side, texts]) => texts.slice(this.#read.get(side) ?? 0));
  }

  close(): void {
    for (const socket of this.#sockets.values()) socket.close();
  }

  async #open(side: Side): Promise<void> {
    const { controlPort, dataPort } = target.ports;
    const socket = await WireSocket.open<Reply & DataMessage>(side === "data" ? dataPort : controlPort);
    this.#sockets.set(side, socket);
  }

  async #next(side: Side): Promise<string> {
    const texts = this.#sockets.get(side)!.texts;
    this.#texts.set(side, texts);
    for (;;) {
      const at = this.#read.get(side) ?? 0;
      await expect.poll(() => texts.length, { timeout: 15_000, interval: 5 }).toBeGreaterThan(at);
      this.#read.set(side, at + 1);
      if (side === "data" && this.#skip?.test(texts[at]!)) continue;
      if (side === "data") this.#skip = undefined;
      return texts[at]!;
    }
  }
}

describe.each(goldens)("%s", (file) => {
  const lines = linesOf(file);

  it("sends the bytes that were recorded", () => {
    for (const line of lines) {
      if (!("frames" in line)) continue;
      const { count, first, sha256 } = line.frames;
      const frames = bytesOf(line.frames);
      expect(frames).toHaveLength(count);
      expect(frames[0]!.subarray(0, 64).toString("hex")).toBe(first);
      expect(createHash("sha256").update(Buffer.concat(frames)).digest("hex")).toBe(sha256);
    }
  });

  it("is answered as recorded", async () => {
    const replay = new Replay();
    try {
      for (const line of lines) await replay.play(line);
      expect(replay.unread).toEqual([]);
    } finally {
      replay.close();
    }
  });

  it("expects what was said in the recording", () => {
    for (const line of lines) {
      if (!("frames" in line)) continue;
      const sentence = JSON.stringify({ type: "fullSentence", text: recording(line.frames.recording).text });
      expect(lines).toContainEqual({ on: "data", expect: sentence });
    }
  });
});

it("two clients at once get only their own text, as recorded", async () => {
  const both = ["16000-256.jsonl", "48000-256.jsonl"].map((file) => ({ replay: new Replay(), lines: linesOf(file) }));
  try {
    await Promise.all(
      both.map(async ({ replay, lines }) => {
        for (const line of lines) await replay.play(line);
        expect(replay.unread).toEqual([]);
      }),
    );
  } finally {
    for (const { replay } of both) replay.close();
  }
});
