import { createConfig } from "@stt/core/config";
import { describe, expect, it } from "vitest";
import { defaultSettings } from "../../src/settings/session-settings.js";
import type { TurnDetection } from "../../src/transports/openai-realtime/client-events.js";
import { DEFAULT_CONFIG, overridesOf } from "../../src/transports/openai-realtime/realtime-config.js";

const defaults = { ...defaultSettings(createConfig()), endOfTurn: "model" } as const;
const settingsFor = (turnDetection: TurnDetection | null | undefined) =>
  overridesOf(turnDetection === undefined ? DEFAULT_CONFIG : { ...DEFAULT_CONFIG, turnDetection }, defaults);

describe("turn detection of OpenAI's wire", () => {
  it.each([
    ["low", "low", 8000],
    ["medium", "medium", 4000],
    ["high", "high", 2000],
    ["auto", "medium", 4000],
    [undefined, "medium", 4000],
  ] as const)("asks the model with semantic_vad: %s", (wanted, eagerness, maxSilenceMs) => {
    const settings = settingsFor({ type: "semantic_vad", eagerness: wanted });
    expect(settings).toMatchObject({ endOfTurn: "model", eagerness, maxSilenceMs, minUtteranceMs: 0 });
  });

  it("goes by silence with server_vad, and where the client commits", () => {
    expect(settingsFor({ type: "server_vad" }).endOfTurn).toBe("silence");
    expect(settingsFor(null).endOfTurn).toBe("silence");
  });

  it("is the server's own where the client says nothing", () => {
    expect(settingsFor(undefined)).toMatchObject({ endOfTurn: "model", maxSilenceMs: defaults.maxSilenceMs });
  });
});
