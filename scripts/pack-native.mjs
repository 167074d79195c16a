#!/usr/bin/env node
/**
 * Packs a built addon as the npm package of its platform, which the published @stt/server names as an optional dependency.
 *
 *   node scripts/pack-native.mjs [--cuda] [--from DIRECTORY] [--out DIRECTORY]
 *
 * Without --from it takes the portable build of this machine's cache (`npm run build:native -- --portable [--cuda]`). Writes
 * the folder and its tarball to --out (`dist-native` in the repository) and prints the tarball's path.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { nativePaths, whisperSource } from "../packages/server/scripts/native-cache.mjs";
import { platformPackageName } from "../packages/server/scripts/platform-package.mjs";
import { readJson, root, run } from "./lib.mjs";

/** GCC's OpenMP library in a portable Linux build is GPL with an exception for what uses it; the text has to come along. */
const GPL_TEXT = "/usr/share/common-licenses/GPL-3";

const { values } = parseArgs({
  options: { cuda: { type: "boolean", default: false }, from: { type: "string" }, out: { type: "string" } },
});
const from = path.resolve(values.from ?? nativePaths({ cuda: values.cuda, portable: true }).directory);
const out = path.resolve(values.out ?? path.join(root, "dist-native"));
if (!existsSync(path.join(from, "stt_whisper.node"))) {
  const command = `npm run build:native -- --portable${values.cuda ? " --cuda" : ""}`;
  process.stderr.write(`There is no addon in ${from}: run ${command}, or name the directory of a build with --from.\n`);
  process.exit(1);
}

const name = platformPackageName({ cuda: values.cuda });
const directory = path.join(out, name.replace("@stt/", ""));
rmSync(directory, { recursive: true, force: true });
mkdirSync(directory, { recursive: true });

const binaries = readdirSync(from, { withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => entry.name)
  .sort();
for (const file of binaries) copyFileSync(path.join(from, file), path.join(directory, file));
const openMp = binaries.find((file) => file.startsWith("libgomp"));
if (openMp && !existsSync(GPL_TEXT)) {
  process.stderr.write(
    `${openMp} needs its licence beside it, which is not at ${GPL_TEXT}: pack on Debian or Ubuntu.\n`,
  );
  process.exit(1);
}
if (openMp) copyFileSync(GPL_TEXT, path.join(directory, "COPYING.libgomp"));
writeFileSync(path.join(directory, "package.json"), `${JSON.stringify(manifest(), null, 2)}\n`);
writeFileSync(path.join(directory, "README.md"), readme());
writeFileSync(path.join(directory, "LICENSE"), licence());
const failed = await run("npm", ["pack", "--silent", "--pack-destination", out], {
  cwd: directory,
  shell: process.platform === "win32",
  stdio: ["ignore", "ignore", "inherit"],
});
if (failed) process.exit(failed);
const { version } = manifest();
process.stdout.write(`${path.join(out, `${name.replace("@", "").replace("/", "-")}-${version}.tgz`)}\n`);

function manifest() {
  const server = readJson("packages/server/package.json");
  return {
    name,
    version: server.version,
    description: `Prebuilt speech engine (whisper.cpp) of @stt/server for ${platformName()}`,
    license: openMp ? "MIT AND GPL-3.0-or-later WITH GCC-exception-3.1" : "MIT",
    ...(server.repository && { repository: server.repository }),
    main: "stt_whisper.node",
    files: [...binaries, "COPYING.libgomp"].filter((file) => existsSync(path.join(directory, file))),
    engines: server.engines,
    os: [process.platform],
    cpu: [process.arch],
    ...(process.platform === "linux" && { libc: ["glibc"] }),
    // A .node file cannot be loaded out of a zip archive.
    preferUnplugged: true,
  };
}

function platformName() {
  const system = { linux: "Linux", darwin: "macOS", win32: "Windows" }[process.platform] ?? process.platform;
  return `${system} ${process.arch}${values.cuda ? " with CUDA" : ""}`;
}

/** The newest glibc whose symbols the files name: the oldest that they load on. */
function glibcFloor() {
  const versions = binaries.flatMap((file) => {
    const text = readFileSync(path.join(directory, file), "latin1");
    return [...text.matchAll(/GLIBC_2\.(\d+)/g)].map(([, minor]) => Number(minor));
  });
  return `2.${Math.max(...versions)}`;
}

function readme() {
  const needs = [
    process.platform === "linux" && `glibc ${glibcFloor()} or newer`,
    values.cuda &&
      "an NVIDIA driver and the CUDA 12 libraries libcudart and libcublas; without them it computes on the CPU",
  ].filter(Boolean);
  return `# ${name}

The speech engine of @stt/server, compiled for ${platformName()}. npm installs it beside @stt/server on that platform; nobody
needs to name it, except the package for CUDA: \`npm install ${platformPackageName({ cuda: true, platform: "linux", arch: "x64" })}\`.
${needs.length > 0 ? `\nIt needs ${needs.join("; ")}.\n` : ""}
Files named \`ggml-cpu-*\` hold the same code for different processors; the best one that the processor can run is loaded.
`;
}

function licence() {
  const parts = [
    ["@stt/server", readFileSync(path.join(root, "LICENSE"), "utf8")],
    ["whisper.cpp and ggml", readFileSync(path.join(whisperSource(), "LICENSE"), "utf8")],
    ["node-addon-api", readFileSync(path.join(root, "node_modules/node-addon-api/LICENSE.md"), "utf8")],
  ];
  if (openMp) {
    parts.push([
      `libgomp (${openMp})`,
      `Part of GCC, unmodified. GNU General Public License 3 or later (COPYING.libgomp) with the GCC Runtime Library Exception 3.1,
which lets works of any licence be combined with it: https://www.gnu.org/licenses/gcc-exception-3.1.html
Source: https://gcc.gnu.org/ and the source package gcc of the distribution it was built on.\n`,
    ]);
  }
  return parts.map(([what, text]) => `${what}\n${"=".repeat(what.length)}\n\n${text.trim()}\n`).join("\n\n");
}
