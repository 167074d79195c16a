import { createHash } from "node:crypto";
import { createReadStream, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { path as file, name, sha256, sizeBytes } from "@stt/model-whisper-base";
import { describe, expect, it } from "vitest";

const root = path.join(import.meta.dirname, "../..");

describe("the model in the box", () => {
  it("is the file whose size and checksum the package states", async () => {
    expect(name).toBe("base");
    expect(statSync(file).size).toBe(sizeBytes);
    const hash = createHash("sha256");
    for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20 })) hash.update(chunk as Buffer);
    expect(hash.digest("hex")).toBe(sha256);
  });

  it("is what its script makes, and what its page says", () => {
    for (const place of ["scripts/make-model.sh", "README.md"]) {
      expect(readFileSync(path.join(root, "packages/model-whisper-base", place), "utf8"), place).toContain(sha256);
    }
  });
});
