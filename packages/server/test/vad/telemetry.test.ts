import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { startServerProcess } from "../support/server-process.js";

it("reports to nobody: ONNX Runtime makes no identifier of this machine", async () => {
  const home = mkdtempSync(join(tmpdir(), "stt-home-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  // The runtime keeps quiet by itself where these are set.
  const unattended = { CI: "", GITHUB_ACTIONS: "", TF_BUILD: "" };
  const cache = process.env.XDG_CACHE_HOME || join(process.env.HOME ?? "", ".cache");
  const { child, exited } = await startServerProcess({
    ...unattended,
    HOME: home,
    XDG_CACHE_HOME: "",
    // Where the native addon lies.
    STT_CACHE_DIR: process.env.STT_CACHE_DIR || join(cache, "stt"),
  });
  child.kill("SIGTERM");
  await exited;
  expect(readdirSync(home, { recursive: true })).toEqual([]);
});
