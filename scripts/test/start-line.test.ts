import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { startLine } from "../start-line.mjs";

/** A model folder that has these, and nothing else of this machine. */
function machine(...models: string[]): Record<string, string> {
  const directory = mkdtempSync(path.join(os.tmpdir(), "stt-start-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  for (const name of models) writeFileSync(path.join(directory, `ggml-${name}.bin`), "");
  return { MODEL_DIR: directory };
}
const SHIPPED = "Starting with Whisper base, which comes with the server: no download is needed.";

describe("the first line of npm start", () => {
  it("names the model that comes with the server", () => {
    expect(startLine([], machine())).toBe(SHIPPED);
    expect(startLine(["--data-port", "9012"], { ...machine("small"), WHISPER_MODEL: "base" })).toBe(SHIPPED);
  });

  it("names what there is to choose from, or what was asked for", () => {
    expect(startLine([], machine("small"))).toBe(
      "Starting with the best model on this machine that suits it, of Whisper small, base.",
    );
    expect(startLine([], { ...machine(), WHISPER_MODEL: "medium" })).toBe("Starting with the model medium.");
  });

  it("takes .env into account, after the environment", () => {
    const env = machine();
    const directory = mkdtempSync(path.join(os.tmpdir(), "stt-start-"));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    writeFileSync(path.join(directory, ".env"), 'WHISPER_MODEL="tiny" # small\n');
    expect(startLine([], env, directory)).toBe("Starting with the model tiny.");
    expect(startLine([], { ...env, WHISPER_MODEL: "small" }, directory)).toBe("Starting with the model small.");
    mkdirSync(path.join(directory, "packages/model-whisper-base"), { recursive: true });
    writeFileSync(path.join(directory, "packages/model-whisper-base/ggml-base-q8_0.bin"), "");
    expect(startLine([], { ...env, WHISPER_MODEL: "auto" }, directory)).toBe(SHIPPED);
  });

  it("is left out where no server is asked for, or its models are elsewhere", () => {
    for (const args of [["--help"], ["--check"], ["models", "list"]])
      expect(startLine(args, machine())).toBeUndefined();
    expect(startLine([], { ...machine(), ENGINE: "remote" })).toBeUndefined();
  });
});
