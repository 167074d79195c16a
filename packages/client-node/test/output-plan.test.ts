import { linkSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Texts } from "../src/cli/texts.js";
import { planOutputs } from "../src/output/output-plan.js";

const texts = { outputIsRecording: "{output} is the recording" } as Texts;

it("a recording is never replaced by its own text, by whatever name", () => {
  const folder = mkdtempSync(join(tmpdir(), "stt-plan-"));
  const at = (name: string) => join(folder, name);
  try {
    writeFileSync(at("memo.txt"), "RIFF");
    symlinkSync(at("memo.txt"), at("link.wav"));
    linkSync(at("memo.txt"), at("other.wav"));
    for (const output of ["memo.txt", "link.wav", "other.wav", ""]) {
      const plan = () => planOutputs([at("memo.txt")], { output: at(output), format: "txt" }, texts);
      expect(plan).toThrow(/^.*(memo\.txt|link\.wav|other\.wav) is the recording/);
    }
    const output = at("new.txt");
    expect(planOutputs([at("memo.txt")], { output, format: "txt" }, texts)).toMatchObject([{ output }]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
