import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const compiler = [process.env.CXX ?? "c++", "g++", "clang++"].find(
  (name) => spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0,
);

/** The tree knows nothing of whisper.cpp or Node: where a compiler is, it is tried alone. */
it.skipIf(compiler === undefined)(
  "the prefix tree favours what begins a term and what goes on with one",
  () => {
    const folder = mkdtempSync(join(tmpdir(), "stt-term-bias-"));
    try {
      const program = join(folder, "test");
      const sources = [here("term_bias_test.cpp"), here("../../native/src/term_bias.cpp")];
      execFileSync(compiler!, ["-std=c++17", "-O2", "-Wall", "-Wextra", "-Werror", ...sources, "-o", program]);
      const { status, stdout } = spawnSync(program, { encoding: "utf8" });
      expect(stdout).not.toContain("FAIL");
      expect(status).toBe(0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  60_000,
);
