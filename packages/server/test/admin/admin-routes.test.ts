/** Watching and changing a server over HTTP. */
import { describe, expect, it } from "vitest";
import { RawSocket } from "../support/raw-socket.js";
import { bearer, guardedServer, KeyFile, later } from "../support/secure-server.js";
import type { TestServer } from "../support/test-server.js";

const EVENTS = "/v1/admin/events";

interface Watched {
  status: number;
  /** Resolves with the data of the next event of this name. */
  next(name: string): Promise<Record<string, unknown>>;
  /** Resolves when the server ends the stream. */
  ended(): Promise<void>;
}

async function watch({ http }: TestServer, headers: Record<string, string> = {}): Promise<Watched> {
  const stop = new AbortController();
  later(() => stop.abort());
  const answer = await fetch(`${http}${EVENTS}`, { headers, signal: stop.signal });
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  const blocks: string[] = [];
  const more = async () => {
    const { done, value } = await reader.read();
    if (done) return false;
    const parts = (rest + value).split("\n\n");
    rest = parts.pop()!;
    blocks.push(...parts);
    return true;
  };
  return {
    status: answer.status,
    async next(name) {
      for (;;) {
        for (let block = blocks.shift(); block !== undefined; block = blocks.shift()) {
          const [, found, data] = /^event: (\w+)\ndata: (.*)$/s.exec(block) ?? [];
          if (found === name) return JSON.parse(data!);
        }
        if (!(await more())) throw new Error(`the stream ended before ${name}`);
      }
    },
    async ended() {
      while (await more()) blocks.length = 0;
    },
  };
}

function change({ http }: TestServer, body: string): Promise<Response> {
  return fetch(`${http}/v1/admin/config`, { method: "PATCH", body });
}

describe("the events for operators", () => {
  it("begin with the state of things and go on with what changes", async () => {
    const target = await guardedServer({}, { historyStepMs: 100 });
    const operator = await watch(target);
    expect(await operator.next("status")).toMatchObject({ state: "ready", full: false, keepsLog: false });
    expect(await operator.next("sessions")).toEqual({ sessions: [] });
    expect(await operator.next("models")).toMatchObject({
      models: expect.arrayContaining([
        expect.objectContaining({ name: "base", installed: true }),
        {
          name: "large-v1",
          bytes: expect.any(Number),
          memoryBytes: expect.any(Number),
          installed: false,
          usedFor: [],
        },
      ]),
    });
    const socket = await RawSocket.start(target.url, { language: "de" });
    expect(await operator.next("sessions")).toMatchObject({ sessions: [{ language: "de", lastText: "" }] });
    const first = (await operator.next("history")) as { at: number[] };
    const second = (await operator.next("history")) as { at: number[]; series: { sessions: number[] } };
    expect(second.at[0]).toBeGreaterThan(first.at.at(-1) ?? 0);
    expect(second.series.sessions).toHaveLength(second.at.length);
    socket.close();
  });

  it("are for 16 operators at a time; a place is free again when one leaves", async () => {
    const target = await guardedServer();
    const leaving = new AbortController();
    await fetch(`${target.http}${EVENTS}`, { signal: leaving.signal });
    for (let i = 0; i < 15; i++) expect((await watch(target)).status).toBe(200);
    expect((await fetch(`${target.http}${EVENTS}`)).status).toBe(503);
    leaving.abort();
    await expect.poll(async () => (await watch(target)).status).toBe(200);
  });

  it("end when the key is revoked, and when the server closes, which waits for nobody who watches", async () => {
    const keys = await KeyFile.create();
    const one = await keys.add("one", { scopes: ["admin"] });
    const two = await keys.add("two", { scopes: ["admin"] });
    const target = await guardedServer({ apiKeysFile: keys.path });
    const revoked = await watch(target, bearer(one));
    const other = await watch(target, bearer(two));
    await keys.revoke("one");
    await target.server.reload();
    await revoked.ended();
    await other.next("status");
    await target.server.drain();
    await target.server.close();
    await other.ended();
  });

  it("and everything else of operators are refused without the scope", async () => {
    const keys = await KeyFile.create();
    const key = await keys.add("speaker", { scopes: ["transcribe", "metrics"] });
    const target = await guardedServer({ apiKeysFile: keys.path });
    for (const path of [EVENTS, "/v1/admin/history", "/v1/admin/config", "/v1/sessions"]) {
      expect((await fetch(`${target.http}${path}`)).status).toBe(401);
      expect((await fetch(`${target.http}${path}`, { headers: bearer(key) })).status).toBe(403);
    }
    const answer = await fetch(`${target.http}/v1/admin/config`, { method: "PATCH", headers: bearer(key), body: "{}" });
    expect(answer.status).toBe(403);
  });
});

describe("the configuration over REST", () => {
  it("comes with its meaning in both languages, and without secrets", async () => {
    const keys = await KeyFile.create();
    const headers = bearer(await keys.add("operator", { scopes: ["admin"] }));
    const secrets = { apiKeysFile: keys.path, tokenSecret: "a-secret-of-more-than-32-characters-000" };
    const target = await guardedServer(secrets);
    const text = await (await fetch(`${target.http}/v1/admin/config`, { headers })).text();
    expect(text).not.toContain("a-secret-of");
    const { variables } = JSON.parse(text) as { variables: Record<string, unknown>[] };
    expect(variables.find(({ name }) => name === "LOG_LEVEL")).toMatchObject({
      value: "info",
      live: true,
      group: "logging",
    });
    expect(variables.find(({ name }) => name === "TOKEN_SECRET")).toMatchObject({ value: null, default: null });
    expect(variables.find(({ name }) => name === "BEAM_SIZE")).toMatchObject({
      value: "1",
      default: "auto",
      allowed: { ru: expect.stringContaining("целое") },
    });
  });

  it("is changed as a whole or not at all", async () => {
    const target = await guardedServer();
    const good = await change(target, '{"values": {"BEAM_SIZE": 3, "POST_SPEECH_SILENCE_DURATION": "0.9"}}');
    expect(await good.json()).toMatchObject({ variables: [{ value: "3" }, { value: "0.9", unit: "s" }] });
    const bad = await change(target, '{"values": {"BEAM_SIZE": 4, "POST_SPEECH_SILENCE_DURATION": "soon"}}');
    expect(bad.status).toBe(400);
    expect(await bad.json()).toMatchObject({
      error: { code: "invalid_argument", message: expect.stringContaining('POST_SPEECH_SILENCE_DURATION is "soon"') },
    });
    const now = (await (await fetch(`${target.http}/v1/admin/config`)).json()) as { variables: { name: string }[] };
    expect(now.variables.find(({ name }) => name === "BEAM_SIZE")).toMatchObject({ value: "3" });
  });

  it.each([
    ["what is no JSON", "{", 400],
    ["another shape", '{"BEAM_SIZE": 3}', 400],
    ["a variable that needs a restart", '{"values": {"DATA_PORT": 1}}', 400],
    ["too much", `{"values": {"INITIAL_PROMPT": "${"x".repeat(70_000)}"}}`, 413],
  ])("refuses %s", async (_what, body, status) => {
    const target = await guardedServer();
    expect((await change(target, body)).status).toBe(status);
  });
});
