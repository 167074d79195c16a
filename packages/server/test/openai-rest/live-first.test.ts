import { createReadStream } from "node:fs";
import { systemClock } from "@stt/core";
import { FakeEngine, type FakeEngineCall } from "@stt/core/testing";
import OpenAI from "openai";
import { afterEach, expect, it } from "vitest";
import { recording } from "../support/recordings.js";
import { stream } from "../support/stream-client.js";
import { createTestServer, type TestServer } from "../support/test-server.js";

/** Tells whose call it is: the files ask for this language, the session for another. */
const FILE_LANGUAGE = "de";

let target: TestServer | undefined;
afterEach(() => target?.server.close());

it("a live session does not wait for a file: its decodes displace the file's, which is finished all the same", async () => {
  const isFile = ({ options }: FakeEngineCall) => options.language === FILE_LANGUAGE;
  // Each piece of the file would hold the only lane for long; the session's decodes are quick.
  const engine = new FakeEngine({
    answers: (call) => (isFile(call) ? "file" : "speech"),
    latencyMs: (call) => (isFile(call) ? 400 : 5),
    clock: systemClock,
  });
  target = await createTestServer({ inferenceLanes: 1 }, { engine });
  const client = new OpenAI({ apiKey: "none", baseURL: `${target.http}/v1`, maxRetries: 0 });
  const paragraph = recording("en_paragraph_1");
  let fileDone = false;
  const file = client.audio.transcriptions
    .create({ file: createReadStream(paragraph.path), model: "whisper-1", language: FILE_LANGUAGE })
    .finally(() => {
      fileDone = true;
    });
  await expect.poll(() => engine.calls.filter(isFile).length, { timeout: 10_000 }).toBeGreaterThan(1);

  const { finals } = await stream(target.url, recording("en_01"), { language: "en", partials: false });
  expect(finals.map(({ text }) => text)).toEqual(["Speech."]);
  expect(fileDone).toBe(false);
  const live = engine.calls.findLast((call) => !isFile(call))!;
  // The call before it was the file's, and had to stop: nothing of the file ran to its end between.
  const before = engine.calls[live.index - 1]!;
  expect(isFile(before)).toBe(true);
  expect(before.state).toBe("aborted");

  expect((await file).text).toBe(Array(paragraph.sentences.length).fill("File.").join(" "));
  const pieces = engine.calls.filter((call) => isFile(call) && call.state === "done");
  expect(pieces).toHaveLength(paragraph.sentences.length);
});
