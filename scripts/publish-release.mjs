#!/usr/bin/env node
/**
 * Publishes what scripts/stage-release.mjs has made, platform packages first: @stt/server never points at something that is not
 * there. A version that the registry has is passed over, so that a run that broke off can be repeated.
 *
 *   node scripts/publish-release.mjs DIRECTORY [--dry-run]
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  options: { "dry-run": { type: "boolean", default: false } },
  allowPositionals: true,
});
const [directory] = positionals;
if (!directory) {
  process.stderr.write("usage: publish-release.mjs DIRECTORY [--dry-run]\n");
  process.exit(2);
}
for (const { name, version, tarball } of JSON.parse(readFileSync(path.join(directory, "release.json"), "utf8"))) {
  if (!values["dry-run"] && isPublished(name, version)) {
    process.stdout.write(`${name}@${version} is on the registry already\n`);
    continue;
  }
  // A version like 1.0.0-beta.1 must not become what `npm install` takes.
  const tag = version.includes("-") ? "next" : "latest";
  const args = ["publish", path.join(directory, tarball), "--access", "public", "--tag", tag];
  // Provenance exists only where a workflow publishes.
  const { status } = spawnSync("npm", [...args, values["dry-run"] ? "--dry-run" : "--provenance"], {
    stdio: "inherit",
  });
  if (status !== 0) {
    process.stderr.write(`${name}@${version} was not published; mend it and run this again.\n`);
    process.exit(status ?? 1);
  }
}

function isPublished(name, version) {
  const { status, stdout } = spawnSync("npm", ["view", `${name}@${version}`, "version"], { encoding: "utf8" });
  return status === 0 && stdout.trim() === version;
}
