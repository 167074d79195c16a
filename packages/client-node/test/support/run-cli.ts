/** Runs the built command as a user would. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const BIN = fileURLToPath(new URL("../../bin/mic-stream.js", import.meta.url));
const BUILT = fileURLToPath(new URL("../../dist/bin/mic-stream.js", import.meta.url));

export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface CliRun {
  child: ChildProcessWithoutNullStreams;
  /** What has been written so far. */
  output: { stdout: string; stderr: string };
  result: Promise<CliResult>;
}

/** Its standard input stays open until the test ends it. @param env replaces the variables of ours; none leaks in from the outside. */
export function startCli(args: string[], env: Record<string, string> = {}, cwd?: string): CliRun {
  if (!existsSync(BUILT)) throw new Error("The command is tested as built: run `npm run build` first.");
  const { SERVER_HOST, DATA_PORT, CONTROL_PORT, STT_TOKEN, LANGUAGE, LC_ALL, LC_MESSAGES, LANG, ...rest } = process.env;
  const child = spawn(process.execPath, [BIN, ...args], {
    env: { ...rest, ...env },
    cwd,
    stdio: "pipe",
  });
  // A program that has ended reads no more.
  child.stdin.on("error", () => {});
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output.stderr += text;
  });
  const result = new Promise<CliResult>((resolve) => child.on("close", (code) => resolve({ code, ...output })));
  return { child, output, result };
}

export function runCli(args: string[], env: Record<string, string> = {}, cwd?: string): Promise<CliResult> {
  return startCli(args, env, cwd).result;
}
