import { describe, expect, it } from "vitest";
import { streamUrlFromEnv } from "../src/index.js";

describe("streamUrlFromEnv", () => {
  it.each([
    [{}, {}, "ws://localhost:8012/v1/stream"],
    [{ SERVER_HOST: "gpu-box" }, {}, "ws://gpu-box:8012/v1/stream"],
    [{ SERVER_HOST: "gpu-box", DATA_PORT: "9012" }, {}, "ws://gpu-box:9012/v1/stream"],
    [{}, { SERVER_HOST: "from-dotenv", DATA_PORT: "9013" }, "ws://from-dotenv:9013/v1/stream"],
    [{ SERVER_HOST: "from-env" }, { SERVER_HOST: "from-dotenv" }, "ws://from-env:8012/v1/stream"],
    [{ SERVER_HOST: "::1" }, {}, "ws://[::1]:8012/v1/stream"],
    [{ SERVER_HOST: "wss://stt.example.org" }, {}, "wss://stt.example.org/v1/stream"],
    [{ SERVER_HOST: "https://stt.example.org/api/stream" }, {}, "wss://stt.example.org/api/stream"],
    [{ SERVER_HOST: "gpu-box", BEAM_SIZE: "nonsense of the server's" }, {}, "ws://gpu-box:8012/v1/stream"],
  ])("makes of %j and .env %j the address %s", (env, dotenv, url) => {
    expect(streamUrlFromEnv(env, dotenv)).toBe(url);
  });

  it("names the variable that is wrong", () => {
    expect(() => streamUrlFromEnv({ DATA_PORT: "eighty" })).toThrow(/DATA_PORT/);
  });
});
