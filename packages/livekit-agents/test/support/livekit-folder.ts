/**
 * A folder with the real `@livekit/agents` and this package as built. It is too large for the workspace (285 MB), so it is
 * installed from npm once and kept in the cache directory.
 */
import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { cacheDirectory } from "../../../server/scripts/native-cache.mjs";

const run = promisify(execFile);
const packages = path.resolve(import.meta.dirname, "../../..");

/** What was tried; the peer dependency allows later ones. */
export const LIVEKIT_AGENTS = "1.9.0";
const PINNED = { "@livekit/agents": LIVEKIT_AGENTS, "@livekit/rtc-node": "0.13.34", zod: "4.6.7" };

/** @returns the folder, or why there is none */
export async function livekitFolder(): Promise<{ folder: string } | { missing: string }> {
  const folder = path.join(cacheDirectory(), `livekit-agents-${LIVEKIT_AGENTS}`);
  if (!existsSync(folder)) {
    mkdirSync(cacheDirectory(), { recursive: true });
    const fresh = mkdtempSync(`${folder}-`);
    try {
      writeFileSync(path.join(fresh, "package.json"), JSON.stringify({ private: true, dependencies: PINNED }));
      const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--fetch-retries=1"];
      await run("npm", ["install", ...flags], { cwd: fresh, timeout: 150_000 });
      renameSync(fresh, folder);
    } catch (error) {
      rmSync(fresh, { recursive: true, force: true });
      if (!existsSync(folder)) return { missing: `npm could not install @livekit/agents ${LIVEKIT_AGENTS}: ${error}` };
    }
  }
  const ours = path.join(folder, "node_modules/@stt");
  rmSync(ours, { recursive: true, force: true });
  // Copied, so that what it imports is found beside it; what it is built on lies in the workspace.
  for (const part of ["package.json", "dist"]) {
    cpSync(path.join(packages, "livekit-agents", part), path.join(ours, "livekit-agents", part), { recursive: true });
  }
  for (const name of ["core", "client-node"]) symlinkSync(path.join(packages, name), path.join(ours, name));
  return { folder };
}
