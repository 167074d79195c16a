/**
 * The prebuilt addon of this platform: an optional dependency of the published @stt/server, packed by scripts/pack-native.mjs
 * from a portable build.
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

/** Name of the package that holds the addon for a platform; not every name is published. */
export function platformPackageName({ cuda = false, platform = process.platform, arch = process.arch } = {}) {
  return `@stt/native-${platform}-${arch}${cuda ? "-cuda" : ""}`;
}

/**
 * Looks for the installed package.
 *
 * @param {string} root of the package @stt/server, which must be of the same version: the two talk without a protocol
 * @param {{ cuda?: boolean }} options
 * @returns {{ addon?: string, problem?: string }} neither when it is not installed
 */
export function platformPackage(root, { cuda = false } = {}) {
  const manifest = path.join(root, "package.json");
  const name = platformPackageName({ cuda });
  let file;
  try {
    file = createRequire(manifest).resolve(`${name}/package.json`);
  } catch {
    return {};
  }
  const { version } = JSON.parse(readFileSync(manifest, "utf8"));
  const found = JSON.parse(readFileSync(file, "utf8")).version;
  if (found !== version) {
    return { problem: `${name} ${found} is installed, and @stt/server ${version} needs the same version of it` };
  }
  const addon = path.join(path.dirname(file), "stt_whisper.node");
  return existsSync(addon) ? { addon } : { problem: `${name} ${found} is installed without its file ${addon}` };
}
