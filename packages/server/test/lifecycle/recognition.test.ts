import { systemClock } from "@stt/core";
import { loadConfig } from "@stt/core/config";
import { FakeEngine, FakeVad } from "@stt/core/testing";
import { describe, expect, it, vi } from "vitest";
import { Recognition } from "../../src/lifecycle/recognition.js";
import { silentLog } from "../../src/observability/log.js";
import { Readiness } from "../../src/observability/readiness.js";

function recognition() {
  const engine = new FakeEngine();
  const vad = new FakeVad();
  const closed: string[] = [];
  for (const [name, part] of Object.entries({ engine, vad })) {
    const close = part.close.bind(part);
    vi.spyOn(part, "close").mockImplementation(async () => {
      // One engine may serve finals and live text, and is closed for each.
      if (closed.at(-1) !== name) closed.push(name);
      await close();
    });
  }
  const { config } = loadConfig({}, {});
  const loaded = new Recognition({
    config,
    live: () => config,
    given: { engine, vad },
    clock: systemClock,
    log: silentLog,
    readiness: new Readiness(),
    speaking: () => 0,
    onJob: () => {},
    onVadLag: () => {},
    onTurnQuestion: () => {},
  });
  return { loaded, closed };
}

describe("recognition", () => {
  it("frees what it has loaded, the latest first, once", async () => {
    const { loaded, closed } = recognition();
    await loaded.load(new AbortController().signal);
    await loaded.close();
    await loaded.close();
    expect(closed).toEqual(["vad", "engine"]);
  });

  it("frees what was still loading when it was closed, and says why it has nothing", async () => {
    const { loaded, closed } = recognition();
    const loading = loaded.load(new AbortController().signal);
    await loaded.close();
    expect(closed).toEqual([]);
    await expect(loading).rejects.toMatchObject({ code: "aborted", message: expect.stringContaining("was closed") });
    expect(closed).toEqual(["engine"]);
  });
});
