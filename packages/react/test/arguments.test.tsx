// @vitest-environment happy-dom
/** The hooks with values of wrong types, and with functions that throw. */
import { act } from "react";
import { renderToString } from "react-dom/server";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type TranscriptionOptions, useAudioLevel, useTranscription } from "../src/index.js";
import { renderHook } from "./support/render.js";
import { createServer, exchange, fakeMicrophone } from "./support/server.js";

afterEach(() => vi.restoreAllMocks());

function Host({ use }: { use: () => unknown }) {
  use();
  return null;
}

/** Renders once; what a hook throws comes out. */
function rendered(use: () => unknown): () => string {
  return () => renderToString(<Host use={use} />);
}

describe("useTranscription refuses while rendering", () => {
  it.each<[TranscriptionOptions, RegExp]>([
    [{ language: "klingon" }, /"klingon".*such as en, ru, de or pt-BR/],
    [{ languages: ["en", "klingon"] }, /klingon.*such as/],
  ])("what is no language: %j", (options, says) => {
    expect(rendered(() => useTranscription(options))).toThrow(says);
  });

  it.each<[string, unknown]>([
    ["null for options", null],
    ["a number for options", 5],
    ["a client that is none", { client: {} }],
    ["a source that is no function", { source: "microphone" }],
    ["onEvent", { onEvent: 5 }],
    ["onFinal", { onFinal: "log" }],
    ["onTurnEnd", { onTurnEnd: "log" }],
    ["onError", { onError: {} }],
    ["autoStart", { autoStart: "yes" }],
    ["microphone", { microphone: "default" }],
    ["language", { language: 5 }],
    ["words", { words: "true" }],
  ])("%s", (_, options) => {
    expect(rendered(() => useTranscription(options as TranscriptionOptions))).toThrow(
      expect.objectContaining({ code: "invalid_argument" }),
    );
  });

  it("a microphone that is none", () => {
    for (const value of [5, "default", {}]) {
      expect(rendered(() => useAudioLevel(value as never))).toThrow(
        expect.objectContaining({ code: "invalid_argument" }),
      );
    }
    expect(rendered(() => useAudioLevel(undefined))).not.toThrow();
  });
});

describe("what fails later shows as the error, and rejects", () => {
  it.each<[string, TranscriptionOptions]>([
    ["an address that is none", { url: 5 as never }],
    ["a source that gives a path", { source: (async () => "x.wav") as never }],
    ["a source that gives nothing", { source: (async () => undefined) as never }],
  ])("%s", async (_, extra) => {
    const options = { ...createServer().options, ...extra };
    const hook = await renderHook(() => useTranscription(options));
    await act(async () => {
      await expect(hook.current.start()).rejects.toMatchObject({ code: "invalid_argument" });
    });
    expect(hook.current).toMatchObject({ status: "failed", error: { code: "invalid_argument" } });
    await hook.unmount();
  });

  it.each([5, "x.wav", null, {}])("transcribe(%j)", async (input) => {
    const { options } = createServer();
    const hook = await renderHook(() => useTranscription(options));
    await act(async () => {
      await expect(hook.current.transcribe(input as never)).rejects.toMatchObject({ code: "invalid_argument" });
    });
    expect(hook.current.error).toMatchObject({ code: "invalid_argument" });
    await hook.unmount();
  });
});

it("no callback that throws, or rejects, keeps another from its text", async () => {
  vi.stubGlobal("reportError", () => {});
  vi.spyOn(console, "error").mockImplementation(() => {});
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on("unhandledRejection", note);
  const { microphone } = fakeMicrophone();
  const heard: string[] = [];
  const { options } = createServer();
  const hook = await renderHook(() =>
    useTranscription({
      ...options,
      source: async () => microphone,
      onEvent: () => {
        throw new Error("boom");
      },
      onFinal: async (text) => {
        heard.push(text);
        throw new Error("boom later");
      },
    }),
  );
  await act(() => hook.current.start());
  microphone.speak(1000);
  await exchange();
  await act(async () => {
    await hook.current.stop();
  });
  await new Promise((resolve) => setTimeout(resolve, 10));
  process.off("unhandledRejection", note);
  expect({ heard, unhandled }).toEqual({ heard: ["0-1000"], unhandled: [] });
  await hook.unmount();
  vi.unstubAllGlobals();
});

it("callbacks that throw cost neither text nor state", async () => {
  vi.stubGlobal("reportError", () => {});
  vi.spyOn(console, "error").mockImplementation(() => {});
  const boom = () => {
    throw new Error("boom");
  };
  const { microphone } = fakeMicrophone();
  const options = { ...createServer().options, source: async () => microphone };
  const hook = await renderHook(() => useTranscription({ ...options, onEvent: boom, onFinal: boom, onError: boom }));
  await act(() => hook.current.start());
  microphone.speak(1000);
  await exchange();
  let text = "";
  await act(async () => {
    text = await hook.current.stop();
  });
  expect(text).toBe("0-1000");
  expect(hook.current).toMatchObject({ status: "idle", text: "0-1000", error: null });
  await hook.unmount();
  vi.unstubAllGlobals();
});
