import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connect } from "node:tls";
import { generate } from "selfsigned";
import { describe, expect, it } from "vitest";
import { RawSocket } from "../support/raw-socket.js";
import { guardedServer, later, MemoryLog, temporaryFolder } from "../support/secure-server.js";

const DAY_MS = 86_400_000;

interface Pair {
  cert: string;
  private: string;
}

function pairFor(name: string, { from = 0, to = 30 }: { from?: number; to?: number } = {}): Promise<Pair> {
  return generate([{ name: "commonName", value: name }], {
    keyType: "ec",
    notBeforeDate: new Date(Date.now() + from * DAY_MS - 1000),
    notAfterDate: new Date(Date.now() + to * DAY_MS),
  });
}

async function filesOf({ cert, private: key }: Pair) {
  const folder = await temporaryFolder();
  const files = { tlsCertFile: join(folder, "cert.pem"), tlsKeyFile: join(folder, "key.pem") };
  await writeFile(files.tlsCertFile, cert);
  await writeFile(files.tlsKeyFile, key);
  return files;
}

/** The name in the certificate that a port shows. */
async function nameShownAt(port: number): Promise<string> {
  const socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false });
  await once(socket, "secureConnect");
  const { raw } = socket.getPeerCertificate();
  socket.destroy();
  return new X509Certificate(raw).subject;
}

describe("a server with a certificate", () => {
  it("speaks wss and https on both ports, and nothing in the clear", async () => {
    const files = await filesOf(await pairFor("one.example.org"));
    const { ports } = await guardedServer({ ...files, pingIntervalMs: 100 });
    for (const port of [ports.controlPort, ports.dataPort]) {
      expect(await nameShownAt(port)).toBe("CN=one.example.org");
      const url = `wss://127.0.0.1:${port}/v1/stream`;
      const socket = await RawSocket.start(url, {}, { rejectUnauthorized: false });
      later(() => socket.close());
      await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
    }
  });

  it("does not take a quiet client for a dead one, and drops a dead one", async () => {
    const files = await filesOf(await pairFor("one.example.org"));
    const { ports, server } = await guardedServer({ ...files, pingIntervalMs: 150 });
    const url = `wss://127.0.0.1:${ports.dataPort}/v1/stream`;
    const quiet = await RawSocket.start(url, {}, { rejectUnauthorized: false });
    const dead = await RawSocket.start(url, {}, { rejectUnauthorized: false, autoPong: false });
    later(() => quiet.close());
    await dead.ended();
    expect(quiet.closed).toBeUndefined();
    expect(server.sessions).toBe(1);
  });

  it("shows a renewed one to new connections, and open ones stay", async () => {
    const files = await filesOf(await pairFor("old.example.org"));
    const { ports } = await guardedServer(files);
    const url = `wss://127.0.0.1:${ports.dataPort}/v1/stream`;
    const session = await RawSocket.start(url, {}, { rejectUnauthorized: false });
    later(() => session.close());
    const renewed = await pairFor("new.example.org");
    await writeFile(files.tlsCertFile, renewed.cert);
    await writeFile(files.tlsKeyFile, renewed.private);
    await expect.poll(() => nameShownAt(ports.dataPort)).toBe("CN=new.example.org");
    expect(await nameShownAt(ports.controlPort)).toBe("CN=new.example.org");
    session.json({ type: "ping", id: 1 });
    await session.next("pong");
  });

  it("keeps the former when the new one is broken, and says so", async () => {
    const files = await filesOf(await pairFor("good.example.org"));
    const log = new MemoryLog();
    const { ports, server } = await guardedServer(files, { log });
    await writeFile(files.tlsCertFile, (await pairFor("stranger.example.org")).cert);
    await server.reload();
    expect(log.messages("error")).toContainEqual(
      expect.stringMatching(/not the one of the certificate.*stays in force/),
    );
    expect(await nameShownAt(ports.dataPort)).toBe("CN=good.example.org");
  });

  it("warns two weeks before it expires", async () => {
    const log = new MemoryLog();
    await guardedServer(await filesOf(await pairFor("short.example.org", { to: 10 })), { log });
    expect(log.messages("warn")).toContainEqual(expect.stringMatching(/cert\.pem expires on \d{4}-/));
  });
});

describe("a server does not start", () => {
  async function refusal(config: Parameters<typeof guardedServer>[0]): Promise<{ code: string; message: string }> {
    return guardedServer(config).then(
      () => ({ code: "started", message: "" }),
      (error) => error,
    );
  }

  it("with one file of the two", async () => {
    expect(await refusal({ tlsCertFile: "/cert.pem" })).toMatchObject({
      code: "invalid_config",
      message: expect.stringMatching(/TLS_CERT_FILE is set and TLS_KEY_FILE is not/),
    });
  });

  it("with a file that is not there", async () => {
    const files = await filesOf(await pairFor("x"));
    expect(await refusal({ ...files, tlsKeyFile: "/nowhere/key.pem" })).toMatchObject({
      code: "io_error",
      message: expect.stringMatching(/\/nowhere\/key\.pem \(TLS_KEY_FILE\).*ENOENT/),
    });
  });

  it("with a file that is something else", async () => {
    const files = await filesOf({ ...(await pairFor("x")), cert: "hello" });
    expect(await refusal(files)).toMatchObject({
      code: "invalid_config",
      message: expect.stringMatching(/cert\.pem \(TLS_CERT_FILE\) does not hold a certificate/),
    });
  });

  it("with the key of another certificate", async () => {
    const [one, other] = [await pairFor("one"), await pairFor("other")];
    const files = await filesOf({ cert: one.cert, private: other.private });
    expect(await refusal(files)).toMatchObject({
      code: "invalid_config",
      message: expect.stringMatching(/key\.pem \(TLS_KEY_FILE\) is not the one of the certificate/),
    });
  });

  it.each([
    ["that has expired", { from: -30, to: -1 }, /expired on/],
    ["from the future", { from: 1, to: 30 }, /good only from/],
  ])("with a certificate %s", async (_, days, says) => {
    expect(await refusal(await filesOf(await pairFor("x", days)))).toMatchObject({
      code: "invalid_config",
      message: expect.stringMatching(says),
    });
  });
});
