import { parseEnv } from "node:util";
import { describe, expect, it } from "vitest";
import { readVariables } from "../../src/config/env.js";
import { checkDotenv, createConfig, loadConfig } from "../../src/config/index.js";
import { text } from "../../src/config/value-types.js";
import { variable } from "../../src/config/variable.js";
import { isSttError } from "../../src/errors.js";

function refusal(load: () => unknown): string {
  try {
    load();
  } catch (error) {
    if (isSttError(error) && error.code === "invalid_config") return error.message;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("loadConfig", () => {
  it("gives the defaults for an empty environment", () => {
    const { config, warnings, given } = loadConfig({});
    expect(config).toEqual(createConfig());
    expect(warnings).toEqual([]);
    expect(given.size).toBe(0);
  });

  it("turns seconds into milliseconds without rounding errors", () => {
    const { config } = loadConfig({
      POST_SPEECH_SILENCE_DURATION: "0.7",
      REALTIME_PROCESSING_PAUSE: "0.02",
      MIN_LENGTH_OF_RECORDING: "1.1",
    });
    expect(config.postSpeechSilenceDurationMs).toBe(700);
    expect(config.realtimeProcessingPauseMs).toBe(20);
    expect(config.minLengthOfRecordingMs).toBe(1100);
  });

  it.each([
    ["true", true],
    ["1", true],
    ["yes", true],
    ["on", true],
    ["TRUE", true],
    ["false", false],
    ["0", false],
    ["no", false],
    ["off", false],
    ["Off", false],
  ])("reads the boolean %s", (value, expected) => {
    expect(loadConfig({ SPECULATIVE_FINALS: value }).config.speculativeFinals).toBe(expected);
  });

  it("reads words in any case and keeps the case of paths", () => {
    const { config } = loadConfig({
      DEVICE: "CUDA",
      WHISPER_MODEL: "Medium-Q5_0",
      REALTIME_MODEL_TYPE: "/srv/Models/ggml-Mine.bin",
      LOG_LEVEL: "WARN",
    });
    expect(config).toMatchObject({
      device: "cuda",
      whisperModel: "medium-q5_0",
      realtimeModelType: "/srv/Models/ggml-Mine.bin",
      logLevel: "warn",
    });
  });

  it.each([
    ["auto", "auto"],
    ["full", "full"],
    ["512", 512],
  ])("reads the audio context %s", (value, expected) => {
    expect(loadConfig({ FINAL_AUDIO_CONTEXT: value }).config.finalAudioContext).toBe(expected);
  });

  it.each([
    ["localhost", "localhost"],
    ["stt.example.org", "stt.example.org"],
    ["10.0.0.7", "10.0.0.7"],
    ["::1", "::1"],
    ["[fe80::1]", "fe80::1"],
    ["wss://stt.example.org", "wss://stt.example.org"],
  ])("reads the host %s", (value, expected) => {
    expect(loadConfig({ SERVER_HOST: value }).config.serverHost).toBe(expected);
  });

  it("says which variables were given", () => {
    const { given } = loadConfig({ BEAM_SIZE: "10", LANGUAGE: "" }, { DATA_PORT: "9000" });
    expect([...given].sort()).toEqual(["beamSize", "dataPort"]);
  });

  it("counts empty and blank values as unset", () => {
    expect(loadConfig({ WHISPER_MODEL: "", BEAM_SIZE: "  " }).config).toEqual(createConfig());
  });

  it("prefers the real environment to the .env file, and the file to the defaults", () => {
    const { config } = loadConfig(
      { BEAM_SIZE: "2", LANGUAGE: "" },
      { BEAM_SIZE: "3", LANGUAGE: "ru", DATA_PORT: "9000" },
    );
    expect(config).toMatchObject({ beamSize: 2, language: "ru", dataPort: 9000, controlPort: 8011 });
  });
});

describe("a value that is not allowed", () => {
  it.each([
    ["WHISPER_MODEL", "meduim", "medium"],
    ["REALTIME_MODEL_TYPE", "medium-q9_9", "tiny"],
    ["LANGUAGE", "english", "ru"],
    ["LANGUAGE", "zz", "auto"],
    ["DEVICE", "gpu", "auto, cuda or cpu"],
    ["ENABLE_REALTIME_TRANSCRIPTION", "maybe", "true or false"],
    ["SILERO_USE_ONNX", "2", "true or false"],
    ["SILERO_SENSITIVITY", "1.5", "from 0 to 1"],
    ["SILERO_SENSITIVITY", "0,05", "from 0 to 1"],
    ["WEBRTC_SENSITIVITY", "2.5", "a whole number from 0 to 4"],
    ["POST_SPEECH_SILENCE_DURATION", "0", "seconds from 0.1 to 10"],
    ["MIN_LENGTH_OF_RECORDING", "2s", "seconds from 0 to 30"],
    ["BEAM_SIZE", "0", "from 1 to 100"],
    ["BEAM_SIZE_REALTIME", "five", "from 1 to 100"],
    ["REALTIME_PROCESSING_PAUSE", "-1", "from 0 to 10"],
    ["INITIAL_PROMPT", "x".repeat(2001), "at most 2000 characters"],
    ["CONTROL_PORT", "70000", "from 0 to 65535"],
    ["DATA_PORT", "NaN", "from 0 to 65535"],
    ["BIND_HOST", "ws://localhost", "a host name"],
    ["SERVER_HOST", "ftp://localhost", "a host name"],
    ["SERVER_HOST", "localhost:8012", "a host name"],
    ["FINAL_AUDIO_CONTEXT", "2000", "auto, full"],
    ["ENGINE", "vosk", "whisper.cpp"],
    ["LOG_FORMAT", "xml", "auto, pretty or json"],
  ])("%s=%s is refused with its name, the value and what is allowed", (name, value, allowed) => {
    const message = refusal(() => loadConfig({ [name]: value }));
    expect(message).toMatch(new RegExp(`^${name} is "`));
    expect(message).toContain(value.slice(0, 60));
    expect(message).toContain(allowed);
  });

  it("does not hide another one: all are listed, one per line", () => {
    const lines = refusal(() =>
      loadConfig({ BEAM_SIZE: "0", DEVICE: "tpu", DATA_PORT: "8012" }, { LOG_LEVEL: "loud" }),
    ).split("\n");
    expect(lines).toHaveLength(4);
    expect(lines[0]).toContain("3 variables");
    expect(lines.slice(1).map((line) => line.trim().split(" ")[0])).toEqual(["DEVICE", "BEAM_SIZE", "LOG_LEVEL"]);
  });

  it("is not shown when it is a secret", () => {
    const table = {
      key: variable({
        env: "A_KEY",
        group: "network",
        type: text(4),
        default: "",
        secret: true,
        doc: { en: "A key.", ru: "Ключ." },
      }),
    };
    const message = refusal(() => readVariables(table, { A_KEY: "hunter2" }));
    expect(message).toContain("A_KEY");
    expect(message).toContain("at most 4 characters");
    expect(message).not.toContain("hunter2");
  });
});

describe("a token", () => {
  it("is not shown when it is refused", () => {
    const message = refusal(() => loadConfig({ STT_TOKEN: `hunter2${"x".repeat(5000)}` }));
    expect(message).toMatch(/^STT_TOKEN is /);
    expect(message).not.toContain("hunter2");
  });
});

describe("warnings", () => {
  it("do not come for other programs' variables that look like ours", () => {
    expect(loadConfig({ SSL_CERT_FILE: "/etc/ssl/certs/ca-certificates.crt" }).warnings).toEqual([]);
  });

  it.each([
    ["WHISPER_MODLE", "WHISPER_MODEL"],
    ["SILERO_SENSITIVTY", "SILERO_SENSITIVITY"],
    ["DATAPORT", "DATA_PORT"],
    ["POST_SPEECH_SILENCE_DURATON", "POST_SPEECH_SILENCE_DURATION"],
    ["language", "LANGUAGE"],
    ["LANGAUGE", "LANGUAGE"],
  ])("%s looks like %s", (name, meant) => {
    for (const warnings of [loadConfig({ [name]: "1" }).warnings, loadConfig({}, { [name]: "1" }).warnings]) {
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toContain(name);
      expect(warnings[0]).toContain(meant);
    }
  });

  it("leaves other programs' variables alone", () => {
    const others = [
      "PATH",
      "HOME",
      "LANG",
      "LC_ALL",
      "SERVER_PORT",
      "NODE_ENV",
      "DATABASE_URL",
      "MODEL",
      "HOST",
      "PORT",
      "DISPLAY",
    ];
    expect(loadConfig(Object.fromEntries(others.map((name) => [name, "x"]))).warnings).toEqual([]);
  });

  it.each(["en_US:en", "en_US.UTF-8", "C", "de_DE@euro"])(
    "the desktop's LANGUAGE=%s is not taken for speech",
    (locale) => {
      const { config, warnings } = loadConfig({ LANGUAGE: locale }, { LANGUAGE: "ru" });
      expect(config.language).toBe("ru");
      expect(warnings).toEqual([expect.stringContaining(locale)]);
    },
  );

  it("says that SILERO_USE_ONNX=false changes nothing", () => {
    expect(loadConfig({ SILERO_USE_ONNX: "false" }).warnings).toEqual([expect.stringContaining("SILERO_USE_ONNX")]);
  });
});

describe("createConfig", () => {
  it("replaces defaults", () => {
    expect(createConfig({ whisperModel: "micro", controlPort: 0 })).toEqual({
      ...createConfig(),
      whisperModel: "micro",
      controlPort: 0,
    });
  });

  it("treats undefined as not given", () => {
    expect(createConfig({ beamSize: undefined } as never).beamSize).toBe("auto");
  });

  it("refuses what is not allowed, and options that do not exist", () => {
    const message = refusal(() => createConfig({ postSpeechSilenceDurationMs: 1, colour: "red" } as never));
    expect(message).toContain("postSpeechSilenceDurationMs (POST_SPEECH_SILENCE_DURATION) is 1");
    expect(message).toContain("colour");
  });
});

describe("a .env file", () => {
  it("is read with Node's parser", () => {
    const dotenv = parseEnv(
      "export WHISPER_MODEL='base' # comment\r\nDATA_PORT=8013\n# CONTROL_PORT=1\nSTT_TOKEN=\"a # b\"\n",
    );
    const { config, warnings } = loadConfig({ DATA_PORT: "8014" }, dotenv);
    expect(config).toMatchObject({ whisperModel: "base", dataPort: 8014, sttToken: "a # b" });
    expect(warnings).toEqual([]);
  });

  it.each([
    ["a line without =", "WHISPER_MODEL=base\nhunter2 secret\nDATA_PORT=8013\n"],
    ["a name that is none", "WHISPER_MODEL=base\n1hunter2=x\nexport DATA_PORT=8013"],
  ])("with %s is refused, and what stands there is not shown", (_, text) => {
    const message = refusal(() => checkDotenv(text));
    expect(message).toMatch(/^The \.env file has a line that is not NAME=value, before DATA_PORT/);
    expect(message).not.toContain("hunter2");
  });

  it("may have comments, empty lines, quotes over several lines and other programs' variables", () => {
    const text = "# one\n\n  export A='x' # two\r\nB=\"first\nnot a line = of its own\nlast\"\nC=\n d=`1`\n";
    expect(() => checkDotenv(text)).not.toThrow();
  });
});
