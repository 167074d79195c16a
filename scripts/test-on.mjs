/**
 * `npm run test:on -- 24 [vitest arguments]`: the tests on another version of Node, whose binary comes from npm. Build first: what was
 * built with this Node is what is tested.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { cacheDirectory } from "../packages/server/scripts/native-cache.mjs";
import { binOf, root, run } from "./lib.mjs";

const [version, ...args] = process.argv.slice(2);
if (!/^\d+(\.\d+){0,2}$/.test(version ?? "")) {
  process.stderr.write("Name a version of Node: npm run test:on -- 24\n");
  process.exit(2);
}
const platform = process.platform === "win32" ? "win" : process.platform;
const folder = path.join(cacheDirectory(), "node", version);
mkdirSync(folder, { recursive: true });
const packageName = `node-${platform}-${process.arch}`;
const install = spawnSync(
  "npm",
  ["install", "--no-save", "--no-audit", "--no-fund", "--prefix", folder, `${packageName}@${version}`],
  {
    stdio: ["ignore", "ignore", "inherit"],
  },
);
if (install.status !== 0) {
  process.stderr.write(`The package ${packageName}@${version} could not be installed.\n`);
  process.exit(1);
}
const bin = path.join(folder, "node_modules", packageName, "bin");
const node = path.join(bin, process.platform === "win32" ? "node.exe" : "node");
process.stderr.write(`Node ${spawnSync(node, ["--version"], { encoding: "utf8" }).stdout.trim()}\n`);
// Children of the tests that are started as "node" take the same one.
const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}` };
process.exitCode = await run(node, [binOf("vitest", "vitest.mjs"), "run", ...args], { cwd: root, env });
