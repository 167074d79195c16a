import { expect, it } from "vitest";
import { bearer, guardedServer, KeyFile } from "../support/secure-server.js";

async function check(body: unknown, config: Parameters<typeof guardedServer>[0] = {}, key?: string) {
  const { http } = await guardedServer(config);
  const answer = await fetch(`${http}/v1/replacements/check`, {
    method: "POST",
    headers: key ? bearer(key) : {},
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json() };
}

it("tells every pattern that a session would refuse, with its place and the reason", async () => {
  expect(await check({ patterns: ["(\\w+) dot com", "(open", "a(?=b)"] })).toEqual({
    status: 200,
    body: {
      faults: [
        { index: 1, pattern: "(open", reason: "missing closing )" },
        { index: 2, pattern: "a(?=b)", reason: expect.stringContaining("(?=") },
      ],
    },
  });
});

it.each([
  ["no list", {}, "patterns"],
  ["an empty pattern", { patterns: [""] }, "patterns"],
  ["too many", { patterns: Array(51).fill("a") }, "patterns"],
])("refuses %s by the name of the field", async (_, body, param) => {
  expect(await check(body)).toMatchObject({ status: 400, body: { error: { param, code: "invalid_argument" } } });
});

it("is for those who may transcribe", async () => {
  const file = await KeyFile.create();
  const key = await file.add("app");
  expect((await check({ patterns: ["a"] }, { apiKeysFile: file.path })).status).toBe(401);
  expect((await check({ patterns: ["a"] }, { apiKeysFile: file.path }, key)).status).toBe(200);
});
