import { execFileSync, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { DASHBOARD_FILE, rendered } from "../../../../scripts/generate-dashboard.mjs";
import type { ServerLoad } from "../../src/observability/server-load.js";
import { recording } from "../support/recordings.js";
import { stream } from "../support/stream-client.js";
import { createTestServer, type TestServer } from "../support/test-server.js";

const DOCKER = fileURLToPath(new URL("../../../../docker/", import.meta.url));
const has = (program: string) => {
  try {
    execFileSync(program, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer({ maxSessions: 2 });
  await stream(server.url, recording("en_01"), { pace: 1 });
});
afterAll(() => server.server.close());

const exposition = async () => (await fetch(`${server.http}/metrics`)).text();

/** The sum of all series of a metric. */
function total(text: string, name: string): number {
  const values = [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, "gm"))].map(([, value]) =>
    Number(value),
  );
  expect(values.length, name).toBeGreaterThan(0);
  return values.reduce((sum, value) => sum + value, 0);
}

describe("/metrics", () => {
  it("tells what a client's utterance cost", async () => {
    const text = await exposition();
    const { seconds } = recording("en_01");
    expect(total(text, "stt_finals_total")).toBe(1);
    expect(total(text, "stt_final_latency_seconds_count")).toBe(1);
    expect(total(text, "stt_audio_seconds_total")).toBeCloseTo(seconds, 1);
    expect(total(text, "stt_inference_seconds_count")).toBeGreaterThan(0);
    expect(total(text, "stt_queue_wait_seconds_count")).toBeGreaterThan(0);
    expect(total(text, "stt_realtime_factor_count")).toBeGreaterThan(0);
    expect(total(text, "stt_vad_lag_seconds_count")).toBeGreaterThan(0);
    expect(total(text, "stt_sessions_active")).toBe(0);
    expect(total(text, "stt_sessions_capacity")).toBe(2);
    expect(total(text, "stt_ready")).toBe(1);
    expect(total(text, "process_resident_memory_bytes")).toBeGreaterThan(0);
    expect(total(text, "stt_inference_memory_bytes")).toBeGreaterThan(0);
  });

  it("does not take the wait of a file, which comes faster than speech, for one of people", async () => {
    const waits = async () => {
      const text = await exposition();
      return [total(text, "stt_final_latency_seconds_count"), total(text, "stt_first_partial_seconds_count")];
    };
    const before = await waits();
    const { finals } = await stream(server.url, recording("en_paragraph_1"));
    expect(total(await exposition(), "stt_finals_total")).toBe(1 + finals.length);
    expect(await waits()).toEqual(before);
  });

  it("counts who was turned away, and who came back", async () => {
    const sockets = [1, 2, 3].map(() =>
      stream(server.url, recording("en_02"), { pace: 1, reconnect: { enabled: false } }),
    );
    const results = await Promise.allSettled(sockets);
    expect(results.filter(({ status }) => status === "rejected")).toHaveLength(1);
    expect(await exposition()).toMatch(/^stt_sessions_rejected_total\{reason="capacity"\} [1-9]/m);
  });

  it("has every metric that the dashboard and the alerts ask for", async () => {
    const text = await exposition();
    const asked = `${rendered()}${readFileSync(`${DOCKER}prometheus/alerts.yml`, "utf8")}`;
    const names = new Set([...asked.matchAll(/\b((?:stt|process|nodejs)_[a-z0-9_]+)\b/g)].map(([, name]) => name!));
    names.delete("stt_sessions");
    expect(names.size).toBeGreaterThan(20);
    for (const name of names)
      expect(text, name).toMatch(new RegExp(`^# TYPE ${name.replace(/_(bucket|count|sum)$/, "")} `, "m"));
  });

  it("is in the form that promtool takes", async (context) => {
    if (!has("promtool")) context.skip("promtool is not installed");
    const output = execFileSync("promtool", ["check", "metrics"], {
      input: await exposition(),
      encoding: "utf8",
      stdio: "pipe",
    });
    expect(output).toBe("");
  });

  it("is scraped by a real Prometheus", async (context) => {
    if (!has("prometheus")) context.skip("Prometheus is not installed");
    const directory = await mkdtemp(path.join(tmpdir(), "stt-prometheus-"));
    const port = await freePort();
    const config = path.join(directory, "prometheus.yml");
    const targets = `127.0.0.1:${server.ports.controlPort}`;
    await writeFile(
      config,
      `global: { scrape_interval: 1s }\nrule_files: [${DOCKER}prometheus/alerts.yml]\nscrape_configs: [{ job_name: stt, static_configs: [{ targets: ["${targets}"] }] }]\n`,
    );
    const prometheus = spawn(
      "prometheus",
      [`--config.file=${config}`, `--storage.tsdb.path=${directory}/data`, `--web.listen-address=127.0.0.1:${port}`],
      { stdio: "ignore" },
    );
    try {
      const query = async (expression: string) => {
        const url = `http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(expression)}`;
        const { data } = (await (await fetch(url)).json()) as { data: { result: { value: [number, string] }[] } };
        return data.result.map(({ value }) => Number(value[1]));
      };
      await vi.waitFor(async () => expect(await query("stt_finals_total > 0")).toHaveLength(1), {
        timeout: 15_000,
        interval: 250,
      });
      expect(await query('up{job="stt"}')).toEqual([1]);
    } finally {
      prometheus.kill("SIGKILL");
      await new Promise((resolve) => prometheus.once("exit", resolve));
      await rm(directory, { recursive: true, force: true });
    }
  });
});

describe("monitoring files", () => {
  it("have the dashboard as its generator writes it", () => {
    expect(JSON.parse(readFileSync(DASHBOARD_FILE, "utf8"))).toEqual(JSON.parse(rendered()));
  });

  it("have rules and a configuration that promtool takes, and alerts that fire when they should", (context) => {
    if (!has("promtool")) context.skip("promtool is not installed");
    for (const args of [
      ["check", "config", "prometheus.yml"],
      ["test", "rules", "alerts.test.yml"],
    ]) {
      expect(execFileSync("promtool", args, { cwd: `${DOCKER}prometheus`, encoding: "utf8" })).toContain("SUCCESS");
    }
  });
});

describe("/v1/load", () => {
  it("tells a balancer how busy the server is", async () => {
    const load = (await (await fetch(`${server.http}/v1/load`)).json()) as ServerLoad;
    expect(load).toMatchObject({ ready: true, sessions: 0, speaking: 0, capacity: 2 });
    expect(load.load).toBeGreaterThanOrEqual(0);
    expect(load.load).toBeLessThanOrEqual(1);
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
