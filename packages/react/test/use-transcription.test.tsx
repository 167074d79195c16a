// @vitest-environment happy-dom
import { MicrophoneError } from "@stt/client-web";
import { encodeWav, type SttError } from "@stt/core";
import { act, StrictMode } from "react";
import { hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createHarness, fileOf } from "../../core/test/client/support/harness.js";
import { type TranscriptionOptions, useTranscription } from "../src/index.js";
import { renderHook } from "./support/render.js";
import { createServer, exchange, fakeMicrophone } from "./support/server.js";

function setUp(extra: TranscriptionOptions = {}) {
  const server = createServer();
  const fake = fakeMicrophone();
  const source = vi.fn(async () => fake.microphone);
  const options: TranscriptionOptions = { ...server.options, source, ...extra };
  // A new object on every render, as in everybody's code.
  return { ...server, ...fake, source, options, render: () => renderHook(() => useTranscription({ ...options })) };
}

afterEach(() => vi.unstubAllGlobals());

describe("useTranscription", () => {
  it("opens nothing by being mounted, rendered again or unmounted", async () => {
    const { render, source, tokens } = setUp();
    const hook = await render();
    await hook.rerender();
    await exchange();
    expect(hook.current).toMatchObject({ status: "idle", text: "", error: null, isListening: false });
    await hook.unmount();
    expect(source).not.toHaveBeenCalled();
    expect(tokens).toEqual([]);
  });

  it("shows the text as it comes, and gives it with stop", async () => {
    const { render, microphone, state } = setUp();
    const hook = await render();
    await act(() => hook.current.start());
    expect(hook.current).toMatchObject({ status: "listening", isListening: true, permission: "granted", microphone });
    microphone.speak(1000);
    microphone.speak(500);
    await exchange();
    expect(hook.current.segments.map(({ state }) => state)).toEqual(["final", "partial"]);
    let text = "";
    await act(async () => {
      text = await hook.current.stop();
    });
    expect(text).toBe("0-1000 1000-1500");
    expect(hook.current).toMatchObject({ status: "idle", text, committedText: text, interimText: "" });
    expect(hook.current.segments).toHaveLength(2);
    expect(microphone.closed).toBe(true);
    expect(state.open).toBe(0);
  });

  it("keeps one connection through renders, and its functions for ever", async () => {
    const { render, sessions } = setUp();
    const hook = await render();
    const { start, stop, toggle } = hook.current;
    await act(() => Promise.all([hook.current.start(), hook.current.start()]));
    await hook.rerender();
    await hook.rerender();
    expect(sessions).toHaveLength(1);
    expect(hook.current).toMatchObject({ start, stop, toggle });
  });

  it("ends the recording when it is unmounted", async () => {
    const { render, microphone, state } = setUp();
    const hook = await render();
    await act(() => hook.current.start());
    expect(state.open).toBe(1);
    await hook.unmount();
    await exchange();
    expect(microphone.closed).toBe(true);
    expect(state.open).toBe(0);
  });

  it("toggles, also while the last text is still awaited", async () => {
    const { render, microphone, source } = setUp();
    source.mockImplementation(async () => fakeMicrophone().microphone).mockImplementationOnce(async () => microphone);
    const hook = await render();
    await act(() => hook.current.toggle());
    expect(hook.current.isListening).toBe(true);
    microphone.speak(300);
    await act(() => hook.current.toggle());
    expect(hook.current).toMatchObject({ status: "idle", text: "0-300" });
    await act(async () => {
      await hook.current.start();
      void hook.current.stop();
      await hook.current.toggle();
    });
    expect(hook.current).toMatchObject({ status: "listening", text: "0-300" });
  });

  it("cancels at once: finals stay, what was being said goes", async () => {
    const { render, microphone, state } = setUp();
    const hook = await render();
    await act(() => hook.current.start());
    microphone.speak(1300);
    await exchange();
    await act(async () => hook.current.cancel());
    await exchange();
    expect(hook.current).toMatchObject({ status: "idle", text: "0-1000", error: null });
    expect(microphone.closed).toBe(true);
    expect(state.open).toBe(0);
  });

  it("gives up opening when it is stopped meanwhile", async () => {
    const { render, source, microphone } = setUp();
    let give!: (value: typeof microphone) => void;
    source.mockImplementation(() => new Promise((resolve) => (give = resolve)));
    const hook = await render();
    let starting!: Promise<void>;
    await act(async () => {
      starting = hook.current.start();
    });
    expect(hook.current.status).toBe("connecting");
    await act(async () => expect(await hook.current.stop()).toBe(""));
    give(microphone);
    await act(() => expect(starting).rejects.toMatchObject({ code: "aborted" }));
    expect(hook.current).toMatchObject({ status: "idle", error: null });
    expect(microphone.closed).toBe(true);
  });

  it("shows why there is no microphone, tells it once, and forgets it with the next start", async () => {
    const errors: SttError[] = [];
    const { render, source } = setUp({ onError: (error) => errors.push(error) });
    source.mockRejectedValueOnce(new MicrophoneError("denied"));
    const hook = await render();
    await act(() => expect(hook.current.start()).rejects.toMatchObject({ problem: "denied" }));
    expect(hook.current).toMatchObject({ status: "failed", permission: "denied", error: { problem: "denied" } });
    expect(hook.current.error?.message).toContain("allow it");
    expect(errors).toHaveLength(1);
    await act(() => hook.current.start());
    expect(hook.current).toMatchObject({ status: "listening", error: null });
  });

  it("shows why there is no server, without an unhandled rejection", async () => {
    const { render, state, microphone } = setUp();
    state.refuse = true;
    const hook = await render();
    await act(async () => void hook.current.start());
    await exchange();
    expect(hook.current).toMatchObject({ status: "failed", error: { code: "capacity" }, isListening: false });
    expect(microphone.closed).toBe(true);
  });

  it("tells a running session of another language, and the server of the latest token", async () => {
    const { render, options, sessions, tokens } = setUp({ language: "en", token: "a" });
    const hook = await render();
    options.token = async () => "b";
    await hook.rerender();
    await act(() => hook.current.start());
    expect(tokens).toEqual(["b"]);
    options.language = "ru";
    await hook.rerender();
    await exchange();
    expect(sessions).toHaveLength(1);
    expect(sessions[0]?.start?.language).toBe("en");
    expect(sessions[0]?.received).toContainEqual({ type: "update", language: "ru" });
  });

  it.each([
    ["nb", "no"],
    ["EN", "en"],
    ["en-US", "en"],
    ["pt_BR", "pt"],
    ["iw", "he"],
  ])("understands the language %s", async (written, code) => {
    const { render, sessions } = setUp({ language: written, languages: [written, "ru"] });
    const hook = await render();
    await act(() => hook.current.start());
    expect(sessions[0]?.start).toMatchObject({ language: code, languages: [code, "ru"] });
  });

  it("calls the latest callbacks", async () => {
    const { render, options, microphone } = setUp();
    const texts: string[] = [];
    const hook = await render();
    await act(() => hook.current.start());
    options.onFinal = (text) => texts.push(text);
    await hook.rerender();
    microphone.speak(1000);
    await exchange();
    expect(texts).toEqual(["0-1000"]);
  });

  it("gives the text of a turn that ended, and of nothing else", async () => {
    const { render, options, sessions } = setUp();
    const texts: string[] = [];
    options.onTurnEnd = (text) => texts.push(text);
    const hook = await render();
    await act(() => hook.current.start());
    const turn = { type: "turn", utterance: 0, atMs: 10 } as const;
    sessions[0]?.send({ ...turn, event: "eager_end", text: "so far" });
    sessions[0]?.send({ ...turn, event: "resumed" });
    sessions[0]?.send({ ...turn, event: "end", text: "so far and further" });
    sessions[0]?.send({ ...turn, utterance: 1, event: "end", text: "" });
    await exchange();
    expect(texts).toEqual(["so far and further"]);
  });

  it("takes files, takes back and clears", async () => {
    const { render } = setUp();
    const hook = await render();
    await act(async () => expect(await hook.current.transcribe(fileOf(1500))).toBe("0-1000 1000-1500"));
    await act(async () => hook.current.undo());
    expect(hook.current.text).toBe("0-1000");
    await act(async () => hook.current.clear());
    expect(hook.current).toMatchObject({ text: "", segments: [] });
  });

  it("says how far a file has been read, and ends a recording that runs before it", async () => {
    const { microphone, options } = setUp();
    const progress: (number | undefined)[] = [];
    const hook = await renderHook(() => {
      const transcription = useTranscription({ ...options });
      progress.push(transcription.fileProgress?.doneMs);
      return transcription;
    });
    await act(() => hook.current.start());
    microphone.speak(500);
    const file = new File([encodeWav(new Uint8Array(32_000), microphone.format) as BlobPart], "a.wav");
    await act(async () => void (await hook.current.transcribe(file)));
    expect(microphone.closed).toBe(true);
    expect(hook.current.text).toContain("0-500");
    expect(progress).toContain(1000);
    expect(hook.current.fileProgress).toBeNull();
  });

  it("changes to another microphone in the middle of a recording", async () => {
    const { render, options, microphone } = setUp({ microphone: { deviceId: "1" } });
    const use = vi.spyOn(microphone, "use");
    const hook = await render();
    await act(() => hook.current.start());
    await hook.rerender();
    expect(use).not.toHaveBeenCalled();
    options.microphone = { deviceId: "2" };
    await hook.rerender();
    expect(use).toHaveBeenCalledExactlyOnceWith("2");
  });

  describe("asked to begin by itself", () => {
    function permission(state: PermissionState) {
      const status = Object.assign(new EventTarget(), { state });
      vi.stubGlobal("navigator", { ...navigator, permissions: { query: async () => status } });
      return (next: PermissionState) =>
        act(async () => {
          status.state = next;
          status.dispatchEvent(new Event("change"));
        });
    }

    it("does so where the page may use the microphone", async () => {
      permission("granted");
      const { render, source } = setUp({ autoStart: true });
      const hook = await render();
      await exchange();
      expect(hook.current.status).toBe("listening");
      expect(source).toHaveBeenCalledTimes(1);
    });

    it("waits for the permission, and does not begin again what the user ended", async () => {
      const change = permission("prompt");
      const { render, source } = setUp({ autoStart: true });
      const hook = await render();
      await exchange();
      expect(hook.current.status).toBe("idle");
      await change("granted");
      await exchange();
      expect(hook.current.status).toBe("listening");
      await act(async () => void (await hook.current.stop()));
      await change("prompt");
      await change("granted");
      await exchange();
      expect(hook.current.status).toBe("idle");
      expect(source).toHaveBeenCalledTimes(1);
    });

    it("begins again when the user lifts the block that had ended it", async () => {
      const change = permission("prompt");
      const { render, source } = setUp({ autoStart: true });
      source.mockRejectedValueOnce(new MicrophoneError("denied"));
      const hook = await render();
      await act(() => expect(hook.current.start()).rejects.toMatchObject({ problem: "denied" }));
      await change("granted");
      await exchange();
      expect(hook.current.status).toBe("listening");
    });
  });

  it("works with a client of one's own, and leaves it open", async () => {
    const { client } = createHarness();
    const { options, microphone } = setUp();
    const hook = await renderHook(() => useTranscription({ client, source: options.source! }));
    expect(hook.current.getClient()).toBe(client);
    await act(() => hook.current.start());
    microphone.speak(400);
    await act(async () => expect(await hook.current.stop()).toBe("0-400"));
    await hook.unmount();
    expect(client.getSnapshot().status).toBe("idle");
  });

  it("leaves alone a recording of a shared client that it did not begin", async () => {
    const { client } = createHarness();
    await client.start();
    const hook = await renderHook(() => useTranscription({ client }));
    expect(hook.current.status).toBe("listening");
    await hook.unmount();
    expect(client.getSnapshot().status).toBe("listening");
  });

  it("uses another server from the next start on", async () => {
    const { render, options, sessions } = setUp();
    const requests: string[] = [];
    const { socketFactory } = options;
    options.socketFactory = (request, handlers) => {
      requests.push(request.url);
      return socketFactory!(request, handlers);
    };
    const hook = await render();
    await act(() => hook.current.start());
    options.url = "ws://two:8012";
    await hook.rerender();
    expect(sessions).toHaveLength(1);
    await act(async () => void (await hook.current.stop()));
    await act(() => hook.current.start());
    expect(requests).toEqual(["ws://one:8012/v1/stream", "ws://two:8012/v1/stream"]);
  });
});

function Page() {
  const { status, isSupported, text } = useTranscription();
  return <p>{`${status} ${String(isSupported)} ${text}`}</p>;
}

describe("useTranscription on a server", () => {
  it("renders as idle, and hydrates without a difference", async () => {
    const html = renderToString(<Page />);
    expect(html).toBe("<p>idle true </p>");
    const complaints = vi.spyOn(console, "error").mockImplementation(() => {});
    const container = document.createElement("div");
    container.innerHTML = html;
    await act(async () => {
      hydrateRoot(
        container,
        <StrictMode>
          <Page />
        </StrictMode>,
      );
    });
    expect(complaints).not.toHaveBeenCalled();
    complaints.mockRestore();
    // The simulated browser has no microphone, which the page learns once it is there.
    expect(container.textContent).toBe("idle false ");
  });

  it("says of bad options what is wrong with them", async () => {
    const hook = await renderHook(() => useTranscription({ url: "nonsense" }));
    await act(() => expect(hook.current.start()).rejects.toMatchObject({ code: "invalid_argument" }));
    expect(hook.current).toMatchObject({ status: "failed", error: { code: "invalid_argument" } });
  });
});
