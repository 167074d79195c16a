/** The commands of the pages, typed one after the other as their readers would, against a server, a mirror of models and recordings. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttp, type Server } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const MODEL = path.join(root, "packages/server/models/ggml-micro-q8_0.bin");
const folder = mkdtempSync(path.join(tmpdir(), "stt-pages-"));
const models = path.join(folder, "models");
const keys = path.join(folder, "keys.json");
const bin = path.join(folder, "bin");
const env: Record<string, string | undefined> = { ...process.env, LC_ALL: "C.UTF-8" };

let server: ChildProcess;
let mirror: Server;

function blocks(page: string): string[] {
  const text = readFileSync(path.join(root, "docs", page), "utf8");
  return [...text.matchAll(/^```(?:sh|bash)\n([\s\S]*?)^```/gm)].map(([, block]) => block!.replace(/\\\n\s*/g, " "));
}

/** Lines of the pages that begin like this. Fails when a page has none any more. */
function lines(page: string, pattern: RegExp): string[] {
  const found = blocks(page)
    .flatMap((block) => block.split("\n"))
    .map((line) => line.replace(/\s{2,}#.*$/, "").trim())
    .filter((line) => pattern.test(line));
  expect(found, `${page} ${pattern}`).not.toEqual([]);
  return found;
}

async function type(line: string): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)("bash", ["-o", "pipefail", "-ec", line], { cwd: folder, env });
  return stdout + stderr;
}

const freePort = () =>
  new Promise<number>((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });

/** `npm link` for this test alone. */
function installPrograms(): void {
  mkdirSync(bin);
  const programs = {
    "stt-server": "packages/server/bin/stt-server.js",
    "mic-stream": "packages/client-node/bin/mic-stream.js",
  };
  for (const [name, file] of Object.entries(programs)) {
    const script = `#!/bin/sh\nexec '${process.execPath}' '${path.join(root, file)}' "$@"\n`;
    writeFileSync(path.join(bin, name), script, { mode: 0o755 });
  }
  writeFileSync(path.join(bin, "npx"), '#!/bin/sh\nexec "$@"\n', { mode: 0o755 });
  env.PATH = `${bin}:${process.env.PATH}`;
}

beforeAll(async () => {
  installPrograms();
  mirror = createHttp((request, response) => {
    if (request.url?.endsWith(".sha256")) return void response.writeHead(404).end();
    response.end(readFileSync(MODEL));
  }).listen(0, "127.0.0.1");
  const [control, data] = [await freePort(), await freePort()];
  Object.assign(env, {
    SERVER_HOST: "localhost",
    CONTROL_PORT: String(control),
    DATA_PORT: String(data),
    WHISPER_MODEL: "micro",
    REALTIME_MODEL_TYPE: "micro",
    LANGUAGE: "auto",
    MODEL_DIR: models,
    MODEL_BASE_URL: `http://127.0.0.1:${(mirror.address() as AddressInfo).port}`,
    API_KEYS_FILE: keys,
  });
  for (const name of ["en_01", "en_02", "en_05"]) {
    mkdirSync(path.join(folder, "samples"), { recursive: true });
    copyFileSync(path.join(root, `samples/${name}.wav`), path.join(folder, `samples/${name}.wav`));
  }
  copyFileSync(path.join(root, "samples/en_01.wav"), path.join(folder, "speech.mp3"));
});

afterAll(async () => {
  mirror.close();
  if (server) {
    const gone = new Promise((resolve) => server.once("exit", resolve));
    server.kill();
    await gone;
  }
  rmSync(folder, { recursive: true, force: true });
}, 30_000);

const here = (line: string) =>
  line.replaceAll(":8011", `:${env.CONTROL_PORT}`).replaceAll(":8012", `:${env.DATA_PORT}`);

