#!/usr/bin/env node
/**
 * Makes the packages as they are published, out of the built repository and the tarballs of scripts/pack-native.mjs.
 *
 *   node scripts/stage-release.mjs --native DIRECTORY --out DIRECTORY [--partial]
 *
 * The manifests in the repository are not what is published: they name neither the platform packages, which are not on the
 * registry before the release (`npm ci` would fail), nor the repository they are published from (GITHUB_REPOSITORY), which
 * npm's provenance compares. Writes tarballs and `release.json`, their list in the order of publishing. Every platform has to
 * be there, unless --partial.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { readJson, root } from "./lib.mjs";
import { nativeTarball, OPT_IN_PLATFORMS, PLATFORMS, PUBLISHED } from "./release-plan.mjs";

const { values } = parseArgs({
  options: { native: { type: "string" }, out: { type: "string" }, partial: { type: "boolean", default: false } },
});
if (!values.native || !values.out) {
  process.stderr.write("usage: stage-release.mjs --native DIRECTORY --out DIRECTORY [--partial]\n");
  process.exit(2);
}
const native = path.resolve(values.native);
const out = path.resolve(values.out);
const { version } = readJson("packages/server/package.json");

const [present, missing] = [true, false].map((wanted) =>
  [...PLATFORMS, ...OPT_IN_PLATFORMS].filter(
    (platform) => existsSync(path.join(native, nativeTarball(platform, version))) === wanted,
  ),
);
if (missing.length > 0 && !values.partial) {
  const names = missing.map((platform) => nativeTarball(platform, version)).join(", ");
  process.stderr.write(`${native} lacks ${names}: pack them with scripts/pack-native.mjs on their platforms.\n`);
  process.exit(1);
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const entries = present.map((platform) => {
  const tarball = nativeTarball(platform, version);
  copyFileSync(path.join(native, tarball), path.join(out, tarball));
  return { name: `@stt/native-${platform}`, version, tarball };
});
const contents = npmPack(root, "--dry-run", ...PUBLISHED.flatMap((name) => ["--workspace", `packages/${name}`]));
for (const name of PUBLISHED) stage(name, ofPackage(contents, name).files);
const packed = npmPack(out, "--pack-destination", ".", ...PUBLISHED.map((name) => `./${name}`));
for (const name of PUBLISHED) {
  entries.push({ name: `@stt/${name}`, version, tarball: ofPackage(packed, name).filename });
}
writeFileSync(path.join(out, "release.json"), `${JSON.stringify(entries, null, 2)}\n`);
process.stdout.write(`${entries.map(({ tarball }) => path.join(out, tarball)).join("\n")}\n`);

/** npm lists packages in an order of its own. */
function ofPackage(list, name) {
  return list.find((entry) => entry.name === `@stt/${name}`);
}

function stage(name, files) {
  const source = path.join(root, "packages", name);
  const target = path.join(out, name);
  for (const file of files) {
    mkdirSync(path.dirname(path.join(target, file.path)), { recursive: true });
    copyFileSync(path.join(source, file.path), path.join(target, file.path));
  }
  for (const file of ["LICENSE", "THIRD_PARTY_NOTICES.md"]) {
    // A package with a licence of its own, such as a model's, keeps it.
    if (!existsSync(path.join(target, file))) copyFileSync(path.join(root, file), path.join(target, file));
  }
  writeFileSync(path.join(target, "package.json"), `${JSON.stringify(publishedManifest(name), null, 2)}\n`);
}

function publishedManifest(name) {
  // The commands of the repository have no meaning in the installed package.
  const { scripts: _scripts, devDependencies: _dev, files, ...manifest } = readJson(`packages/${name}/package.json`);
  const { GITHUB_SERVER_URL = "https://github.com", GITHUB_REPOSITORY } = process.env;
  const platforms = present.filter((platform) => PLATFORMS.includes(platform));
  return {
    ...manifest,
    ...(GITHUB_REPOSITORY && {
      repository: {
        type: "git",
        url: `git+${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}.git`,
        directory: `packages/${name}`,
      },
    }),
    files: [...files, "THIRD_PARTY_NOTICES.md"],
    ...(name === "server" && {
      optionalDependencies: {
        ...manifest.optionalDependencies,
        ...Object.fromEntries(platforms.map((platform) => [`@stt/native-${platform}`, version])),
      },
    }),
  };
}

function npmPack(directory, ...args) {
  const options = {
    cwd: directory,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    shell: process.platform === "win32",
  };
  return Object.values(JSON.parse(execFileSync("npm", ["pack", "--json", "--ignore-scripts", ...args], options)));
}
