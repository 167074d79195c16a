import { encodePcm, systemClock } from "@stt/core";
import { createConfig } from "@stt/core/config";
import { FakeEngine, FakeVad, toneSamples } from "@stt/core/testing";
import { afterEach, describe, expect, it, vi } from "vitest";
import { silentLog } from "../../src/observability/log.js";
import { Readiness } from "../../src/observability/readiness.js";
import { Tracing } from "../../src/observability/tracing.js";
import { Scheduler } from "../../src/scheduler/scheduler.js";
import type { SessionEvent, SessionListener } from "../../src/session/events.js";
import type { SessionClient } from "../../src/session/session-client.js";
import { SessionHost } from "../../src/session/session-host.js";
import type { SessionOrigin } from "../../src/session/session-record.js";
import { defaultSettings } from "../../src/settings/session-settings.js";
import { idleMetrics } from "../support/idle-metrics.js";

const FORMAT = { encoding: "pcm_s16le", sampleRate: 16_000, channels: 1 } as const;
const ALICE: SessionOrigin = { wire: "stream", principal: "alice", address: "192.0.2.1" };

let host: SessionHost | undefined;
afterEach(() => host?.registry.close());

function listener(onEvent: SessionListener): SessionClient {
  return { onEvent, onOrder: () => {} };
}

function createHost(): SessionHost {
  const readiness = new Readiness();
  const engine = new FakeEngine({ answers: () => ({ text: "open the window" }) });
  host = new SessionHost({
    clock: systemClock,
    log: silentLog,
    readiness,
    defaults: () => defaultSettings(createConfig()),
    maxBufferedMs: 60_000,
    metrics: idleMetrics(),
    tracing: new Tracing(),
    maxSessions: () => 0,
  });
  host.setServices({
    clock: systemClock,
    log: silentLog,
    scheduler: new Scheduler({ lanes: 1, clock: systemClock }),
    finalEngine: engine,
    partialEngine: engine,
    vad: new FakeVad(),
    cadenceMs: () => 0,
  });
  readiness.markReady();
  return host;
}

describe("the list of sessions", () => {
  it("says who is speaking, over which wire, and what was recognised last", async () => {
    const host = createHost();
    const { session } = await host.open(
      { origin: ALICE, format: FORMAT, options: { language: "de" } },
      listener(() => {}),
    );
    expect(host.registry.summaries()).toEqual([
      {
        ...ALICE,
        id: session.id,
        startedAt: expect.stringMatching(/^\d{4}-.*Z$/),
        language: "de",
        speaking: false,
        audioMs: 0,
        lastText: "",
      },
    ]);
    const pcm = encodePcm(toneSamples(300, 1000), "pcm_s16le");
    session.push({ offset: 0, pcm, samples: pcm.length / 2 });
    await vi.waitFor(() => expect(host.registry.summaries()).toMatchObject([{ speaking: true, audioMs: 1000 }]));
    session.finalize();
    await vi.waitFor(() =>
      expect(host.registry.summaries()).toMatchObject([{ speaking: false, lastText: "Open the window." }]),
    );
    session.close();
    expect(host.registry.summaries()).toEqual([]);
  });

  it("lets an operator end one: what was said comes first", async () => {
    const host = createHost();
    const events: SessionEvent[] = [];
    const { session } = await host.open(
      { origin: ALICE, format: FORMAT, options: {} },
      listener((event) => events.push(event)),
    );
    const pcm = encodePcm(toneSamples(300, 1000), "pcm_s16le");
    session.push({ offset: 0, pcm, samples: pcm.length / 2 });
    await host.registry.end(session.id);
    expect(events.map(({ type }) => type).filter((type) => type === "final" || type === "end")).toEqual([
      "final",
      "end",
    ]);
    expect(host.registry.size).toBe(0);
    await expect(host.registry.end(session.id)).rejects.toMatchObject({ code: "not_found" });
  });
});