describe("the commands of", { timeout: 60_000 }, () => {
  it("access.md make, show and withdraw keys", async () => {
    const [first, ...others] = lines("access.md", /^stt-server keys /);
    env.KEY = /^\s*(\S{20,})$/m.exec(await type(first!))?.[1];
    expect(env.KEY, "a key").toBeDefined();
    for (const line of others.filter((each) => !each.includes("revoke"))) expect(await type(line)).not.toBe("");
    expect(await type("stt-server keys list")).toMatch(/my-app[\s\S]*operator[\s\S]*partner/);
    await type(others.find((line) => line.includes("revoke"))!);
    expect(await type("stt-server keys list")).not.toContain("partner");
    const admin = await type("stt-server keys add all --scope admin transcribe metrics");
    env.ADMIN = /^\s*(\S{20,})$/m.exec(admin)?.[1];
  });

  it("troubleshooting.md find nothing wrong before the start", async () => {
    const [check] = lines("troubleshooting.md", /stt-server --check/);
    expect(await type(check!)).toMatch(/ok/i);
  });

  it("access.md show a key to a server", async () => {
    server = spawn(path.join(bin, "stt-server"), { env, stdio: "ignore" });
    const isReady = async () => (await fetch(here("http://localhost:8011/readyz"))).ok;
    await vi.waitFor(async () => expect(await isReady()).toBe(true), { timeout: 30_000, interval: 100 });
    const [tokens] = lines("access.md", /^curl /);
    expect(JSON.parse(/\{.*\}/.exec(await type(here(tokens!)))![0])).toHaveProperty("token");
    const [status] = lines("access.md", /mic-stream status/);
    expect(await type(status!)).toMatch(/ready/);
    env.STT_TOKEN = env.KEY;
  });

  it("openai.md transcribe a file", async () => {
    const [curl] = lines("openai.md", /^curl /);
    expect(await type(here(curl!))).toMatch(/00:00:00,\d+ --> [\s\S]*calendar/);
  });

  it("terminal.md transcribe many files, and what another program sends", async () => {
    const [transcribe] = lines("terminal.md", /^mic-stream transcribe /);
    await type(transcribe!);
    expect(readFileSync(path.join(folder, "texts/en_01.srt"), "utf8")).toMatch(/^1\n[\s\S]*calendar/);
    const [pipe] = lines("terminal.md", /^ffmpeg /);
    // The file stands for what ffmpeg would write, which not every machine has.
    const sent = pipe!.replace(/^ffmpeg -i \S+ -f wav -/, "cat samples/en_01.wav");
    expect(sent).not.toBe(pipe);
    expect(await type(sent)).toContain("calendar");
  });

  it("models.md list, fetch, verify and remove", async () => {
    for (const line of lines("models.md", /^npx stt-server models list/)) expect(await type(line)).toContain("base");
    const [own] = lines("models.md", /^MODEL_BASE_URL=/);
    // Whisper's own would not have the checksums of the table here.
    const pull = own!.replace(/^MODEL_BASE_URL=\S+ /, "").replace(" medium ", " ");
    expect(await type(pull)).toContain("ggml-our-own.bin");
    for (const line of lines("models.md", /^npx stt-server models verify/))
      expect(await type(line)).toMatch(/^ok +our-own/m);
    const [remove] = lines("models.md", /^npx stt-server models remove/);
    await type(remove!.replace("small", "our-own"));
    expect(existsSync(path.join(models, "ggml-our-own.bin"))).toBe(false);
  });

  it("models.md fetch and switch while the server runs", async () => {
    const authorised = (line: string) =>
      here(line).replaceAll("small", "our-own").replace("curl -s", 'curl -sf -H "Authorization: Bearer $ADMIN"');
    const curls = lines("models.md", /^curl /).map(authorised);
    const find = (what: RegExp) => curls.find((line) => what.test(line))!;
    expect(await type(find(/POST/))).toContain("our-own");
    await vi.waitFor(async () => expect(await type(find(/POST/).replace("-X POST ", ""))).toContain('"done"'), {
      timeout: 20_000,
    });
    expect(JSON.parse(await type(find(/PUT/)))).toMatchObject({ final: "our-own" });
    const catalog = JSON.parse(await type(find(/catalog/))) as { name: string; usedFor: string[] }[];
    expect(catalog.find(({ name }) => name === "our-own")?.usedFor).toEqual(["final"]);
  });

  it("observability.md show the load", async () => {
    const [load] = lines("observability.md", /^curl .*load/);
    expect(JSON.parse(await type(here(load!)))).toMatchObject({ ready: true });
  });
});
