/** Whatever refuses a request, also before its route is asked: the clients of a wire read why in their manner. */
import { describe, expect, it } from "vitest";
import { guardedServer } from "../support/secure-server.js";

const KEYS = "app:0123456789abcdef0123456789abcdef";
const WORDS = expect.stringMatching(/^[A-Z].*\.$/s);

const MANNERS: [path: string, body: object][] = [
  ["/asr", { detail: WORDS }],
  ["/detect-language", { detail: WORDS }],
  ["/inference", { error: WORDS }],
  ["/v1/listen", { err_code: expect.any(String), err_msg: WORDS, request_id: expect.any(String) }],
];

describe.each(MANNERS)("%s", (path, body) => {
  it.each([
    [415, "a compressed body", { "content-encoding": "gzip" }],
    [401, "a key that is none", { authorization: "Bearer nobody" }],
  ])("%d for %s", async (status, _, headers) => {
    const { ports } = await guardedServer({ apiKeys: KEYS });
    for (const address of [path, `${path}/`]) {
      const url = `http://127.0.0.1:${ports.controlPort}${address}`;
      const answer = await fetch(url, { method: "POST", body: "x", headers: headers as Record<string, string> });
      expect(answer.status).toBe(status);
      expect(await answer.json()).toEqual(body);
    }
  });
});
