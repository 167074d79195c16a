import { describe, expect, it } from "vitest";
import { clientSettings } from "../src/index.js";

describe("clientSettings", () => {
  it.each([
    [{}, {}, "ws://localhost:8012/v1/stream"],
    [{ SERVER_HOST: "gpu-box" }, {}, "ws://gpu-box:8012/v1/stream"],
    [{ SERVER_HOST: "gpu-box", DATA_PORT: "9012" }, {}, "ws://gpu-box:9012/v1/stream"],
    [{}, { SERVER_HOST: "from-dotenv", DATA_PORT: "9013" }, "ws://from-dotenv:9013/v1/stream"],
    [{ SERVER_HOST: "from-env" }, { SERVER_HOST: "from-dotenv" }, "ws://from-env:8012/v1/stream"],
    [{ SERVER_HOST: "::1" }, {}, "ws://[::1]:8012/v1/stream"],
    [{ SERVER_HOST: "wss://stt.example.org" }, {}, "wss://stt.example.org/v1/stream"],
    [{ SERVER_HOST: "https://stt.example.org/api/stream" }, {}, "wss://stt.example.org/api/stream/v1/stream"],
    [{ SERVER_HOST: "gpu-box", BEAM_SIZE: "nonsense of the server's" }, {}, "ws://gpu-box:8012/v1/stream"],
  ])("makes of %j and .env %j the address %s", (env, dotenv, url) => {
    expect(clientSettings(env, dotenv).url).toBe(url);
  });

  it("names the variable that is wrong", () => {
    expect(() => clientSettings({ DATA_PORT: "eighty" })).toThrow(/DATA_PORT/);
  });

  it.each([
    [{ SERVER_HOST: "gpu-box", CONTROL_PORT: "9011" }, "ws://gpu-box:9011/v1/stream"],
    [{ SERVER_HOST: "wss://stt.example.org" }, undefined],
  ])("finds with %j the control port at %s", (env, controlUrl) => {
    expect(clientSettings(env).controlUrl).toBe(controlUrl);
  });

  it("takes the language and the token where they are given", () => {
    expect(clientSettings({ LANGUAGE: "de" }, { STT_TOKEN: "secret" })).toMatchObject({
      language: "de",
      token: "secret",
    });
    // A desktop's list of locales has the same name.
    expect(clientSettings({ LANGUAGE: "en_US:en" })).toMatchObject({ language: undefined, token: undefined });
  });

  it("never shows a token that it refuses", () => {
    const token = "s3cret".repeat(1000);
    expect(() => clientSettings({ STT_TOKEN: token })).toThrow(/^(?!.*s3cret).*STT_TOKEN/);
  });
});
