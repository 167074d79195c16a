/** docs/deployment.md and docs/observability.md as an operator without containers follows them: two servers, a balancer, graphs. */
import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { dashboard } from "../generate-dashboard.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = (name: string) => readFileSync(path.join(root, "docs", name), "utf8");
const has = (program: string) => {
  try {
    execFileSync("which", [program], { env: { PATH: `${process.env.PATH}:/usr/sbin` } });
    return true;
  } catch {
    return false;
  }
};

const lines = page("deployment.md").split("\n");
const processes = lines.filter((line) => /stt-server &$|haproxy -f .* &$/.test(line));
const transcribe = lines.find((line) => line.startsWith("npx mic-stream transcribe"))!;
const scrape = /^```yaml\n(global:[\s\S]*?)^```/m.exec(page("observability.md"))![1]!;
const prometheus = page("observability.md")
  .split("\n")
  .find((line) => line.startsWith("prometheus --config"))!;

/** The ports of the pages, each of which the test replaces by a free one. */
const PORTS = ["8012", "8021", "8022", "8031", "8032", "8404", "9090"];

const freePort = () =>
  new Promise<number>((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });

describe.skipIf(!has("haproxy") || !has("prometheus"))("two servers behind a balancer", { timeout: 120_000 }, () => {
  const started: ChildProcess[] = [];
  const gone: Promise<unknown>[] = [];
  const ports = new Map<string, string>();
  let folder: string;
  const url = (port: string, rest: string) => `http://127.0.0.1:${ports.get(port)}${rest}`;

  const here = (command: string) =>
    command
      .replace(new RegExp(`\\b(${PORTS.join("|")})\\b`, "g"), (port) => ports.get(port)!)
      .replace("npx stt-server", `exec ${process.execPath} packages/server/bin/stt-server.js`)
      .replace("npx mic-stream", `${process.execPath} packages/client-node/bin/mic-stream.js`)
      .replace("haproxy -f", "exec haproxy -f")
      .replace(/^prometheus /, "exec prometheus ")
      .replace("/tmp/prometheus", path.join(folder, "data"))
      .replace("file=prometheus.yml", `file=${path.join(folder, "prometheus.yml")}`)
      .replace(/ &$/, "");

  const env = () => ({
    ...process.env,
    PATH: `${process.env.PATH}:/usr/sbin`,
    WHISPER_MODEL: "micro",
    REALTIME_MODEL_TYPE: "micro",
    SERVER_HOST: "localhost",
    DATA_PORT: ports.get("8012")!,
    STT_STATS: `127.0.0.1:${ports.get("8404")}`,
    LANGUAGE: "auto",
  });

  const start = (command: string) => {
    const child = spawn("bash", ["-c", here(command)], { cwd: root, env: env(), stdio: "ignore" });
    started.push(child);
    gone.push(new Promise((resolve) => child.once("exit", resolve)));
    return child;
  };

  const says = async () =>
    (await promisify(execFile)("bash", ["-c", here(transcribe)], { cwd: root, env: env() })).stdout;

  const query = async (expression: string) => {
    const answer = await fetch(url("9090", `/api/v1/query?query=${encodeURIComponent(expression)}`));
    const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
    return data.result.map(({ value }) => Number(value[1]));
  };

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "stt-two-servers-"));
    for (const port of PORTS) ports.set(port, String(await freePort()));
    writeFileSync(
      path.join(folder, "prometheus.yml"),
      here(scrape).replace("docker/prometheus", path.join(root, "docker/prometheus")).replace("5s", "1s"),
    );
    for (const command of [...processes, prometheus]) start(command);
    for (const port of ["8021", "8031", "8012"]) {
      const isReady = async () => (await fetch(url(port, "/readyz"))).ok;
      await vi.waitFor(async () => expect(await isReady()).toBe(true), { timeout: 40_000, interval: 200 });
    }
  }, 60_000);

  afterAll(async () => {
    for (const child of started) child.kill();
    await Promise.all(gone);
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  it("transcribes through the balancer, on each of the servers", async () => {
    const text = JSON.parse(readFileSync(path.join(root, "samples/transcripts.json"), "utf8"))["en_01.wav"].text;
    for (let i = 0; i < 2; i++) expect((await says()).trim()).toBe(text);
    for (const port of ["8021", "8031"]) {
      expect(await (await fetch(url(port, "/metrics"))).text(), port).toMatch(/^stt_finals_total 1$/m);
    }
    expect(await (await fetch(url("8404", "/;csv"))).text()).toMatch(/^servers,stt-2,.*,UP,/m);
  });

  it("shows live numbers in the panels of the dashboard", async () => {
    await vi.waitFor(async () => expect(await query('up{job="stt"}')).toEqual([1, 1]), {
      timeout: 20_000,
      interval: 250,
    });
    await says();
    const expressions = dashboard().panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    // Nothing was refused or failed, and there may be no GPU.
    const usual = expressions.filter((expr) => !/rejected|errors|_gpu_/.test(expr));
    expect(usual.length).toBeGreaterThan(20);
    for (const expression of usual) {
      const asked = expression.replaceAll("$instance", ".*").replaceAll("$__rate_interval", "1m");
      await vi.waitFor(async () => expect(await query(asked), asked).not.toEqual([]), {
        timeout: 20_000,
        interval: 250,
      });
    }
    await vi.waitFor(async () => expect(await query("sum(stt_finals_total)")).toEqual([3]), {
      timeout: 20_000,
      interval: 250,
    });
  });

  it("goes on with one server when the other is killed", async () => {
    started[0]!.kill("SIGKILL");
    await vi.waitFor(
      async () => expect(await (await fetch(url("8404", "/;csv"))).text()).toMatch(/^servers,stt-1,.*,DOWN,/m),
      {
        timeout: 20_000,
        interval: 200,
      },
    );
    expect((await says()).trim()).not.toBe("");
    await vi.waitFor(async () => expect((await query('up{job="stt"}')).sort()).toEqual([0, 1]), {
      timeout: 20_000,
      interval: 250,
    });
  });
});
