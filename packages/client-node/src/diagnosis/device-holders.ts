import { readdir, readFile, readlink } from "node:fs/promises";
import path from "node:path";

/** ALSA's devices for recording: card, device, c for capture. */
const CAPTURE = /^\/dev\/snd\/pcmC\d+D\d+c$/;

/**
 * Programs that hold a recording device open (Linux); of other users' programs the system does not tell.
 *
 * @param proc the process file system
 * @returns such as `zoom (4711)`
 */
export async function deviceHolders(proc = "/proc"): Promise<string[]> {
  const numbers = (await readdir(proc).catch(() => [])).filter((name) => /^\d+$/.test(name));
  const holders = await Promise.all(numbers.map((number) => holderOf(proc, number)));
  return holders.filter((holder) => holder !== undefined);
}

async function holderOf(proc: string, number: string): Promise<string | undefined> {
  const folder = path.join(proc, number, "fd");
  for (const name of await readdir(folder).catch(() => [])) {
    const target = await readlink(path.join(folder, name)).catch(() => "");
    if (!CAPTURE.test(target)) continue;
    const command = await readFile(path.join(proc, number, "comm"), "utf8").catch(() => "?");
    return `${command.trim()} (${number})`;
  }
  return undefined;
}
