import { createReadStream, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FakeClock, FakeEngine } from "@stt/core/testing";
import OpenAI from "openai";
import { Stream } from "openai/streaming";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { recording } from "../support/recordings.js";
import { createTestServer, type TestServer } from "../support/test-server.js";

const usual = process.env.TMPDIR;
let folder: string;
let target: TestServer;
let engine: FakeEngine;
let client: OpenAI;

/** Answers the warm-up, and nothing after it. */
const neverDone = () =>
  new FakeEngine({ answers: "hello", latencyMs: ({ index }) => (index === 0 ? 0 : 1), clock: new FakeClock() });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "stt-cancel-"));
  process.env.TMPDIR = folder;
  engine = neverDone();
  target = await createTestServer({ maxUploads: 1, inferenceLanes: 1 }, { engine });
  client = new OpenAI({ apiKey: "none", baseURL: `${target.http}/v1`, maxRetries: 0 });
});

afterEach(async () => {
  await target.server.close();
  process.env.TMPDIR = usual;
  if (usual === undefined) delete process.env.TMPDIR;
  rmSync(folder, { recursive: true, force: true });
});

const files = () => readdirSync(folder).filter((name) => name.startsWith("stt-upload-"));

/** The one place of this server is free, nothing runs, and nothing is left on disk. */
async function expectNothingLeft(): Promise<void> {
  await expect.poll(files, { timeout: 10_000 }).toEqual([]);
  await expect.poll(() => engine.running, { timeout: 10_000 }).toBe(0);
  const next = new AbortController();
  const calls = engine.calls.length;
  const asked = ask(next.signal);
  await expect.poll(() => engine.calls.length, { timeout: 10_000 }).toBeGreaterThan(calls);
  next.abort();
  await asked;
  await expect.poll(files, { timeout: 10_000 }).toEqual([]);
}

async function ask(signal: AbortSignal, stream = false): Promise<unknown> {
  const file = createReadStream(recording("en_paragraph_1").path);
  const body = { file, model: "whisper-1", stream };
  try {
    const answer: unknown = await client.audio.transcriptions.create(body as never, { signal });
    if (!(answer instanceof Stream)) return answer;
    for await (const event of answer) if (event.type === "transcript.text.done") return event;
    return "cancelled";
  } catch {
    return "cancelled";
  }
}

describe("a client that goes away leaves nothing behind", () => {
  it("in the middle of its upload", async () => {
    const socket = connect(target.ports.controlPort, "127.0.0.1");
    const head = [
      "POST /v1/audio/transcriptions HTTP/1.1",
      "Host: localhost",
      "Content-Type: multipart/form-data; boundary=b",
      "Content-Length: 1000000",
      "",
      '--b\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\nContent-Type: audio/wav\r\n\r\n',
    ].join("\r\n");
    socket.write(Buffer.concat([Buffer.from(head), Buffer.alloc(300_000)]));
    await expect.poll(files, { timeout: 10_000 }).toHaveLength(1);
    expect(statSync(join(folder, files()[0]!)).mode & 0o777).toBe(0o600);
    socket.destroy();
    await expectNothingLeft();
  });

  it.each([false, true])("while its file is decoded (stream: %s)", async (stream) => {
    const controller = new AbortController();
    const asked = ask(controller.signal, stream);
    await expect.poll(() => engine.running, { timeout: 10_000 }).toBe(1);
    expect(files()).toHaveLength(1);
    controller.abort();
    expect(await asked).toBe("cancelled");
    await expectNothingLeft();
    expect(engine.calls.slice(1).map(({ state }) => state)).not.toContain("done");
  });

  it("in the middle of its stream of deltas", async () => {
    await target.server.close();
    engine = new FakeEngine({
      answers: "hello",
      latencyMs: ({ index }) => (index < 3 ? 0 : 1),
      clock: new FakeClock(),
    });
    target = await createTestServer({ maxUploads: 1, inferenceLanes: 1 }, { engine });
    client = new OpenAI({ apiKey: "none", baseURL: `${target.http}/v1`, maxRetries: 0 });
    const file = createReadStream(recording("en_paragraph_1").path);
    const deltas = await client.audio.transcriptions.create({ file, model: "whisper-1", stream: true });
    for await (const event of deltas) {
      expect(event.type).toBe("transcript.text.delta");
      // Leaving the loop closes the connection.
      break;
    }
    await expectNothingLeft();
  });
});

it("a server that closes gives its files up and removes them", async () => {
  const asked = ask(new AbortController().signal);
  await expect.poll(() => engine.running, { timeout: 10_000 }).toBe(1);
  await target.server.close();
  expect(files()).toEqual([]);
  expect(await asked).toBe("cancelled");
});

it("a request that is refused leaves no file", async () => {
  const file = createReadStream(recording("en_01").path);
  const refused = client.audio.transcriptions.create({ file, model: "whisper-9" });
  await expect(refused).rejects.toMatchObject({ status: 404 });
  expect(files()).toEqual([]);
});
