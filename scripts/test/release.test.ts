/** What goes to the registry, and in which order. Needs `npm run build`. */
import { execFile, execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { nativeTarball, OPT_IN_PLATFORMS, PLATFORMS, PUBLISHED } from "../release-plan.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);
const json = (file: string) => JSON.parse(readFileSync(file, "utf8"));
const { version } = json(path.join(root, "packages/server/package.json"));
const scratch = mkdtempSync(path.join(os.tmpdir(), "stt-release-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const script = (name: string, args: string[], env: Record<string, string> = {}) =>
  run(process.execPath, [path.join(root, "scripts", name), ...args], { env: { ...process.env, ...env } });

/** A folder with a file for each platform's tarball, without those that are left out. */
function tarballs(leftOut: string[] = []): string {
  const directory = mkdtempSync(path.join(scratch, "native-"));
  for (const platform of [...PLATFORMS, ...OPT_IN_PLATFORMS].filter((each) => !leftOut.includes(each))) {
    writeFileSync(path.join(directory, nativeTarball(platform, version)), platform);
  }
  return directory;
}

describe("a release", () => {
  it("gives every package the same version, also the private ones that pin it", () => {
    const listed = execFileSync("npm", ["query", ".workspace"], { cwd: root, encoding: "utf8" });
    const ours = (
      JSON.parse(listed) as { name: string; version?: string; dependencies?: Record<string, string> }[]
    ).filter(({ name }) => name.startsWith("@stt/"));
    expect(ours.length).toBeGreaterThan(PUBLISHED.length);
    for (const { name, dependencies = {}, ...manifest } of ours) {
      if (manifest.version !== undefined) expect(manifest.version, name).toBe(version);
      for (const [needed, range] of Object.entries(dependencies)) {
        if (needed.startsWith("@stt/")) expect(range, `${name} needs ${needed}`).toBe(version);
      }
    }
    expect(json(path.join(root, ".changeset/config.json"))).toMatchObject({ fixed: [["@stt/*"]], access: "public" });
  });

  it("is not made without every platform's addon", async () => {
    const made = script("stage-release.mjs", ["--native", tarballs(["win32-x64"]), "--out", path.join(scratch, "no")]);
    await expect(made).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`lacks stt-native-win32-x64-${version}.tgz`),
    });
  });

  it("makes the server name each platform but the one with CUDA, and leaves the repository's manifests alone", async () => {
    const before = readFileSync(path.join(root, "packages/server/package.json"), "utf8");
    const out = path.join(scratch, "out");
    await script("stage-release.mjs", ["--native", tarballs(), "--out", out], { GITHUB_REPOSITORY: "someone/stt" });
    const { optionalDependencies, scripts, devDependencies } = json(path.join(out, "server/package.json"));
    expect(optionalDependencies).toEqual({
      "@stt/model-smart-turn": version,
      "@stt/model-whisper-base": version,
      ...Object.fromEntries(PLATFORMS.map((platform) => [`@stt/native-${platform}`, version])),
    });
    expect(readFileSync(path.join(out, "model-whisper-base/LICENSE"), "utf8")).toContain("OpenAI");
    expect(readFileSync(path.join(out, "model-smart-turn/LICENSE"), "utf8")).toContain("Daily");
    expect([scripts, devDependencies]).toEqual([undefined, undefined]);
    expect(readFileSync(path.join(root, "packages/server/package.json"), "utf8")).toBe(before);
    const names = (json(path.join(out, "release.json")) as { name: string }[]).map(({ name }) => name);
    expect(names).toEqual([
      ...[...PLATFORMS, ...OPT_IN_PLATFORMS].map((platform) => `@stt/native-${platform}`),
      ...PUBLISHED.map((name) => `@stt/${name}`),
    ]);
  }, 180_000);

  it("knows every dependency's licence", async () => {
    await script("generate-notices.mjs", ["--check"]);
  });
});

describe.skipIf(process.platform === "win32")("publishing", () => {
  /** A registry that has `published`, behind an npm that notes what it is asked for and fails for `failing`. */
  async function publish(versions: string[], { published = "", failing = "" } = {}) {
    const directory = mkdtempSync(path.join(scratch, "publish-"));
    const bin = path.join(directory, "bin");
    mkdirSync(bin);
    const entries = versions.map((each, i) => ({ name: `@stt/p${i}`, version: each, tarball: `p${i}.tgz` }));
    writeFileSync(path.join(directory, "release.json"), JSON.stringify(entries));
    writeFileSync(
      path.join(bin, "npm"),
      `#!/bin/sh
       if [ "$1" = view ]; then [ "$2" = "${published}" ] && echo "\${2##*@}"; exit 0; fi
       echo "$@" >> ${directory}/asked
       case "$2" in */${failing || "none"}) exit 7;; esac`,
    );
    chmodSync(path.join(bin, "npm"), 0o755);
    const { code } = await script("publish-release.mjs", [directory], { PATH: `${bin}:${process.env.PATH}` }).then(
      () => ({ code: 0 }),
      (error: { code: number }) => error,
    );
    return {
      code,
      asked: readFileSync(path.join(directory, "asked"), "utf8").replaceAll(`${directory}/`, "").split("\n"),
    };
  }

  it("goes through the list in its order, with provenance, and passes over what is there", async () => {
    const { code, asked } = await publish(["1.0.0", "1.0.0", "1.0.0"], { published: "@stt/p1@1.0.0" });
    expect(code).toBe(0);
    expect(asked).toEqual([
      "publish p0.tgz --access public --tag latest --provenance",
      "publish p2.tgz --access public --tag latest --provenance",
      "",
    ]);
  });

  it("stops at the first that fails", async () => {
    const { code, asked } = await publish(["1.0.0", "1.0.0"], { failing: "p0.tgz" });
    expect(code).toBe(7);
    expect(asked).toHaveLength(2);
  });

  it("gives a version before the release its own tag", async () => {
    const { asked } = await publish(["2.0.0-rc.1"]);
    expect(asked[0]).toBe("publish p0.tgz --access public --tag next --provenance");
  });
});
