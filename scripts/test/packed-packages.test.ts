/**
 * The packages as a stranger gets them: packed, installed by npm into an empty folder without a repository, a compiler or a
 * cache, and run there. Needs `npm run build` and the native build. What runs in a browser is tried out the same way in
 * packages/react/test/packed.test.ts.
 */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { wordErrorRate } from "@stt/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nativePaths } from "../../packages/server/scripts/native-cache.mjs";
import { platformPackageName } from "../../packages/server/scripts/platform-package.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);
const SAID = JSON.parse(readFileSync(path.join(root, "samples/human/transcripts.json"), "utf8"))[
  "en_austen_leisure.wav"
].text;
const NATIVE = platformPackageName();

describe.skipIf(process.platform === "win32")("the packages in an empty folder", { timeout: 60_000 }, () => {
  const scratch = mkdtempSync(path.join(os.tmpdir(), "stt-packed-"));
  const folder = path.join(scratch, "app");
  const portable = nativePaths({ portable: true });
  /** Nothing that builds, nothing that was built, nothing that npm told the process which runs the tests. */
  const env: Record<string, string> = {
    PATH: toolbox(path.join(scratch, "bin")),
    HOME: process.env.HOME ?? scratch,
    STT_CACHE_DIR: path.join(scratch, "cache"),
    LOG_FORMAT: "json",
    // What was installed has a model: nothing is fetched.
    MODEL_DOWNLOAD: "false",
    BEAM_SIZE: "1",
    BEAM_SIZE_REALTIME: "1",
    POST_SPEECH_SILENCE_DURATION: "0.5",
  };

  beforeAll(async () => {
    mkdirSync(folder);
    const native = path.join(scratch, "native");
    // The portable build is what is published; where nobody has made one, this machine's own shows the same way.
    const { directory } = existsSync(portable.addon) ? portable : nativePaths();
    await script("pack-native.mjs", "--from", directory, "--out", native);
    const staged = await script(
      "stage-release.mjs",
      "--partial",
      "--native",
      native,
      "--out",
      path.join(scratch, "out"),
    );
    writeFileSync(path.join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
    await install(staged.trim().split("\n"));
  }, 180_000);
  afterAll(() => rm(scratch, { recursive: true, force: true }), 60_000);

  async function script(name: string, ...args: string[]): Promise<string> {
    const { stdout } = await run(process.execPath, [path.join(root, "scripts", name), ...args], {
      env: { ...process.env, GITHUB_REPOSITORY: "someone/stt" },
    });
    return stdout;
  }

  function install(packages: string[]) {
    const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
    return run("npm", ["install", ...flags, ...packages], { cwd: folder, env: { ...process.env, ...env } });
  }

  async function serve() {
    const child = spawn("npx", ["stt-server", "--control-port", "0", "--data-port", "0"], {
      cwd: folder,
      env,
      stdio: ["ignore", "ignore", "pipe"],
      detached: true,
    });
    const exited = once(child, "exit");
    const log: string[] = [];
    const port = await new Promise<number>((resolve, reject) => {
      void exited.then(() => reject(new Error(`stt-server did not start:\n${log.join("\n")}`)));
      createInterface({ input: child.stderr }).on("line", (line) => {
        log.push(line);
        if (line.includes('"msg":"ready:')) resolve((JSON.parse(line) as { dataPort: number }).dataPort);
      });
    });
    return {
      url: `ws://127.0.0.1:${port}`,
      log,
      async stop() {
        // npx passes no signal on to what it started.
        process.kill(-child.pid!, "SIGTERM");
        await exited;
      },
    };
  }

  it("find the addon in the platform package, and npx starts the server and transcribes", async () => {
    copyFileSync(path.join(root, "samples/human/en_austen_leisure.wav"), path.join(folder, "speech.wav"));
    const { url, log, stop } = await serve();
    try {
      const spoken = await run("npx", ["mic-stream", "transcribe", "speech.wav", "--url", url], { cwd: folder, env });
      expect(wordErrorRate(SAID, spoken.stdout).errors, spoken.stdout).toBe(0);

      writeFileSync(
        path.join(folder, "dictate.js"),
        `import { createSttClient, fileSource } from "@stt/client-node";
         const client = createSttClient({ url: process.argv[2] });
         console.log(await client.transcribe(await fileSource("speech.wav")));
         await client.close();`,
      );
      const scripted = await run(process.execPath, ["dictate.js", url], { cwd: folder, env });
      expect(wordErrorRate(SAID, scripted.stdout).errors, scripted.stdout).toBe(0);
      expect(existsSync(path.join(scratch, "cache", "native"))).toBe(false);
    } finally {
      await stop();
    }
    const lines = log
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line) as { level: number; msg: string });
    expect(lines.filter(({ level }) => level >= 50)).toEqual([]);
    const chosen = lines.some(
      ({ msg }) => msg.includes("loaded CPU backend") && msg.includes(`node_modules/${NATIVE}`),
    );
    expect(chosen).toBe(existsSync(portable.addon));
  });

  it.each([
    "core",
    "server",
    "client-node",
    "client-web",
    "react",
    "speech-recognition",
    "livekit-agents",
    "model-whisper-base",
    "model-smart-turn",
  ])("hold in %s what a published package needs", (name) => {
    const installed = path.join(folder, "node_modules/@stt", name);
    const manifest = JSON.parse(readFileSync(path.join(installed, "package.json"), "utf8"));
    expect(manifest.repository).toMatchObject({
      url: "git+https://github.com/someone/stt.git",
      directory: `packages/${name}`,
    });
    expect(manifest.optionalDependencies).toEqual(
      name === "server"
        ? {
            "@stt/model-smart-turn": manifest.version,
            "@stt/model-whisper-base": manifest.version,
            [NATIVE]: manifest.version,
          }
        : undefined,
    );
    for (const file of ["LICENSE", "README.md", "THIRD_PARTY_NOTICES.md"]) {
      expect(existsSync(path.join(installed, file)), file).toBe(true);
    }
  });

  it("carry the licence of whisper.cpp in the platform package, which is for this platform alone", () => {
    const installed = path.join(folder, "node_modules", NATIVE);
    expect(readFileSync(path.join(installed, "LICENSE"), "utf8")).toContain("The ggml authors");
    expect(JSON.parse(readFileSync(path.join(installed, "package.json"), "utf8"))).toMatchObject({
      os: [process.platform],
      cpu: [process.arch],
    });
  });

  it.each([
    "@stt/core",
    "@stt/core/config",
    "@stt/client-node",
    "@stt/client-web",
    "@stt/react",
    "@stt/speech-recognition",
  ])("let %s be imported and required", async (name) => {
    if (name === "@stt/react") await install(["react@19"]);
    const list = `Object.keys(m).length`;
    const imported = await evaluate(`const m = await import("${name}"); console.log(${list})`);
    const required = await evaluate(
      `import { createRequire } from "node:module";
         const m = createRequire(process.cwd() + "/")("${name}"); console.log(${list})`,
    );
    expect(Number(imported)).toBeGreaterThan(0);
    expect(Number(required)).toBeGreaterThan(0);
  });

  it("say how to get an addon when the platform package belongs to another version or is gone", async () => {
    const installed = path.join(folder, "node_modules", NATIVE);
    const manifest = path.join(installed, "package.json");
    const fields = JSON.parse(readFileSync(manifest, "utf8"));
    writeFileSync(manifest, JSON.stringify({ ...fields, version: "99.0.0" }));
    const check = () =>
      run("npx", ["stt-server", "--check", "--control-port", "0", "--data-port", "0"], { cwd: folder, env }).then(
        ({ stdout, stderr }) => stdout + stderr,
        ({ stdout, stderr }) => stdout + stderr,
      );
    expect(await check()).toContain(`${NATIVE} 99.0.0 is installed, and @stt/server ${fields.version} needs the same`);
    rmSync(installed, { recursive: true });
    const said = await check();
    expect(said).toContain("has not been built on this machine");
    expect(said).toContain("`node node_modules/@stt/server/scripts/build-native.mjs`");
  });

  async function evaluate(code: string): Promise<string> {
    const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", code], { cwd: folder, env });
    return stdout;
  }
});

/** A directory for PATH with Node, npm and a shell. */
function toolbox(directory: string): string {
  mkdirSync(directory);
  const beside = path.dirname(process.execPath);
  for (const name of ["node", "npm", "npx"]) symlinkSync(path.join(beside, name), path.join(directory, name));
  symlinkSync("/bin/sh", path.join(directory, "sh"));
  return directory;
}
