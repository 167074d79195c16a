import { describe, expect, it } from "vitest";
import { configSchema, createConfig, GROUPS, VARIABLES } from "../../src/config/index.js";

const all = Object.entries(VARIABLES);
const byEnv = new Map(all.map(([key, variable]) => [variable.env as string, { key, ...variable }]));

describe("the variables of the original system", () => {
  /** Name, the default its documentation gives (in the environment's own words), unit, and where that default applies here. */
  it.each([
    ["WHISPER_MODEL", "medium", undefined, "container"],
    ["LANGUAGE", "auto", undefined, "default"],
    ["REALTIME_MODEL_TYPE", "tiny", undefined, "container"],
    ["DEVICE", "cuda", undefined, "container"],
    ["ENABLE_REALTIME_TRANSCRIPTION", "true", undefined, "default"],
    ["SILERO_USE_ONNX", "true", undefined, "default"],
    ["SILERO_SENSITIVITY", "0.05", undefined, "default"],
    ["WEBRTC_SENSITIVITY", "3", undefined, "default"],
    ["POST_SPEECH_SILENCE_DURATION", "1.5", "s", "default"],
    ["MIN_LENGTH_OF_RECORDING", "2", "s", "default"],
    ["BEAM_SIZE", "auto", undefined, "default"],
    ["BEAM_SIZE_REALTIME", "auto", undefined, "default"],
    ["REALTIME_PROCESSING_PAUSE", "0.02", "s", "default"],
    ["CONTROL_PORT", "8011", undefined, "default"],
    ["DATA_PORT", "8012", undefined, "default"],
  ] as const)("%s keeps its default %s", (env, value, unit, where) => {
    const variable = byEnv.get(env)!;
    expect(variable.type.unit).toBe(unit);
    expect(variable.type.format(variable[where] as never)).toBe(value);
  });

  it.each(["INITIAL_PROMPT", "SERVER_HOST"])("%s exists, with a default that suits any machine", (env) => {
    expect(byEnv.has(env)).toBe(true);
  });

  it("a bare start chooses models and device by itself", () => {
    expect(createConfig()).toMatchObject({ whisperModel: "auto", realtimeModelType: "auto", device: "auto" });
  });

  it("every value that the original's documentation shows is accepted", () => {
    for (const [env, values] of Object.entries({
      WHISPER_MODEL: ["tiny", "base", "small", "medium", "large"],
      REALTIME_MODEL_TYPE: ["tiny", "base", "small"],
      LANGUAGE: ["auto", "ru", "en"],
      DEVICE: ["cuda", "cpu"],
      BEAM_SIZE: ["1", "3", "5", "10", "15"],
      BEAM_SIZE_REALTIME: ["1", "8"],
      SILERO_SENSITIVITY: ["0.0", "0.03", "1.0"],
      WEBRTC_SENSITIVITY: ["1", "2", "3", "4"],
    })) {
      const { type } = byEnv.get(env)!;
      for (const value of values)
        expect(type.schema.safeParse(type.parse(value)).success, `${env}=${value}`).toBe(true);
    }
  });
});

describe("every variable", () => {
  it.each(all)("%s is named after its environment variable, with Ms for durations in seconds", (key, { env, type }) => {
    const camel = env.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
    expect(key).toBe(type.unit === "s" ? `${camel}Ms` : camel);
  });

  it.each(all)("%s has defaults that are allowed and survive the way through the environment", (_, variable) => {
    const { type } = variable;
    for (const value of [variable.default, variable.container ?? variable.default]) {
      expect(type.schema.safeParse(value).success).toBe(true);
      expect(type.parse(type.format(value as never))).toEqual(value);
    }
  });

  it.each(all)("%s is documented in both languages", (_, { doc, type, group }) => {
    expect(doc.en).toMatch(/^\S.*\.$/);
    expect(doc.ru).toMatch(/[а-яё].*\.$/i);
    expect(type.allowed.en).not.toBe("");
    expect(type.allowed.ru).not.toBe("");
    expect(GROUPS).toHaveProperty(group);
  });

  it("has a name of its own", () => {
    expect(byEnv.size).toBe(all.length);
  });
});

describe("configSchema", () => {
  it("accepts the default configuration and nothing with a key more, a key less or a wrong value", () => {
    const config = createConfig();
    expect(configSchema.safeParse(config).success).toBe(true);
    expect(configSchema.safeParse({ ...config, colour: "red" }).success).toBe(false);
    expect(configSchema.safeParse({ ...config, beamSize: 0 }).success).toBe(false);
    const { language: _, ...rest } = config;
    expect(configSchema.safeParse(rest).success).toBe(false);
  });
});
