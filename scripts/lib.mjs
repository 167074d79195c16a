/** What the repository's commands share: steps with their time, and the two builds. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** A JSON file of the repository. */
export function readJson(file) {
  return JSON.parse(readFileSync(path.join(root, file), "utf8"));
}

/** Path of a dependency's command line program. */
export function binOf(name, file) {
  return path.join(root, "node_modules", name, file);
}

/** Runs a program with this process's terminal; resolves with its exit code. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: "inherit", ...options });
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 1)));
  });
}

/** Builds what is out of date: the packages (cached by turbo) and the native addon (cached outside the repository). */
export async function buildAll() {
  if (!existsSync(binOf("turbo", "bin/turbo"))) {
    process.stderr.write("The dependencies are not installed yet. Run: npm ci\n");
    return 1;
  }
  const failed = await buildPackages();
  if (failed) return failed;
  const { ensureNative, NativeBuildError } = await import("../packages/server/scripts/build-native.mjs");
  try {
    await ensureNative();
    return 0;
  } catch (error) {
    if (!(error instanceof NativeBuildError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

/** `turbo run build`, whose output is shown only when it fails. */
export function buildPackages() {
  return new Promise((resolve, reject) => {
    const dim = process.stderr.isTTY ? ["\u001b[2m", "\u001b[0m"] : ["", ""];
    const startedAt = performance.now();
    process.stderr.write(`${dim[0]}building packages ...${dim[1]}`);
    const child = spawn(process.execPath, [binOf("turbo", "bin/turbo"), "run", "build", "--output-logs=errors-only"], {
      cwd: root,
      env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1", TURBO_NO_UPDATE_NOTIFIER: "1" },
    });
    const output = [];
    child.stdout.on("data", (chunk) => output.push(chunk));
    child.stderr.on("data", (chunk) => output.push(chunk));
    child.once("error", reject);
    child.once("exit", (code) => {
      process.stderr.write(`${dim[0]} ${((performance.now() - startedAt) / 1000).toFixed(1)} s${dim[1]}\n`);
      if (code !== 0) process.stderr.write(Buffer.concat(output));
      resolve(code ?? 1);
    });
  });
}
