import { once } from "node:events";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { createConfig } from "@stt/core/config";
import { describe, expect, it } from "vitest";
import { accessNotices } from "../../src/security/security.js";
import { guardedServer } from "../support/secure-server.js";

const KEYS = "app:0123456789abcdef0123456789abcdef";

/** An address of this machine that is not the loopback one, if it has any. */
const outside = Object.values(networkInterfaces())
  .flat()
  .find((each) => each?.family === "IPv4" && !each.internal)?.address;

describe("a server that is told nothing", () => {
  it("listens on the loopback address", async () => {
    const { ports } = await guardedServer();
    expect(ports.host).toBe("127.0.0.1");
    expect((await fetch(`http://127.0.0.1:${ports.controlPort}/healthz`)).status).toBe(200);
  });

  it.skipIf(!outside)("is not reached by another address of this machine", async () => {
    const { ports } = await guardedServer();
    await expect(fetch(`http://${outside}:${ports.controlPort}/healthz`)).rejects.toThrow();
    const open = await guardedServer({ bindHost: "0.0.0.0" });
    expect((await fetch(`http://${outside}:${open.ports.controlPort}/healthz`)).status).toBe(200);
  });
});

describe.skipIf(!outside)("an address that opens too many connections", () => {
  it("has the next dropped, and this machine itself is not counted", async () => {
    const { ports } = await guardedServer({ bindHost: "0.0.0.0", maxConnectionsPerAddress: 1 });
    const open = async (host: string) => {
      const socket = connect(ports.controlPort, host);
      socket.on("error", () => {});
      await once(socket, "connect");
      return socket;
    };
    const first = await open(outside!);
    const second = await open(outside!);
    await once(second, "close");
    expect(first.destroyed).toBe(false);
    expect((await fetch(`http://127.0.0.1:${ports.controlPort}/healthz`)).status).toBe(200);
    first.destroy();
  });
});

describe("what an operator is told", () => {
  const told = (config: Parameters<typeof createConfig>[0]) => accessNotices(createConfig(config));

  it("is why only this machine is served, and how to change that", () => {
    expect(told({})).toEqual([{ level: "info", message: expect.stringMatching(/No API key.*127\.0\.0\.1.*keys add/) }]);
  });

  it("is a warning while everybody can come in", () => {
    expect(told({ bindHost: "0.0.0.0" })).toEqual([
      { level: "warn", message: expect.stringMatching(/NO API KEY: everybody who can reach 0\.0\.0\.0/) },
    ]);
  });

  it("is a warning while keys travel in the clear", () => {
    const message = expect.stringContaining("TLS_CERT_FILE");
    expect(told({ bindHost: "0.0.0.0", apiKeys: KEYS })).toContainEqual({ level: "warn", message });
    expect(told({ bindHost: "0.0.0.0", apiKeys: KEYS, tlsCertFile: "/c", tlsKeyFile: "/k" })).not.toContainEqual({
      level: "warn",
      message: expect.anything(),
    });
  });

  it("is that tokens end with the process, unless they do not", () => {
    const message = expect.stringContaining("TOKEN_SECRET is not set");
    expect(told({ apiKeys: KEYS })).toContainEqual({ level: "info", message });
    expect(told({ apiKeys: KEYS, tokenSecret: "x".repeat(32) })).toEqual([]);
  });
});
