/**
 * Where a built native addon lies. The build script and the server both ask this file, so that they can never disagree.
 * Plain JavaScript: the build runs before anything is compiled.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { platformPackage } from "./platform-package.mjs";

/** Bumped when the layout of a cache entry changes. */
const LAYOUT = 1;
/** The Node-API version that `native/CMakeLists.txt` compiles against. */
const NODE_API_VERSION = 8;

/** Root of the package `@stt/server`: this file is bundled to several depths below it. */
export function packageRoot() {
  let directory = path.dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const manifest = path.join(directory, "package.json");
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).name === "@stt/server") return directory;
    const parent = path.dirname(directory);
    if (parent === directory) throw new Error(`no package.json of @stt/server above ${fileURLToPath(import.meta.url)}`);
    directory = parent;
  }
}

/** The user's cache directory for this project; `STT_CACHE_DIR` overrides it. */
export function cacheDirectory(env = process.env, platform = process.platform) {
  if (env.STT_CACHE_DIR) return path.resolve(env.STT_CACHE_DIR);
  if (platform === "darwin") return path.join(os.homedir(), "Library", "Caches", "stt");
  if (platform === "win32") {
    return path.join(env.LOCALAPPDATA || path.join(os.homedir(), "AppData", "Local"), "stt", "Cache");
  }
  return path.join(env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache"), "stt");
}

/** The whisper.cpp source tree: `WHISPER_CPP_DIR`, or the copy inside the npm package nodejs-whisper. */
export function whisperSource(env = process.env) {
  if (env.WHISPER_CPP_DIR) return path.resolve(env.WHISPER_CPP_DIR);
  const require = createRequire(path.join(packageRoot(), "package.json"));
  return path.join(path.dirname(require.resolve("nodejs-whisper/package.json")), "cpp", "whisper.cpp");
}

/** Version of a whisper.cpp source tree, or `unknown`. */
export function whisperVersion(source) {
  try {
    const match = /VERSION (\d+\.\d+\.\d+)/.exec(readFileSync(path.join(source, "CMakeLists.txt"), "utf8"));
    return match?.[1] ?? "unknown";
  } catch {
    return "unknown";
  }
}

/** What `-march=native` depends on. A cache directory on a network share serves machines of different kinds. */
function cpuIdentity() {
  const model = os.cpus()[0]?.model ?? "unknown";
  if (process.platform !== "linux") return model;
  try {
    const features = /^(?:flags|Features)\s*:\s*(.*)$/m.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1] ?? "";
    return `${model} ${features.split(/\s+/).sort().join(" ")}`;
  } catch {
    return model;
  }
}

function sourcesDigest(root) {
  const native = path.join(root, "native");
  const files = ["", "src"]
    .flatMap((folder) =>
      readdirSync(path.join(native, folder), { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(folder, entry.name)),
    )
    .sort();
  const hash = createHash("sha256");
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(path.join(native, file)));
  return hash.digest("hex");
}

/**
 * The cache entry for a set of flags on this machine.
 *
 * @param {{ cuda?: boolean, portable?: boolean }} flags
 */
export function nativePaths({ cuda = false, portable = false } = {}, env = process.env) {
  const source = whisperSource(env);
  const version = whisperVersion(source);
  const identity = JSON.stringify({
    layout: LAYOUT,
    sources: sourcesDigest(packageRoot()),
    whisper: version,
    // Somebody else's tree may differ without a new version number.
    tree: env.WHISPER_CPP_DIR ? source : "nodejs-whisper",
    cuda,
    cpu: portable ? "portable" : cpuIdentity(),
    platform: process.platform,
    arch: process.arch,
    nodeApi: NODE_API_VERSION,
  });
  const digest = createHash("sha256").update(identity).digest("hex").slice(0, 12);
  const key = [`whisper-${version}`, process.platform, process.arch, cuda && "cuda", portable && "portable", digest]
    .filter(Boolean)
    .join("-");
  const directory = path.join(cacheDirectory(env), "native", key);
  const exe = process.platform === "win32" ? ".exe" : "";
  return {
    key,
    directory,
    addon: path.join(directory, "stt_whisper.node"),
    whisperCli: path.join(directory, "bin", `whisper-cli${exe}`),
    whisperServer: path.join(directory, "bin", `whisper-server${exe}`),
    source,
    version,
  };
}

/**
 * Addon files to try at run time, best first, only existing ones: what was built on this machine, then the package for its
 * platform. `STT_NATIVE_ADDON` replaces the search.
 *
 * @param {{ preferCuda?: boolean }} options
 */
export function addonCandidates({ preferCuda = false } = {}, env = process.env) {
  if (env.STT_NATIVE_ADDON) return [path.resolve(env.STT_NATIVE_ADDON)];
  const root = packageRoot();
  // A build with CUDA computes on the CPU as well, so it serves when it is the only one.
  return [preferCuda, !preferCuda]
    .flatMap((cuda) => [
      nativePaths({ cuda, portable: false }, env).addon,
      nativePaths({ cuda, portable: true }, env).addon,
      platformPackage(root, { cuda }).addon,
    ])
    .filter((file) => file !== undefined && existsSync(file));
}

/**
 * What to say when no candidate is there: the command that builds the addon, for the person's own directory, and what is wrong
 * with the packages that are installed.
 *
 * @param {{ cuda?: boolean }} flags
 */
export function addonRemedy({ cuda = false } = {}, directory = process.cwd()) {
  const root = packageRoot();
  const problems = [false, true].map((each) => platformPackage(root, { cuda: each }).problem).filter(Boolean);
  const script = path.relative(directory, path.join(root, "scripts", "build-native.mjs"));
  const command = root.split(path.sep).includes("node_modules")
    ? `node ${script}${cuda ? " --cuda" : ""}`
    : `npm run build:native${cuda ? " -- --cuda" : ""}`;
  return { command, problems };
}
