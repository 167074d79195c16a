import { createConfig } from "@stt/core/config";
import { FakeEngine } from "@stt/core/testing";
import { describe, expect, it } from "vitest";
import { type Diagnostics, deviceFallback, diagnosticLines } from "../../src/lifecycle/diagnostics.js";

function diagnostics(changes: Partial<Diagnostics> = {}): Diagnostics {
  const { info } = new FakeEngine();
  return {
    gpus: [],
    final: { ...info, model: "medium" },
    partial: { ...info, model: "tiny" },
    config: createConfig({ language: "ru", initialPrompt: "Привет" }),
    ports: { host: "0.0.0.0", controlPort: 8011, dataPort: 8012 },
    lanes: 2,
    memoryBefore: { rssBytes: 80 * 2 ** 20 },
    memoryAfter: { rssBytes: 900 * 2 ** 20, gpuTotalBytes: 24 * 2 ** 30, gpuFreeBytes: 22 * 2 ** 30 },
    ...changes,
  };
}

describe("the start-up block", () => {
  it("names models, device, ports, voice detection, quality and memory, in the words that operators grep for", () => {
    const lines = diagnosticLines(diagnostics());
    expect(lines).toEqual(
      expect.arrayContaining([
        "STT SERVER CONFIGURATION",
        "  CUDA Available: False",
        "  Whisper Model: medium",
        "  Realtime Model: tiny",
        "  Language: ru",
        "  Actual Device: cpu",
        "  Control Port: 8011",
        "  Data Port: 8012",
        "  Silero Sensitivity: 0.05",
        "  Beam Size: 1 (auto)",
        '  Initial Prompt: "Привет"',
        "  Before Loading: RAM 80 MB",
        "  After Loading: RAM 900 MB, GPU 2048 of 24576 MB",
      ]),
    );
    expect(lines.join("\n")).not.toContain("FALLBACK");
  });

  it("shows each GPU with its memory", () => {
    const gpu = { name: "NVIDIA GeForce RTX 3090 Ti", totalMiB: 24_576, usedMiB: 20_172, freeMiB: 4404 };
    const gpusAfter = [{ ...gpu, usedMiB: 22_528, freeMiB: 2048 }];
    const lines = diagnosticLines(diagnostics({ gpus: [gpu], gpusAfter }));
    expect(lines).toContain("  GPU 0 After Loading - Used: 22.0 GB, Free: 2.0 GB");
    expect(lines).toContain("  CUDA Available: True");
    expect(lines).toContain("  GPU 0: NVIDIA GeForce RTX 3090 Ti (24.0 GB)");
    expect(lines).toContain("  GPU 0 Memory - Used: 19.7 GB, Free: 4.3 GB");
  });

  it("says in so many words that the device is not the one that was asked for", () => {
    const final = { ...diagnostics().final, requestedDevice: "cuda" as const, actualDevice: "cpu" as const };
    expect(deviceFallback(final)).toBe("DEVICE FALLBACK: cuda -> cpu");
    const lines = diagnosticLines(diagnostics({ final }));
    expect(lines).toContain("  WARNING: Device fallback from cuda to cpu");
    expect(lines).toContain("  DEVICE FALLBACK: cuda -> cpu");
    expect(deviceFallback({ ...final, requestedDevice: "auto" })).toBeUndefined();
  });
});
