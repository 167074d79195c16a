/** Keys made, limited and revoked while the server runs. */
import { readFile, stat } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { RawSocket } from "../support/raw-socket.js";
import { bearer, guardedServer, KeyFile, MemoryLog } from "../support/secure-server.js";

const KEYS = "/v1/admin/keys";

/** The body of an answer, which is something else in each. */
// biome-ignore lint/suspicious/noExplicitAny: the assertions say what it has to be
const bodyOf = async (answer: Response | Promise<Response>): Promise<any> => (await answer).json();

async function rig() {
  const keys = await KeyFile.create();
  const operator = await keys.add("operator", { scopes: ["transcribe", "admin"] });
  const log = new MemoryLog();
  const { http, url } = await guardedServer({ apiKeysFile: keys.path }, { log });
  const ask = (method: string, path: string, body?: unknown, key = operator) =>
    fetch(`${http}${path}`, { method, headers: bearer(key), ...(body ? { body: JSON.stringify(body) } : {}) });
  const made = async (wanted: object): Promise<string> => (await bodyOf(ask("POST", KEYS, wanted))).key;
  return { file: keys.path, operator, log, http, url, ask, made };
}

describe("the keys of a running server", () => {
  it("are made with scopes and limits, shown once, and let in at once", async () => {
    const { file, log, ask, made, operator } = await rig();
    const answer = await ask("POST", KEYS, { name: "my-app", limits: { sessions: 4, audioMinutesPerDay: 1.5 } });
    expect(answer.status).toBe(201);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const { key } = (await answer.json()) as { key: string };
    expect(key).toMatch(/^stt_[\w-]{43}$/);
    expect((await ask("POST", "/v1/tokens", undefined, key)).status).toBe(201);
    expect((await ask("GET", KEYS, undefined, key)).status).toBe(403);
    const second = await made({ name: "metrics", scopes: ["metrics"] });
    expect((await ask("GET", "/metrics", undefined, second)).status).toBe(200);

    const text = await (await ask("GET", KEYS)).text();
    expect(JSON.parse(text)).toMatchObject({
      canChange: true,
      keys: [
        { name: "operator", scopes: ["transcribe", "admin"], limits: {}, fixed: false },
        { name: "my-app", scopes: ["transcribe"], limits: { sessions: 4, audioMinutesPerDay: 1.5 }, sessions: 0 },
        { name: "metrics", scopes: ["metrics"] },
      ],
    });
    // Neither there, nor in the file, nor in the log; the file is its owner's only.
    for (const place of [text, await readFile(file, "utf8"), JSON.stringify(log)])
      for (const secret of [key, second, operator]) expect(place).not.toContain(secret);
    expect(text).not.toContain("sha256");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(JSON.stringify(log)).toMatch(/"by":"operator","key":"my-app"/);
  });

  it.each([
    ["a name that is taken", { name: "operator" }, /already/],
    ["a name of other letters", { name: "my app" }, /1 to 64 letters/],
    ["no scope", { name: "one", scopes: [] }, /at least one scope/],
    ["a scope that is none", { name: "one", scopes: ["root"] }, /scopes/],
    ["a limit below nothing", { name: "one", limits: { sessions: -1 } }, /whole number/],
    ["a field that is none", { name: "one", secret: "mine" }, /secret is not known/],
  ])("are not made with %s", async (_, wanted, message) => {
    const { ask } = await rig();
    const answer = await ask("POST", KEYS, wanted);
    expect(answer.status).toBe(400);
    expect((await bodyOf(answer)).error.message).toMatch(message);
  });

  it("get other limits, which count from the next request on", async () => {
    const { ask, made, log } = await rig();
    const key = await made({ name: "my-app", limits: { requestsPerMinute: 100, sessions: 2 } });
    const limits = { requestsPerMinute: 1 };
    expect((await ask("PUT", `${KEYS}/my-app/limits`, limits)).status).toBe(204);
    const { keys } = (await (await ask("GET", KEYS)).json()) as { keys: unknown[] };
    expect(keys).toContainEqual(expect.objectContaining({ name: "my-app", limits }));
    expect((await ask("POST", "/v1/tokens", undefined, key)).status).toBe(201);
    expect((await ask("POST", "/v1/tokens", undefined, key)).status).toBe(429);
    expect(JSON.stringify(log)).toMatch(/limits of an API key were changed/);
    // None of its own: it goes by the server's.
    expect((await ask("PUT", `${KEYS}/my-app/limits`, {})).status).toBe(204);
    expect((await ask("POST", "/v1/tokens", undefined, key)).status).toBe(201);
    expect((await ask("PUT", `${KEYS}/nobody/limits`, limits)).status).toBe(404);
    expect((await ask("PUT", `${KEYS}/my-app/limits`, { sessions: "many" })).status).toBe(400);
  });

  it("are revoked with their sessions, but for the one that asks", async () => {
    const { url, ask, made, log } = await rig();
    const key = await made({ name: "my-app" });
    const socket = await RawSocket.open(url, { headers: bearer(key) });
    await expect
      .poll(async () => (await bodyOf(ask("GET", KEYS))).keys)
      .toContainEqual(expect.objectContaining({ name: "my-app", sessions: 1 }));
    expect((await ask("DELETE", `${KEYS}/my-app`)).status).toBe(204);
    expect((await socket.ended()).code).toBe(4401);
    expect((await ask("POST", "/v1/tokens", undefined, key)).status).toBe(401);
    expect((await ask("DELETE", `${KEYS}/my-app`)).status).toBe(404);
    expect((await ask("DELETE", `${KEYS}/operator`)).status).toBe(409);
    expect(JSON.stringify(log)).toMatch(/"by":"operator","key":"my-app"/);
  });

  it("of the environment are seen, and changed there", async () => {
    const admin = "an-operator-key-of-32-characters-";
    const { http } = await guardedServer({ apiKeys: `operator:${admin}:admin,app:${"a".repeat(32)}` });
    const ask = (method: string, path: string, body?: unknown) =>
      fetch(`${http}${path}`, { method, headers: bearer(admin), ...(body ? { body: JSON.stringify(body) } : {}) });
    expect(await (await ask("GET", KEYS)).json()).toMatchObject({
      canChange: false,
      keys: [
        { name: "operator", fixed: true },
        { name: "app", fixed: true },
      ],
    });
    const answers = [
      await ask("POST", KEYS, { name: "one" }),
      await ask("PUT", `${KEYS}/app/limits`, { sessions: 1 }),
      await ask("DELETE", `${KEYS}/app`),
    ];
    expect(answers.map(({ status }) => status)).toEqual([409, 409, 409]);
    expect((await bodyOf(answers[0]!)).error.message).toContain("set API_KEYS_FILE");
    expect((await bodyOf(answers[2]!)).error.message).toContain("is of API_KEYS");
  });
});
