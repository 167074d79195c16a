import { type ChildProcess, execFile, spawn } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { wordErrorRate } from "@stt/core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = readFileSync(path.join(root, "docs/getting-started.md"), "utf8");
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"))].map(([, block]) => block!);

/** What a reader types while a server runs; the others install, start one, or wait for a microphone. */
const commands = blocks("sh")
  .flatMap((block) => block.split("\n"))
  .filter((line) => /^curl |^npx mic-stream (status|transcribe)/.test(line));

const freePort = () =>
  new Promise<number>((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });

describe("docs/getting-started.md", () => {
  let server: ChildProcess;
  let ports: { control: number; data: number };
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    ports = { control: await freePort(), data: await freePort() };
    env = {
      ...process.env,
      SERVER_HOST: "localhost",
      CONTROL_PORT: String(ports.control),
      DATA_PORT: String(ports.data),
      // As a newcomer has it, without a network.
      WHISPER_MODEL: "auto",
      REALTIME_MODEL_TYPE: "auto",
      MODEL_DOWNLOAD: "false",
      BEAM_SIZE: "1",
      BEAM_SIZE_REALTIME: "1",
      LANGUAGE: "auto",
    };
    server = spawn(process.execPath, ["packages/server/bin/stt-server.js"], { cwd: root, env, stdio: "ignore" });
    const ready = async () => (await fetch(`http://127.0.0.1:${ports.control}/readyz`)).ok;
    await vi.waitFor(async () => expect(await ready()).toBe(true), { timeout: 60_000, interval: 100 });
  }, 70_000);

  afterAll(async () => {
    const gone = new Promise((resolve) => server.once("exit", resolve));
    server.kill();
    await gone;
  });

  const here = (text: string) => text.replaceAll("8011", String(ports.control)).replaceAll("8012", String(ports.data));

  it("has commands to run", () => {
    expect(commands.length).toBeGreaterThanOrEqual(6);
  });

  it.each(commands)(
    "%s",
    async (command) => {
      const line = here(command).replace(
        "npx mic-stream",
        `${process.execPath} packages/client-node/bin/mic-stream.js`,
      );
      const { stdout } = await promisify(execFile)("bash", ["-c", line], { cwd: root, env });
      expect(stdout.trim()).not.toBe("");
      expect(stdout).not.toContain('"error"');
    },
    60_000,
  );

  it("has a program that transcribes", async () => {
    const file = path.join(root, "packages/client-node", `.getting-started-${process.pid}.mjs`);
    writeFileSync(file, here(blocks("ts")[0]!));
    try {
      const { stdout } = await promisify(execFile)(process.execPath, [file], { cwd: root });
      const transcripts = JSON.parse(readFileSync(path.join(root, "samples/human/transcripts.json"), "utf8"));
      expect(wordErrorRate(transcripts["en_kennedy.wav"].text, stdout).errors, stdout).toBe(0);
    } finally {
      rmSync(file, { force: true });
    }
  }, 60_000);
});
