import { copyFileSync } from "node:fs";
import path from "node:path";
import { SttError, type TranscriptionEngine } from "@stt/core";
import { createConfig } from "@stt/core/config";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { upgradeModel } from "../../src/engines/upgrade-model.js";
import { betterModel, type Machine } from "../../src/models/choose-model.js";
import type { ModelPull } from "../../src/models/model-pulls.js";
import { memoryLog, microModel } from "../engines/support.js";
import { mirror, modelFolder, serve, withoutProxies } from "./support.js";

const GIB = 2 ** 30;
const desktop: Machine = { device: "cpu", freeBytes: 16 * GIB, cores: 12 };

describe("the best model in time", () => {
  it.each([
    ["a slow CPU", desktop, 400, undefined],
    ["a quick CPU", desktop, 250, "small"],
    ["a very quick CPU", desktop, 80, "medium"],
    ["a quick CPU with little memory", { ...desktop, freeBytes: 1.5 * GIB }, 80, undefined],
    ["a GPU", { device: "cuda", freeBytes: 8 * GIB, cores: 2 }, 15, "large-v3-turbo"],
    ["a GPU with little memory", { device: "cuda", freeBytes: 2 * GIB, cores: 2 }, 15, "small"],
    ["a slow GPU", { device: "cuda", freeBytes: 8 * GIB, cores: 2 }, 80, "medium"],
  ] as const)("on %s", (_, machine, decodeMs, expected) => {
    expect(betterModel(machine, "base", decodeMs)).toBe(expected);
  });

  it("goes by the model that was measured", () => {
    expect(betterModel(desktop, "small", 264)).toBe("medium");
    expect(betterModel(desktop, "small", 300)).toBeUndefined();
    expect(betterModel(desktop, "our-own", 1)).toBeUndefined();
  });
});

describe("a server that started on base", () => {
  let directory: string;
  let log: ReturnType<typeof memoryLog>;
  const told = () => log.entries.filter(({ level }) => level !== "debug").map(({ message }) => message);
  beforeEach(() => {
    withoutProxies();
    directory = modelFolder();
    log = memoryLog();
  });

  /** A server whose engine takes so long for five seconds of audio; its downloads end as told. */
  function server(decodeMs: number, { url = "http://127.0.0.1:9", state = "done" as ModelPull["state"] } = {}) {
    const info = { model: "base" };
    const transcribe = vi.fn(async (audio: Float32Array) => ({ computeMs: decodeMs, audioMs: audio.length / 16 }));
    const pulls = {
      start: vi.fn((name: string) => ({ name }) as ModelPull),
      ended: vi.fn(async (name: string) => ({ name, state }) as ModelPull),
    };
    const switcher = { switch: vi.fn(async () => {}) };
    const config = createConfig({ modelDir: directory, modelBaseUrl: url });
    const stop = new AbortController();
    const engine = { info, transcribe } as unknown as TranscriptionEngine;
    const options = { config, machine: desktop, engine, pulls, switcher, log, signal: stop.signal };
    return { info, transcribe, pulls, switcher, stop, upgrade: () => upgradeModel(options) };
  }

  it("fetches what suits the machine better, switches over, and says both", async () => {
    const { url } = await mirror(serve);
    const { upgrade, transcribe, pulls, switcher } = server(250, { url });
    expect(await upgrade()).toBe("small");
    expect(transcribe.mock.calls.map(([audio]) => audio.length)).toEqual([80_000, 80_000]);
    expect(pulls.start.mock.calls).toEqual([["small"]]);
    expect(switcher.switch.mock.calls).toEqual([[{ final: "small" }]]);
    expect(told()).toEqual([
      "WHISPER_MODEL=auto: small suits this machine better, which decodes 5 s of audio with base in 0.25 s. It is fetched in the background while base serves.",
      "WHISPER_MODEL=auto: small has taken over from base.",
    ]);
  });

  it("switches to what is on disk already without asking anybody", async () => {
    copyFileSync(microModel, path.join(directory, "ggml-small.bin"));
    const { upgrade, pulls, switcher } = server(250);
    expect(await upgrade()).toBe("small");
    expect(pulls.start).not.toHaveBeenCalled();
    expect(switcher.switch.mock.calls).toEqual([[{ final: "small" }]]);
  });

  it("stays with base, quietly, where there is no network or the machine is too slow", async () => {
    const { url, requests } = await mirror(serve);
    for (const each of [server(250), server(500, { url })]) {
      expect(await each.upgrade()).toBeUndefined();
      expect(each.pulls.start).not.toHaveBeenCalled();
      expect(each.switcher.switch).not.toHaveBeenCalled();
    }
    expect(requests).toEqual([]);
    expect(told()).toEqual([]);
  });

  it("stays with base when the download does not end well", async () => {
    const { url } = await mirror(serve);
    const { upgrade, switcher } = server(250, { url, state: "failed" });
    expect(await upgrade()).toBeUndefined();
    expect(switcher.switch).not.toHaveBeenCalled();
  });

  it("leaves the choice that an operator made meanwhile", async () => {
    const { url } = await mirror(serve);
    const { upgrade, info, pulls, switcher } = server(250, { url });
    pulls.ended.mockImplementation(async (name) => {
      info.model = "tiny";
      return { name, state: "done" } as ModelPull;
    });
    expect(await upgrade()).toBeUndefined();
    expect(switcher.switch).not.toHaveBeenCalled();
  });

  it("goes on with base when the switch fails, and says why", async () => {
    copyFileSync(microModel, path.join(directory, "ggml-small.bin"));
    const { upgrade, switcher } = server(250);
    switcher.switch.mockRejectedValue(new SttError("capacity", "Too little memory."));
    expect(await upgrade()).toBeUndefined();
    expect(told()).toEqual(["WHISPER_MODEL=auto: no better model was taken into use. Too little memory."]);
  });

  it("is silent when it is closed in the middle", async () => {
    const { upgrade, stop, transcribe } = server(250);
    transcribe.mockImplementation(async () => {
      stop.abort();
      throw new SttError("aborted", "closed");
    });
    expect(await upgrade()).toBeUndefined();
    expect(told()).toEqual([]);
  });
});
