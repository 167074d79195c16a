import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { createLogger } from "../../src/observability/logger.js";
import { newApiKey } from "../../src/security/api-key.js";
import { RawSocket } from "../support/raw-socket.js";
import { bearer, guardedServer, KeyFile, knock } from "../support/secure-server.js";

function memoryLog(format: "json" | "pretty") {
  let text = "";
  const destination = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  return { log: createLogger({ level: "trace", format, destination }), text: () => text };
}

describe.each(["json", "pretty"] as const)("a log in %s", (format) => {
  it("holds no key and no token after everything that a caller can do with one", async () => {
    const { log, text } = memoryLog(format);
    const file = await KeyFile.create();
    const key = await file.add("app", { limits: { sessions: 1 } });
    const environmentKey = `plain-${"0123456789abcdef".repeat(2)}`;
    const wrong = newApiKey();
    const tokenSecret = "the-secret-of-a-whole-fleet-of-servers";
    const config = {
      apiKeysFile: file.path,
      apiKeys: `env:${environmentKey}`,
      tokenSecret,
      logLevel: "trace" as const,
    };
    const { url, http, server } = await guardedServer(config, { log });

    const answer = await fetch(`${http}/v1/tokens?key=${key}`, { method: "POST", headers: bearer(key) });
    const { token } = (await answer.json()) as { token: string };
    for (const shown of [key, environmentKey, wrong, token, `${token}x`]) {
      await knock(url);
      await knock(`${url}?token=${shown}`, { headers: bearer(shown) });
      await knock(url, { protocols: ["stt.v1", `stt.bearer.${shown}`] });
      await knock(`${http.replace("http", "ws")}/nothing/${shown}`).catch(() => {});
      await fetch(`${http}/v1/nothing?token=${shown}`, { headers: bearer(shown) });
    }
    const broken = await RawSocket.open(url, { headers: bearer(environmentKey) });
    broken.text(`{"type":"${key}","token":"${token}"`);
    await broken.ended();
    await file.break();
    await server.reload();
    log.info({ headers: bearer(key), token, apiKeys: environmentKey }, `Bearer ${environmentKey} and ${token}`);

    if (format === "json") for (const line of text().trim().split("\n")) JSON.parse(line);
    expect(text()).toContain("Bearer KEY");
    expect(text()).toContain("refused");
    expect(text()).toContain("stay in force");
    expect(text()).toContain("[secret]");
    for (const secret of [key, environmentKey, wrong, token, token.split(".")[2]!, tokenSecret])
      expect(text()).not.toContain(secret);
  });
});
