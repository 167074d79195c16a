import { expect, it } from "vitest";
import { guardedServer } from "../support/secure-server.js";

const TYPE = "multipart/form-data; boundary=b";
const part = (header: string, body = "x") => `--b\r\n${header}\r\n\r\n${body}\r\n`;
const FILE = 'Content-Disposition: form-data; name="file"; filename="a.wav"';

it.each([
  ["two parts with malformed headers", part("no colon") + part(": no name") + part("\u0000: x")],
  ["malformed headers in every other part", (part("no colon") + part(FILE)).repeat(20)],
  ["a form that ends within its headers", `--b\r\n${FILE}\r\n`],
  ["a form that ends within its file", part(FILE).slice(0, -2)],
])("%s costs the request a 4xx, and nobody else anything", async (_what, body) => {
  const { http } = await guardedServer();
  for (let i = 0; i < 3; i++) {
    const answer = await fetch(`${http}/v1/audio/transcriptions`, {
      method: "POST",
      headers: { "content-type": TYPE },
      body,
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { type: "invalid_request_error" } });
  }
  expect((await fetch(`${http}/healthz`)).status).toBe(200);
});
