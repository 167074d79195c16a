import { copyFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { microModel } from "../engines/support.js";
import { createTestServer } from "../support/test-server.js";
import { type Answer, content, ETAG, mirror, modelFolder, serve, sha256, withoutProxies } from "./support.js";

const ADMIN = "admin-key-0123456789abcdef";
const USER = "user-key-0123456789abcdefg";

beforeEach(withoutProxies);

async function guardedServer(answer: Answer = serve) {
  const directory = modelFolder();
  const models = await mirror((request, response, count) =>
    request.url?.endsWith(".sha256") ? void response.end(`${sha256}\n`) : answer(request, response, count),
  );
  const { server, http } = await createTestServer({
    modelDir: directory,
    modelBaseUrl: models.url,
    apiKeys: `boss:${ADMIN}:admin,app:${USER}`,
  });
  onTestFinished(() => server.close());
  const ask = async (method: string, route: string, key: string, body?: object) => {
    const response = await fetch(`${http}/v1/models/${route}`, {
      method,
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const answered = (response.status === 204 ? {} : await response.json()) as Record<string, unknown>;
    return { status: response.status, body: answered };
  };
  return { directory, ask, http };
}

describe("models of a running server", () => {
  it("are fetched, shown and put to use over REST", async () => {
    const { ask } = await guardedServer();
    expect(await ask("GET", "small-q5_1/pull", ADMIN)).toMatchObject({ status: 404 });
    expect(await ask("POST", "small-q5_1/pull", ADMIN)).toMatchObject({ status: 202, body: { name: "small-q5_1" } });
    await expect
      .poll(async () => (await ask("GET", "small-q5_1/pull", ADMIN)).body, { timeout: 10_000 })
      .toMatchObject({ state: "done", receivedBytes: content.length });
    expect((await ask("PUT", "active", ADMIN, { final: "small-q5_1" })).body).toEqual({
      final: "small-q5_1",
      partial: "micro",
    });
    const catalog = (await ask("GET", "catalog", ADMIN)).body as unknown as { name: string }[];
    expect(catalog.find(({ name }) => name === "small-q5_1")).toMatchObject({ installed: true, usedFor: ["final"] });
    expect(catalog.find(({ name }) => name === "medium")).toMatchObject({ installed: false, usedFor: [] });
  });

  it("tell of a download that failed, with the reason", async () => {
    const { ask } = await guardedServer();
    await ask("POST", "tiny/pull", ADMIN);
    await expect
      .poll(async () => (await ask("GET", "tiny/pull", ADMIN)).body, { timeout: 10_000 })
      .toMatchObject({
        state: "failed",
        code: "bad_model",
        message: expect.stringMatching(/has the SHA-1 .* instead of/),
      });
  });

  it("are no longer fetched when somebody thinks better of it, and what has come is kept", async () => {
    let isPatient = false;
    const ranges: (string | undefined)[] = [];
    const { ask } = await guardedServer((request, response) => {
      ranges.push(request.headers.range);
      if (isPatient) return serve(request, response);
      response.writeHead(200, { etag: ETAG, "content-length": content.length }).write(content.subarray(0, 50_000));
    });
    expect(await ask("DELETE", "small-q5_1/pull", ADMIN)).toMatchObject({ status: 404 });
    await ask("POST", "small-q5_1/pull", ADMIN);
    await expect
      .poll(async () => (await ask("GET", "small-q5_1/pull", ADMIN)).body)
      .toMatchObject({ state: "downloading", receivedBytes: 50_000 });
    expect(await ask("DELETE", "small-q5_1/pull", ADMIN)).toMatchObject({ status: 204 });
    expect(await ask("GET", "small-q5_1/pull", ADMIN)).toMatchObject({ status: 404 });
    isPatient = true;
    await ask("POST", "small-q5_1/pull", ADMIN);
    await expect
      .poll(async () => (await ask("GET", "small-q5_1/pull", ADMIN)).body, { timeout: 10_000 })
      .toMatchObject({ state: "done" });
    expect(ranges.at(-1)).toBe("bytes=50000-");
  });

  it("of one's own are in the catalogue as soon as they are asked for", async () => {
    const { ask } = await guardedServer((_, response) => response.writeHead(200).flushHeaders());
    await ask("POST", "ours/pull", ADMIN);
    const catalog = (await ask("GET", "catalog", ADMIN)).body as unknown as { name: string }[];
    expect(catalog.find(({ name }) => name === "ours")).toMatchObject({ installed: false, pull: { name: "ours" } });
  });

  it.each([
    ["POST", "small-q5_1/pull"],
    ["GET", "small-q5_1/pull"],
    ["DELETE", "small-q5_1/pull"],
    ["PUT", "active"],
    ["GET", "active"],
    ["GET", "catalog"],
  ])("%s %s is for admins", async (method, route) => {
    const { ask } = await guardedServer();
    expect(await ask(method, route, USER, method === "PUT" ? { final: "micro" } : undefined)).toMatchObject({
      status: 403,
    });
    expect(await ask(method, route, "wrong-key-0123456789abcdef")).toMatchObject({ status: 401 });
  });

  it("never fetch a file outside the folder", async () => {
    const { ask } = await guardedServer();
    expect(await ask("POST", "..%2F..%2Fetc%2Fpasswd/pull", ADMIN)).toMatchObject({ status: 404 });
  });

  it("are switched over the control channel, by admins only", async () => {
    const { directory, http } = await guardedServer();
    copyFileSync(microModel, path.join(directory, "ggml-ours.bin"));
    const command = async (key: string, fields: object) => {
      const socket = new WebSocket(http.replace("http", "ws"), { headers: { authorization: `Bearer ${key}` } });
      onTestFinished(() => socket.terminate());
      await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
      const reply = new Promise<string>((resolve) => socket.once("message", (data) => resolve(String(data))));
      socket.send(JSON.stringify(fields));
      return JSON.parse(await reply) as Record<string, unknown>;
    };
    expect(await command(USER, { command: "switch_model", final: "ours" })).toMatchObject({ status: "error" });
    expect(await command(ADMIN, { command: "switch_model" })).toMatchObject({ status: "error" });
    expect(await command(ADMIN, { command: "switch_model", final: "ours" })).toMatchObject({
      status: "success",
      value: { final: "ours", partial: "micro" },
    });
    expect(await command(ADMIN, { command: "pull_model", name: "small-q5_1" })).toMatchObject({
      status: "success",
      value: { name: "small-q5_1" },
    });
  });
});
