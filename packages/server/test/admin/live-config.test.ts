import { type ConfigKey, createConfig, VARIABLES } from "@stt/core/config";
import { expect, it } from "vitest";
import { LiveConfig } from "../../src/admin/live-config.js";
import { defaultSettings } from "../../src/settings/session-settings.js";

it("takes values as the environment has them, and tells who listens", () => {
  const live = new LiveConfig(createConfig());
  const heard: number[] = [];
  const end = live.subscribe((config) => heard.push(config.postSpeechSilenceDurationMs));
  live.set({ POST_SPEECH_SILENCE_DURATION: 0.7, LANGUAGE: "RU", ADAPTIVE_ENDPOINTING: true, BEAM_SIZE: "3" });
  expect(live.current).toMatchObject({
    postSpeechSilenceDurationMs: 700,
    language: "ru",
    adaptiveEndpointing: true,
    beamSize: 3,
  });
  end();
  live.set({ POST_SPEECH_SILENCE_DURATION: 0.8 });
  expect(heard).toEqual([700]);
  expect(live.entries(["POST_SPEECH_SILENCE_DURATION"])).toMatchObject([{ value: "0.8", unit: "s", live: true }]);
});

it.each([
  [{ LANGUAGE: "en", BEAM_SIZE: 0 }, /BEAM_SIZE is 0; allowed is auto or a whole number from 1 to 100/],
  [{ LANGUAGE: "en", BEAM_SIZE: { evil: 1 } }, /BEAM_SIZE is \{"evil":1\}/],
  [{ LANGUAGE: "en", NOTHING: 1 }, /no variable "NOTHING"/],
  [{ LANGUAGE: "en", REPLACEMENTS: "a=b;/c+*(/=d" }, /REPLACEMENTS has \/c\+\*\(\/, .*: invalid nested repetition/],
  [{ LANGUAGE: "en", CONTROL_PORT: 1 }, /CONTROL_PORT cannot be changed while the server runs/],
])("changes nothing when one of several is wrong: %j", (values, says) => {
  const live = new LiveConfig(createConfig());
  expect(() => live.set(values)).toThrow(says);
  expect(live.current).toEqual(createConfig());
});

it("never shows a secret, and nothing that is the clients' alone", () => {
  const live = new LiveConfig(createConfig());
  for (const { env, secret, audience } of Object.values(VARIABLES)) {
    const [entry] = live.entries([env]);
    if (audience === "client") expect(entry).toBeUndefined();
    else if (secret) expect(entry?.value, env).toBeNull();
    else expect(typeof entry?.value, env).toBe("string");
  }
});

/** Read where they are used, not through a session's settings. */
const ELSEWHERE: ConfigKey[] = ["webrtcSensitivity", "maxSessions", "idleSessionTimeoutMs", "logLevel"];

it("every variable that says it is live has a way to its effect", () => {
  const other: Partial<Record<ConfigKey, unknown>> = {
    language: "de",
    languages: ["de", "en"],
    initialPrompt: "x",
    vocabulary: ["x"],
    sileroSensitivity: 0.5,
    beamSize: 3,
    beamSizeRealtime: 3,
    replacements: [{ find: "my mail", replace: "me@example.org" }],
    endOfTurn: "model",
    endOfTurnEagerness: "high",
    numerals: "figures",
    fillers: "remove",
    profanity: "mask",
    profanityWords: "x",
    redact: ["email"],
  };
  for (const [key, variable] of Object.entries(VARIABLES) as [ConfigKey, (typeof VARIABLES)[ConfigKey]][]) {
    if (!variable.live || ELSEWHERE.includes(key)) continue;
    const base = createConfig();
    const value = other[key] ?? (typeof base[key] === "boolean" ? !base[key] : differentNumber(base[key]));
    const changed = createConfig({ [key]: value });
    expect(defaultSettings(changed), `${variable.env} is live and changes no session: add how`).not.toEqual(
      defaultSettings(base),
    );
  }
});

function differentNumber(value: unknown): number {
  return typeof value === "number" ? (value > 1000 ? value - 500 : value + 1) : 512;
}
