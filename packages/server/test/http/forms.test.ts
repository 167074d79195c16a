/** What forms may look like: clients in other languages send fields that are empty, and files without a name. */
import { FakeEngine, FakeVad } from "@stt/core/testing";
import { describe, expect, it } from "vitest";
import { wavBytes } from "../support/audio-files.js";
import { guardedServer } from "../support/secure-server.js";

const silence = wavBytes(new Int16Array(16_000));
const file = () => new File([new Uint8Array(silence)], "a.wav");

async function send(path: string, fields: [string, string][], audio: File | undefined = file()) {
  const { http } = await guardedServer({}, { engine: new FakeEngine({ answers: "hello" }), vad: new FakeVad() });
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value);
  if (audio) form.append("file", audio);
  const answer = await fetch(`${http}${path}`, { method: "POST", body: form });
  return { status: answer.status, type: answer.headers.get("content-type"), body: await answer.text() };
}

describe("an empty field is left out", () => {
  it.each<[string, [string, string][]]>([
    ["model", [["model", ""]]],
    ["a list", [["timestamp_granularities[]", ""]]],
    [
      "all of them",
      ["model", "language", "prompt", "response_format", "temperature", "stream", "include[]", "chunking_strategy"].map(
        (name) => [name, ""],
      ),
    ],
    [
      "spaces",
      [
        ["temperature", " "],
        ["language", "\n"],
      ],
    ],
    [
      "one of a list",
      [
        ["timestamp_granularities[]", ""],
        ["timestamp_granularities[]", "word"],
        ["response_format", "verbose_json"],
      ],
    ],
    [
      "the first of two",
      [
        ["model", ""],
        ["model", "whisper-1"],
      ],
    ],
  ])("%s", async (_what, fields) => {
    expect(await send("/v1/audio/transcriptions", fields)).toMatchObject({ status: 200 });
  });

  it("of a translation too, even one that it does not have", async () => {
    const fields: [string, string][] = [
      ["language", ""],
      ["stream", ""],
    ];
    expect(await send("/v1/audio/translations", fields)).toMatchObject({ status: 200 });
    const wrong = await send("/v1/audio/translations", [["stream", "true"]]);
    expect(wrong).toMatchObject({ status: 400 });
    expect(JSON.parse(wrong.body)).toMatchObject({ error: { param: "stream" } });
  });
});

describe("a truth value", () => {
  it.each([
    ["true", true],
    ["True", true],
    ["TRUE", true],
    ["1", true],
    ["yes", true],
    ["on", true],
    ["false", false],
    ["False", false],
    ["0", false],
    ["No", false],
    ["off", false],
  ])("stream=%s is %s", async (value, streams) => {
    const { status, type } = await send("/v1/audio/transcriptions", [["stream", value]]);
    expect(status).toBe(200);
    expect(type).toContain(streams ? "text/event-stream" : "application/json");
  });

  it.each(["maybe", "2", "null"])("stream=%s is none", async (value) => {
    const { status, body } = await send("/v1/audio/transcriptions", [["stream", value]]);
    expect(status).toBe(400);
    expect(JSON.parse(body)).toMatchObject({
      error: { param: "stream", message: `stream is "${value}": pass true or false.` },
    });
  });
});

describe("the part named file is the file", () => {
  it.each([
    ["without a file name", 'name="file"', "Content-Type: audio/wav\r\n"],
    ["without a type either", 'name="file"', ""],
    ["with an empty name", 'name="file"; filename=""', "Content-Type: audio/wav\r\n"],
    ["with an empty name and no type", 'name="file"; filename=""', ""],
    ["typed as text", 'name="file"', "Content-Type: text/plain; charset=utf-8\r\n"],
    ["with a name in UTF-8", `name="file"; filename*=utf-8''%D0%B3.wav`, "Content-Type: application/octet-stream\r\n"],
  ])("%s", async (_what, disposition, type) => {
    const { http } = await guardedServer({}, { engine: new FakeEngine({ answers: "hello" }), vad: new FakeVad() });
    const body = Buffer.concat([
      Buffer.from(`--b\r\nContent-Disposition: form-data; ${disposition}\r\n${type}\r\n`),
      silence,
      Buffer.from('\r\n--b\r\nContent-Disposition: form-data; name="response_format"\r\n\r\nverbose_json\r\n--b--\r\n'),
    ]);
    const answer = await fetch(`${http}/v1/audio/transcriptions`, {
      method: "POST",
      headers: { "Content-Type": "multipart/form-data; boundary=b" },
      body,
    });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ duration: 1 });
  });

  it("and a file under another name is told where it belongs", async () => {
    const { http } = await guardedServer();
    const form = new FormData();
    form.append("audio", file());
    const answer = await fetch(`${http}/v1/audio/transcriptions`, { method: "POST", body: form });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { param: "audio" } });
  });
});

it.each<[string, Buffer, number]>([
  ["an empty file", Buffer.alloc(0), 400],
  ["a text", Buffer.from("no audio at all"), 415],
  ["a FLAC that is none", Buffer.from("fLaC but nothing else that is any FLAC"), 400],
  ["a WAV without audio", silence.subarray(0, 20), 400],
])("what is wrong with the file is said of the field file: %s", async (_what, bytes, status) => {
  for (const fields of [[], [["stream", "true"]]] as [string, string][][]) {
    const answer = await send("/v1/audio/transcriptions", fields, new File([new Uint8Array(bytes)], "a.wav"));
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ error: { param: "file", type: "invalid_request_error" } });
  }
});

describe("a body that is compressed as a whole is refused, and the sentence says so", () => {
  it.each(["gzip", "br", "GZIP", "deflate, gzip"])("%s", async (encoding) => {
    const { http } = await guardedServer();
    for (const [method, path] of [
      ["POST", "/v1/audio/transcriptions"],
      ["PATCH", "/v1/admin/config"],
    ] as const) {
      const headers = { "Content-Encoding": encoding, "Content-Type": "multipart/form-data; boundary=b" };
      const answer = await fetch(`${http}${path}`, { method, headers, body: new Uint8Array(1000) });
      expect(answer.status).toBe(415);
      expect(answer.headers.get("accept-encoding")).toBe("identity");
      expect(await answer.json()).toMatchObject({
        error: { code: "unsupported_media", message: expect.stringContaining("Content-Encoding") },
      });
    }
  });

  it("identity is none", async () => {
    const { http } = await guardedServer();
    const headers = { "Content-Encoding": "identity" };
    const answer = await fetch(`${http}/v1/admin/config`, { method: "PATCH", headers, body: '{"values": {}}' });
    expect(answer.status).toBe(200);
  });
});
