/** Finds the programs that the native build needs, or says which package holds them. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/** A failure whose message is one sentence for the person at the terminal. */
export class NativeBuildError extends Error {
  name = "NativeBuildError";
}

const PACKAGES = {
  cmake: {
    apt: "cmake",
    dnf: "cmake",
    apk: "cmake",
    pacman: "cmake",
    brew: "cmake",
    win: "winget install Kitware.CMake",
  },
  compiler: {
    apt: "build-essential",
    dnf: "gcc-c++ make",
    apk: "build-base",
    pacman: "base-devel",
    mac: "xcode-select --install",
    win: 'the "Desktop development with C++" workload of Visual Studio Build Tools',
  },
  make: {
    apt: "ninja-build",
    dnf: "ninja-build",
    apk: "ninja",
    pacman: "ninja",
    brew: "ninja",
    win: "winget install Ninja-build.Ninja",
  },
  cublas: { apt: "nvidia-cuda-dev", dnf: "libcublas-devel", win: "winget install Nvidia.CUDA" },
  nvcc: { apt: "nvidia-cuda-toolkit", dnf: "cuda-toolkit", pacman: "cuda", win: "winget install Nvidia.CUDA" },
};

function packageManager() {
  try {
    const release = readFileSync("/etc/os-release", "utf8");
    const ids = [...release.matchAll(/^ID(?:_LIKE)?="?([^"\n]*)"?$/gm)].flatMap((match) => match[1].split(" "));
    if (ids.some((id) => ["debian", "ubuntu"].includes(id))) return "apt";
    if (ids.some((id) => ["fedora", "rhel", "centos"].includes(id))) return "dnf";
    if (ids.includes("alpine")) return "apk";
    if (ids.includes("arch")) return "pacman";
  } catch {
    // Not every system has the file.
  }
  return undefined;
}

/** How to install `tool` here, as a command or a phrase. */
export function installHint(tool, platform = process.platform, manager = packageManager()) {
  const names = PACKAGES[tool];
  if (platform === "win32") return names.win;
  if (platform === "darwin")
    return names.mac ?? (names.brew ? `brew install ${names.brew}` : "a machine with an NVIDIA GPU");
  const commands = { apt: "sudo apt install", dnf: "sudo dnf install", apk: "sudo apk add", pacman: "sudo pacman -S" };
  if (manager && names[manager]) return `${commands[manager]} ${names[manager]}`;
  return `${commands.apt} ${names.apt} (Debian, Ubuntu) or ${commands.dnf} ${names.dnf} (Fedora)`;
}

function runs(program, env) {
  return spawnSync(program, ["--version"], { stdio: "ignore", env }).status === 0;
}

/** The sentence that says what is missing and how to get it. */
export function missing(tool, what) {
  return `${what} was not found, and the speech engine cannot be built without it: install it with \`${installHint(tool)}\` and run the same command again.`;
}

function need(tool, what) {
  throw new NativeBuildError(missing(tool, what));
}

/** Checks for everything before the first file is compiled. */
export function findTools({ cuda }, env = process.env) {
  if (!runs("cmake", env)) need("cmake", "The program cmake");
  // On Windows CMake itself finds Visual Studio, which is never on PATH.
  if (process.platform !== "win32" && ![env.CXX, "c++", "g++", "clang++"].some((name) => name && runs(name, env))) {
    need("compiler", "A C++ compiler (g++ or clang++)");
  }
  const ninja = runs("ninja", env);
  if (!ninja && process.platform !== "win32" && !runs("make", env)) need("make", "The program ninja (or make)");
  if (!cuda) return { generator: ninja ? "Ninja" : undefined, nvcc: undefined };

  const roots = [env.CUDA_HOME, env.CUDA_PATH, "/usr/local/cuda"].filter(Boolean);
  const known = roots.map((root) => path.join(root, "bin", "nvcc")).find((file) => existsSync(file));
  const nvcc = [env.CUDACXX, "nvcc", known].find((name) => name && runs(name, env));
  if (!nvcc) need("nvcc", "The CUDA compiler nvcc");
  return { generator: ninja ? "Ninja" : undefined, nvcc };
}
