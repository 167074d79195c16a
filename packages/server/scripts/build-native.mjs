#!/usr/bin/env node
/**
 * Builds the native addon (and whisper.cpp's own programs with --tools) into the user's cache directory, once.
 *
 *   npm run build:native [-- --cuda] [-- --portable] [-- --tools] [-- --force] [-- --quiet]
 *
 * Not a postinstall script: npm blocks those by default, and a minute of compiling should be asked for.
 */
import { spawn } from "node:child_process";
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { acquireLock } from "./build-lock.mjs";
import { progressLine } from "./build-progress.mjs";
import { findTools, missing, NativeBuildError } from "./build-tools.mjs";
import { nativePaths, packageRoot } from "./native-cache.mjs";

export { cacheDirectory, nativePaths } from "./native-cache.mjs";
export { NativeBuildError };

/**
 * Returns the paths of the built addon, building it first if this machine has not yet.
 *
 * @param {object} options
 * @param {boolean} [options.cuda] build with CUDA
 * @param {boolean} [options.portable] for every processor of this architecture, a library for each kind beside the addon (images
 *   and packages, which travel)
 * @param {boolean} [options.tools] also whisper-cli and whisper-server
 * @param {boolean} [options.force] build even if the cache has it
 * @param {boolean} [options.quiet] show nothing
 * @param {(progress: { phase: string, percent: number }) => void} [options.onProgress] replaces the built-in display
 * @returns {Promise<import("./native-cache.mjs").NativePaths & { cached: boolean }>}
 * @throws NativeBuildError with one sentence: a tool is missing, the cache is not writable, or the compiler failed
 */
export async function ensureNative(options = {}) {
  const { cuda = false, portable = false, tools = false, force = false, quiet = false } = options;
  if (portable && tools) {
    throw new NativeBuildError(
      "--tools goes with the build for this machine alone: leave out either --tools or --portable.",
    );
  }
  const paths = nativePaths({ cuda, portable });
  const complete = () => existsSync(paths.addon) && (!tools || existsSync(paths.whisperCli));
  if (!force && complete()) return { ...paths, cached: true };

  const found = findTools({ cuda });
  const cache = path.dirname(paths.directory);
  makeWritable(cache);

  const display = quiet || options.onProgress ? undefined : progressLine(process.stderr);
  const report = options.onProgress ?? ((progress) => display?.update(progress));
  const release = await acquireLock(path.join(cache, `${paths.key}.lock`), () => {
    report({ phase: "another build of the speech engine is running, waiting for it", percent: 0 });
  });
  const work = path.join(cache, `.build-${paths.key}`);
  const cleanUp = () => {
    rmSync(work, { recursive: true, force: true });
    release();
  };
  process.once("exit", cleanUp);
  try {
    if (!force && complete()) return { ...paths, cached: true };
    rmSync(work, { recursive: true, force: true });
    await build({ ...found, cuda, portable, tools, paths, work, report });
    display?.end(`speech engine built${cuda ? " with CUDA" : ""}: ${paths.directory}`);
    return { ...paths, cached: false };
  } finally {
    process.removeListener("exit", cleanUp);
    cleanUp();
  }
}

function makeWritable(directory) {
  try {
    mkdirSync(directory, { recursive: true });
    const probe = path.join(directory, `.probe-${process.pid}`);
    writeFileSync(probe, "");
    rmSync(probe);
  } catch (error) {
    throw new NativeBuildError(
      `The cache directory ${directory} cannot be written (${error.code}): make it writable, or set STT_CACHE_DIR to a directory that is.`,
    );
  }
}

