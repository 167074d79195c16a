import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestServer, type TestServer } from "../../server/test/support/test-server.js";
import { deviceHolders } from "../src/diagnosis/device-holders.js";
import type { Finding } from "../src/diagnosis/finding.js";
import { runCli } from "./support/run-cli.js";
import { freePort } from "./support/server-process.js";

let server: TestServer;
let folder: string;
beforeAll(async () => {
  server = await createTestServer();
  folder = mkdtempSync(join(tmpdir(), "stt-doctor-"));
}, 60_000);
afterAll(async () => {
  await server?.server.close();
  rmSync(folder, { recursive: true, force: true });
});

const atServer = () => ({
  SERVER_HOST: "127.0.0.1",
  CONTROL_PORT: `${server.ports.controlPort}`,
  DATA_PORT: `${server.ports.dataPort}`,
});

describe("mic-stream status", { timeout: 30_000 }, () => {
  it("tells models, device and latency of a real server", async () => {
    const { code, stdout, stderr } = await runCli(["status"], atServer());
    expect(stdout).toMatch(
      /^server +ws:\/\/127\.0\.0\.1:\d+\/v1\/stream\nstate +ready\nmodel +micro\nlive text +micro\ndevice +cpu\n/,
    );
    expect(stdout).toMatch(/^latency +\d+\.\d \(\d+\.\d-\d+\.\d\) ms$/m);
    expect(stderr).toBe("");
    expect(code).toBe(0);
  });

  it("prints a JSON object of a fixed shape, with a server and without", async () => {
    const { stdout } = await runCli(["status", "--json"], atServer());
    const report = JSON.parse(stdout) as { latenciesMs: number[]; latencyMs: number };
    expect(report).toMatchObject({ ready: true, model: "micro", realtimeModel: "micro", device: "cpu", error: null });
    expect(report.latenciesMs).toHaveLength(3);
    expect(report.latencyMs).toBeGreaterThan(0);
    const without = await runCli(["status", "--json", "--url", "ws://127.0.0.1:1"]);
    expect(Object.keys(JSON.parse(without.stdout) as object)).toEqual(Object.keys(report));
    expect(JSON.parse(without.stdout)).toMatchObject({ ready: false, error: { code: "connection_failed" } });
    expect(without.stderr).toContain("--url or SERVER_HOST");
    expect(without.code).toBe(1);
  });
});

describe("mic-stream doctor", { timeout: 60_000 }, () => {
  const examine = async (env: Record<string, string>) => {
    const { code, stdout } = await runCli(["doctor", "--json"], env);
    const { ok, findings } = JSON.parse(stdout) as { ok: boolean; findings: Finding[] };
    return { code, ok, of: (id: string) => findings.find((finding) => finding.id === id), findings };
  };

  it("finds no server: which port, and what to do, in the person's language", async () => {
    const [control, data] = [await freePort(), await freePort()];
    const { code, stdout } = await runCli(["doctor"], {
      SERVER_HOST: "127.0.0.1",
      CONTROL_PORT: `${control}`,
      DATA_PORT: `${data}`,
      LANG: "ru_RU.UTF-8",
    });
    expect(stdout).toContain(`✕ CONTROL_PORT: на 127.0.0.1:${control} никто не слушает.\n  → запустите там сервер`);
    expect(stdout).toContain(`✕ DATA_PORT: на 127.0.0.1:${data} никто не слушает.\n  → запустите там сервер`);
    expect(code).toBe(1);
  });

  it("gives every finding that is not well a remedy", async () => {
    const { findings } = await examine({ SERVER_HOST: "no-such-host.invalid" });
    const sick = findings.filter(({ status }) => status !== "ok");
    expect(sick.length).toBeGreaterThan(1);
    for (const { remedy } of sick) expect(remedy).toMatch(/\S/);
  });

  it("finds the server on both ports, and opens a session", async () => {
    const { of } = await examine(atServer());
    expect(of("versions")).toMatchObject({ status: "ok", finding: expect.stringContaining(process.versions.node) });
    expect(of("control")).toMatchObject({ status: "ok" });
    expect(of("data")).toMatchObject({ status: "ok" });
    expect(of("session")).toMatchObject({ status: "ok", finding: expect.stringContaining("model micro") });
  });

  it("tells another program's port from a server", async () => {
    const other = createServer((_, response) => response.end("hello")).listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const { port } = other.address() as AddressInfo;
    const { of, ok } = await examine({ ...atServer(), DATA_PORT: `${port}` });
    other.close();
    expect(of("data")).toMatchObject({
      status: "broken",
      finding: expect.stringContaining("no server of ours (HTTP 200)"),
    });
    expect(of("session")).toBeUndefined();
    expect(ok).toBe(false);
  });

  it("finds a busy microphone", async () => {
    // No sound server, and an arecord that says what the real one says of a device in use.
    const program = join(folder, "arecord");
    writeFileSync(
      program,
      "#!/bin/sh\necho 'arecord: main:831: audio open error: Device or resource busy' >&2\nexit 1\n",
    );
    chmodSync(program, 0o755);
    const { of, code } = await examine({
      ...atServer(),
      PATH: `${folder}:${process.env.PATH}`,
      PULSE_SERVER: "unix:/nonexistent",
      ALSA_CONFIG_PATH: "/nonexistent",
    });
    expect(of("microphone")).toMatchObject({
      status: "broken",
      finding: expect.stringContaining("busy"),
      remedy: expect.stringContaining("close the program"),
    });
    expect(code).toBe(1);
  });

  it("names the programs that hold a recording device", async () => {
    const proc = join(folder, "proc");
    for (const [number, command, target] of [
      ["4711", "zoom", "/dev/snd/pcmC0D0c"],
      ["4712", "player", "/dev/snd/pcmC0D0p"],
    ] as const) {
      mkdirSync(join(proc, number, "fd"), { recursive: true });
      writeFileSync(join(proc, number, "comm"), `${command}\n`);
      symlinkSync(target, join(proc, number, "fd", "7"));
    }
    expect(await deviceHolders(proc)).toEqual(["zoom (4711)"]);
  });
});
