// @vitest-environment happy-dom
import { act } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { useAudioLevel, useMicrophones } from "../src/index.js";
import { renderHook } from "./support/render.js";
import { fakeMicrophone } from "./support/server.js";

afterEach(() => vi.unstubAllGlobals());

describe("useAudioLevel", () => {
  it("follows the microphone, and is silent without one", async () => {
    const fake = fakeMicrophone();
    let microphone: typeof fake.microphone | null = fake.microphone;
    const hook = await renderHook(() => useAudioLevel(microphone));
    expect(hook.current).toEqual({ rms: 0, peak: 0 });
    await fake.level({ rms: 0.1, peak: 0.5 });
    expect(hook.current).toEqual({ rms: 0.1, peak: 0.5 });
    microphone = null;
    await hook.rerender();
    expect(hook.current).toEqual({ rms: 0, peak: 0 });
    expect(fake.listeners.size).toBe(0);
  });
});

describe("useMicrophones", () => {
  it("lists what has a name, and follows what comes and goes", async () => {
    const devices = [
      { kind: "audioinput", deviceId: "a", label: "A", groupId: "g" },
      { kind: "audioinput", deviceId: "", label: "", groupId: "" },
      { kind: "videoinput", deviceId: "v", label: "V", groupId: "g" },
    ];
    const mediaDevices = Object.assign(new EventTarget(), { enumerateDevices: async () => [...devices] });
    vi.stubGlobal("navigator", { mediaDevices });
    const hook = await renderHook(() => useMicrophones());
    expect(hook.current).toEqual([{ deviceId: "a", label: "A", groupId: "g" }]);
    devices.push({ kind: "audioinput", deviceId: "b", label: "B", groupId: "g" });
    await act(async () => void mediaDevices.dispatchEvent(new Event("devicechange")));
    expect(hook.current.map(({ label }) => label)).toEqual(["A", "B"]);
    await hook.unmount();
  });
});