async function build({ generator, nvcc, cuda, portable, tools, paths, work, report }) {
  const root = packageRoot();
  const require = createRequire(path.join(root, "package.json"));
  const log = path.join(path.dirname(paths.directory), `${paths.key}.log`);
  const tree = path.join(work, "cmake");
  mkdirSync(tree, { recursive: true });
  writeFileSync(log, "");

  const onOff = (value) => (value ? "ON" : "OFF");
  const definitions = {
    CMAKE_BUILD_TYPE: "Release",
    WHISPER_CPP_DIR: paths.source,
    NODE_ADDON_API_DIR: path.dirname(require.resolve("node-addon-api/package.json")),
    NODE_API_HEADERS_DIR: path.dirname(require.resolve("node-api-headers/package.json")),
    GGML_NATIVE: onOff(!portable),
    GGML_CUDA: onOff(cuda),
    // For GPUs that talk to each other; ours have a process each. Where it is found it would be wanted at run time as well.
    GGML_CUDA_NCCL: "OFF",
    STT_PORTABLE: onOff(portable),
    STT_TOOLS: onOff(tools),
    ...(nvcc && { CMAKE_CUDA_COMPILER: nvcc }),
    ...(cuda && process.env.CUDAARCHS && { CMAKE_CUDA_ARCHITECTURES: process.env.CUDAARCHS }),
  };
  report({ phase: "configuring the speech engine", percent: 0 });
  await run(
    "cmake",
    [
      "-S",
      path.join(root, "native"),
      "-B",
      tree,
      ...(generator ? ["-G", generator] : []),
      ...Object.entries(definitions).map(([name, value]) => `-D${name}=${value}`),
    ],
    log,
  ); // prettier-ignore

  const phase = "building the speech engine";
  report({ phase, percent: 0 });
  const targets = ["stt_whisper", ...(tools ? ["whisper-cli", "whisper-server"] : [])];
  const jobs = process.env.CMAKE_BUILD_PARALLEL_LEVEL ?? String(os.availableParallelism());
  await run(
    "cmake",
    ["--build", tree, "--config", "Release", "--parallel", jobs, "--target", ...targets],
    log,
    (line) => {
      const steps = /^\[\s*(\d+)\/(\d+)\]/.exec(line);
      const percent = steps ? (100 * steps[1]) / steps[2] : Number(/^\[\s*(\d+)%\]/.exec(line)?.[1]);
      if (Number.isFinite(percent)) report({ phase, percent: Math.floor(percent) });
    },
  );
  install({ tree, tools, paths, work, log });
}

/** Stages the files and swaps the whole entry in with renames: nobody ever sees half of one. */
function install({ tree, tools, paths, work, log }) {
  const stage = path.join(work, "stage");
  mkdirSync(stage);
  const out = path.join(tree, "out");
  for (const name of readdirSync(out).filter(isRuntimeFile)) copyFileSync(path.join(out, name), path.join(stage, name));
  const bin = path.join(stage, "bin");
  if (tools) {
    mkdirSync(bin);
    for (const program of [paths.whisperCli, paths.whisperServer]) {
      const name = path.basename(program);
      const built = [path.join(tree, "bin", name), path.join(tree, "bin", "Release", name)].find((file) =>
        existsSync(file),
      );
      copyFileSync(built, path.join(bin, name));
    }
  } else if (existsSync(path.dirname(paths.whisperCli))) {
    renameSync(path.dirname(paths.whisperCli), bin);
  }
  const old = path.join(work, "old");
  if (existsSync(paths.directory)) renameSync(paths.directory, old);
  renameSync(stage, paths.directory);
  rmSync(log, { force: true });
}

/** The addon, and the libraries of a portable build; not what a linker leaves beside them (`.lib`, `.exp`). */
function isRuntimeFile(name) {
  return /\.(node|so(\.\d+)*|dylib|dll)$/.test(name);
}

function run(command, args, log, onLine = () => {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
    let rest = "";
    const onData = (data) => {
      appendFileSync(log, data);
      const lines = (rest + data).split(/\r?\n/);
      rest = lines.pop();
      for (const line of lines) onLine(line);
    };
    child.stdout.setEncoding("utf8").on("data", onData);
    child.stderr.setEncoding("utf8").on("data", onData);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0) return resolve();
      const output = readFileSync(log, "utf8");
      // CMake finds a CUDA toolkit without its cuBLAS and only fails much later, in words nobody understands.
      if (output.includes("CUDA::cublas"))
        return reject(new NativeBuildError(missing("cublas", "cuBLAS (its headers and libraries)")));
      const tail = output.trimEnd().split("\n").slice(-15).join("\n");
      reject(
        new NativeBuildError(
          `Building the speech engine failed (${command} ended with ${signal ?? `exit code ${code}`}); the whole log is ${log} and ends with:\n${tail}`,
        ),
      );
    });
  });
}

async function main() {
  const { values } = parseArgs({
    options: Object.fromEntries(
      ["cuda", "portable", "tools", "force", "quiet"].map((name) => [name, { type: "boolean", default: false }]),
    ),
  });
  // Without a handler a signal would skip the "exit" listener that removes the lock.
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ])
    process.once(signal, () => process.exit(code));
  const result = await ensureNative(values);
  if (result.cached && !values.quiet) process.stderr.write(`speech engine already built: ${result.directory}\n`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  main().catch((error) => {
    process.stderr.write(`error: ${error instanceof NativeBuildError ? error.message : (error.stack ?? error)}\n`);
    process.exitCode = 1;
  });
}
