/** A machine with a GPU, as the driver's tool tells of it. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { skipWithoutChromium } from "../../client-web/test/support/chromium.js";
import { requireBuiltConsole } from "./support/console-page.js";
import { look, serve } from "./support/stage.js";

/** Stands in for `nvidia-smi`, once or over and over, with the figures of a file: `used`, `free`, `busy`. */
const STAND_IN = `#!/bin/sh
tell() {
  read -r used free busy <"\${0%/*}/figures"
  case "$1" in *index,*) printf '0, ' ;; esac
  echo "NVIDIA Test Card, 24576, $used, $free, $busy"
}
tell "$1"
case "$*" in *' -l '*) while sleep 0.1; do tell "$1"; done ;; esac
`;

/** @returns how its figures change. */
function withGpu(): (usedMiB: number, busyPercent: number) => void {
  const directory = mkdtempSync(path.join(tmpdir(), "stt-gpu-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const tool = path.join(directory, "nvidia-smi");
  writeFileSync(tool, STAND_IN);
  chmodSync(tool, 0o755);
  vi.stubEnv("PATH", `${directory}${path.delimiter}${process.env.PATH}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  const set = (usedMiB: number, busyPercent: number) =>
    writeFileSync(path.join(directory, "figures"), `${usedMiB} ${24_576 - usedMiB} ${busyPercent}\n`);
  set(1024, 10);
  return set;
}

describe.skipIf(skipWithoutChromium)("the console on a machine with a GPU", { timeout: 60_000 }, () => {
  beforeAll(() => requireBuiltConsole());

  it("shows how busy it is and how full its memory, as that changes", async () => {
    const set = withGpu();
    const view = await look(await serve());
    const memory = view.chart("GPU memory").locator(".legend");
    const busy = view.chart("Processor").locator(".legend");
    await expect.poll(() => memory.textContent(), { timeout: 15_000 }).toBe("used of 24.0 GB1.0 GB");
    await expect.poll(() => busy.textContent(), { timeout: 15_000 }).toMatch(/GPU10 %$/);
    set(12_288, 73);
    await expect.poll(() => memory.textContent(), { timeout: 15_000 }).toBe("used of 24.0 GB12.0 GB");
    await expect.poll(() => busy.textContent(), { timeout: 15_000 }).toMatch(/GPU73 %$/);
    expect(await view.page.locator(".chart canvas").count()).toBe(6);
  });
});
