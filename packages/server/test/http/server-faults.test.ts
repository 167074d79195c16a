/** What the server cannot do is told as its own failure, without its paths, and stands in its log. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { FakeEngine } from "@stt/core/testing";
import { afterEach, describe, expect, it } from "vitest";
import { problem, statusOf } from "../../src/http/problem.js";
import { wavBytes } from "../support/audio-files.js";
import { guardedServer, MemoryLog, temporaryFolder } from "../support/secure-server.js";

const usual = process.env.TMPDIR;

afterEach(() => {
  process.env.TMPDIR = usual;
  if (usual === undefined) delete process.env.TMPDIR;
});

async function send(http: string, samples = 16_000): Promise<Response> {
  const form = new FormData();
  form.append("file", new File([new Uint8Array(wavBytes(new Int16Array(samples)))], "a.wav"));
  return fetch(`${http}/v1/audio/transcriptions`, { method: "POST", body: form });
}

describe("a folder for temporary files that cannot be written", () => {
  it.each<[string, (folder: string) => string]>([
    ["is not there", (folder) => join(folder, "gone")],
    ["is a file", (folder) => join(folder, "file")],
    // Nobody may write there, root included.
    ["is read-only", () => "/proc"],
  ])("when it %s", async (_what, nameOf) => {
    const log = new MemoryLog();
    const { http } = await guardedServer({}, { engine: new FakeEngine(), log });
    const folder = await temporaryFolder();
    writeFileSync(join(folder, "file"), "");
    process.env.TMPDIR = nameOf(folder);
    for (const samples of [16_000, 4_000_000]) {
      const before = log.messages("error").length;
      const answer = await send(http, samples);
      const text = await answer.text();
      expect(answer.status).toBe(500);
      expect(JSON.parse(text)).toMatchObject({ error: { type: "server_error", code: "io_error", param: null } });
      expect(text).not.toContain(process.env.TMPDIR);
      expect(log.messages("error").slice(before)).toEqual(["a request failed"]);
      const { fields } = log.lines.findLast(({ level }) => level === "error")!;
      expect(String((fields as { err: Error }).err.cause)).toContain(process.env.TMPDIR);
    }
  });
});

it("every failure of the server is a server_error, and none of the caller's is", () => {
  expect([statusOf("io_error"), statusOf("bad_model"), statusOf("engine_failed")]).toEqual([500, 500, 500]);
  for (const code of ["io_error", "capacity", "timeout"] as const)
    expect(problem("", code).error.type).toBe("server_error");
  for (const code of ["bad_audio", "rate_limited", "unauthorized"] as const)
    expect(problem("", code).error.type).toBe("invalid_request_error");
});
