/** Child processes of a bench, none of which outlives it, and what the kernel knows of them (Linux). */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";

const children = new Set();

process.once("exit", () => {
  for (const child of children) child.kill("SIGKILL");
});
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
]) {
  process.once(signal, () => process.exit(code));
}

/** `child_process.spawn`, for a child that dies with this process at the latest. */
export function start(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
  children.add(child);
  child.once("exit", () => children.delete(child));
  child.once("error", () => children.delete(child));
  return child;
}

/** Asks a child to end and waits for it; one that does not within 10 s is killed. */
export async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), 10_000);
  await exited;
  clearTimeout(timer);
}

/** Runs a program to its end. @returns what it wrote. @throws when it fails */
export async function runToEnd(command, args, options) {
  const child = start(command, args, options);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  const [code, signal] = await once(child, "close");
  if (code !== 0) throw new Error(`${command} ended with ${signal ?? code}:\n${stderr.slice(-2000)}`);
  return { stdout, stderr };
}

/** Resident memory of a process, bytes. */
export function residentBytes(pid) {
  const line = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(line[1]) * 1024;
}

/** Processor time that a process has used, seconds. */
export const cpuSeconds = (pid) => {
  const { user, system } = cpuTicks(pid);
  return (user + system) / TICKS;
};

/** Processor time of a process and its children, those that have ended included, seconds. */
export function cpuSecondsOfTree(pid) {
  const { endedUser, endedSystem } = cpuTicks(pid);
  const living = childrenOf(pid).map(cpuSecondsOfTree);
  return living.reduce((total, each) => total + each, cpuSeconds(pid) + (endedUser + endedSystem) / TICKS);
}

/** USER_HZ is 100 on every Linux that Node runs on. */
const TICKS = 100;

function cpuTicks(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [user, system, endedUser, endedSystem] = fields.slice(11, 15).map(Number);
  return { user, system, endedUser, endedSystem };
}

/** Open file descriptors of a process. */
export const descriptors = (pid) => readdirSync(`/proc/${pid}/fd`).length;

/** Process ids of the children of a process. */
export function childrenOf(pid) {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").split(" ").filter(Boolean).map(Number),
  );
}

/**
 * Which share of a core each process uses from now on.
 *
 * @param pids name to process id
 * @returns a function that tells the shares since this call
 */
export function watchCpu(pids) {
  const begin = performance.now();
  const before = Object.entries(pids).map(([name, pid]) => [name, pid, cpuSeconds(pid)]);
  return () => {
    const seconds = (performance.now() - begin) / 1000;
    return Object.fromEntries(before.map(([name, pid, used]) => [name, (cpuSeconds(pid) - used) / seconds]));
  };
}
