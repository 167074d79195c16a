import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { loadAddon } from "../../src/engines/whisper/addon.js";

const script = fileURLToPath(new URL("../../scripts/build-native.mjs", import.meta.url));
const scratch = mkdtempSync(path.join(os.tmpdir(), "stt-build-"));
afterAll(() => rmSync(scratch, { recursive: true }));

let count = 0;
const freshDirectory = (): string => {
  const directory = path.join(scratch, String(count++));
  mkdirSync(directory);
  return directory;
};

/** A directory for PATH with the given shell scripts, and nothing else but a few standard programs. */
function toolbox(programs: Record<string, string>): string {
  const directory = freshDirectory();
  for (const name of ["sh", "mkdir", "cp"]) symlinkSync(`/bin/${name}`, path.join(directory, name));
  for (const [name, body] of Object.entries(programs)) {
    writeFileSync(path.join(directory, name), `#!/bin/sh\n${body}\n`);
    chmodSync(path.join(directory, name), 0o755);
  }
  return directory;
}

function buildNative(args: string[], env: Record<string, string>) {
  const { status, stderr } = spawnSync(process.execPath, [script, ...args], {
    env: { PATH: toolbox({}), STT_CACHE_DIR: freshDirectory(), HOME: scratch, ...env },
    encoding: "utf8",
  });
  return { status, stderr, lines: stderr.trimEnd().split("\n") };
}

/** Stands for CMake: "builds" by writing the file that is expected. */
const FAKE_CMAKE = `if [ "$1" = "--build" ]; then
  echo "[1/4] one"; echo "[4/4] four"
  mkdir -p "$2/out" "$2/bin"
  echo addon > "$2/out/stt_whisper.node"; echo cli > "$2/bin/whisper-cli"; echo server > "$2/bin/whisper-server"
fi`;
const fakeTools = { cmake: FAKE_CMAKE, "c++": "", make: "" };

describe.skipIf(process.platform === "win32")("build-native", () => {
  it.each([
    ["cmake", {}, "The program cmake was not found"],
    ["a compiler", { cmake: "" }, "A C++ compiler (g++ or clang++) was not found"],
    ["make", { cmake: "", "c++": "" }, "The program ninja (or make) was not found"],
  ])("says in one sentence that %s is missing and how to get it", (_what, programs, said) => {
    const { status, lines } = buildNative([], { PATH: toolbox(programs) });
    expect(status).toBe(1);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(said);
    expect(lines[0]).toMatch(/install it with `.+`/);
  });

  it("says in one sentence that the cache cannot be written", () => {
    const file = path.join(freshDirectory(), "file");
    writeFileSync(file, "");
    const { status, lines } = buildNative([], { PATH: toolbox(fakeTools), STT_CACHE_DIR: path.join(file, "cache") });
    expect(status).toBe(1);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(path.join(file, "cache"));
    expect(lines[0]).toContain("STT_CACHE_DIR");
  });

  it("builds once, shows progress, and then takes the cached file", () => {
    const env = { PATH: toolbox(fakeTools), STT_CACHE_DIR: freshDirectory() };
    const first = buildNative([], env);
    expect(first.status).toBe(0);
    expect(first.stderr).toContain("building the speech engine: 25 %");
    expect(first.stderr).toContain("speech engine built");
    const [entry, ...others] = readdirSync(path.join(env.STT_CACHE_DIR, "native"));
    expect(others).toEqual([]);
    expect(existsSync(path.join(env.STT_CACHE_DIR, "native", entry!, "stt_whisper.node"))).toBe(true);

    // Without any tool on PATH it would fail if it tried to build again.
    const second = buildNative([], { ...env, PATH: toolbox({}) });
    expect(second).toMatchObject({ status: 0, lines: [expect.stringContaining("already built")] });
    expect(buildNative(["--quiet"], { ...env, PATH: toolbox({}) })).toMatchObject({ status: 0, stderr: "" });
  });

  it("adds the tools to the same entry and keeps them at the next build", () => {
    const env = { PATH: toolbox(fakeTools), STT_CACHE_DIR: freshDirectory() };
    buildNative([], env);
    expect(buildNative(["--tools"], env).status).toBe(0);
    expect(buildNative(["--force"], env).status).toBe(0);
    const [entry, ...others] = readdirSync(path.join(env.STT_CACHE_DIR, "native"));
    expect(others).toEqual([]);
    const bin = path.join(env.STT_CACHE_DIR, "native", entry!, "bin");
    expect(readdirSync(bin).sort()).toEqual(["whisper-cli", "whisper-server"]);
  });

  it("shows the end of the log when the compiler fails, and leaves no half entry", () => {
    const cmake = `if [ "$1" = "--build" ]; then echo "fatal: no such header"; exit 2; fi`;
    const env = { PATH: toolbox({ ...fakeTools, cmake }), STT_CACHE_DIR: freshDirectory() };
    const { status, stderr } = buildNative([], env);
    expect(status).toBe(1);
    expect(stderr).toContain("exit code 2");
    expect(stderr).toContain("fatal: no such header");
    const [log, ...others] = readdirSync(path.join(env.STT_CACHE_DIR, "native"));
    expect(log).toMatch(/\.log$/);
    expect(stderr).toContain(log);
    expect(others).toEqual([]);
  });

  it("takes over the lock of a build that was killed", () => {
    const env = { PATH: toolbox(fakeTools), STT_CACHE_DIR: freshDirectory() };
    buildNative([], env);
    const native = path.join(env.STT_CACHE_DIR, "native");
    const [entry] = readdirSync(native);
    const { pid } = spawnSync(process.execPath, ["--version"]);
    writeFileSync(path.join(native, `${entry}.lock`), JSON.stringify({ pid, host: os.hostname() }));
    expect(buildNative(["--force"], env).status).toBe(0);
    expect(readdirSync(native)).toEqual([entry]);
  });
});

describe("loadAddon", () => {
  it("finds what the build script has built", () => {
    const addon = loadAddon();
    expect(addon.version()).toMatch(/^\d+\.\d+\.\d+$/);
    expect(addon.languages()).toContain("ru");
    expect(addon.systemInfo()).toContain("CPU");
    expect(addon.devices().some((device) => !device.gpu && device.totalBytes > 0)).toBe(true);
  });

  it("names the command when nothing is built", () => {
    const before = process.env.STT_CACHE_DIR;
    process.env.STT_CACHE_DIR = freshDirectory();
    try {
      expect(() => loadAddon({ preferCuda: true })).toThrow("npm run build:native -- --cuda");
    } finally {
      if (before === undefined) delete process.env.STT_CACHE_DIR;
      else process.env.STT_CACHE_DIR = before;
    }
  });

  it("names a file that does not load", () => {
    const file = path.join(freshDirectory(), "broken.node");
    writeFileSync(file, "not a library");
    process.env.STT_NATIVE_ADDON = file;
    try {
      expect(() => loadAddon()).toThrow(expect.objectContaining({ code: "native_unavailable" }));
      expect(() => loadAddon()).toThrow(file);
    } finally {
      delete process.env.STT_NATIVE_ADDON;
    }
  });
});
