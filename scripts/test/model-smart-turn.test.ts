import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { path as file, sha256, sizeBytes } from "@stt/model-smart-turn";
import { describe, expect, it } from "vitest";

const root = path.join(import.meta.dirname, "../..");

describe("the model that hears the ends of turns", () => {
  it("is the file whose size and checksum the package states", () => {
    const bytes = readFileSync(file);
    expect(bytes.length).toBe(sizeBytes);
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(sha256);
  });

  it("is what its script makes, and what its page says", () => {
    for (const place of ["scripts/make-model.sh", "README.md"]) {
      expect(readFileSync(path.join(root, "packages/model-smart-turn", place), "utf8"), place).toContain(sha256);
    }
  });

  it("is said to be changed, with its licence", () => {
    const notices = readFileSync(path.join(root, "THIRD_PARTY_NOTICES.md"), "utf8");
    expect(notices).toMatch(/### Smart Turn v3\.2\n\nContained in changed form/);
    expect(notices).toContain("Daily");
  });
});
