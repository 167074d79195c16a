/** A scripted server behind memory sockets, and a microphone that the test speaks into. */
import type { AudioLevel, MicrophoneSource } from "@stt/client-web";
import { memorySocketFactory, settle } from "@stt/core/testing";
import { act } from "react";
import { microphoneOf } from "../../../core/test/client/support/harness.js";
import { DEFAULT_SCRIPT, ScriptedSession } from "../../../core/test/client/support/scripted-session.js";
import type { TranscriptionOptions } from "../../src/index.js";

export function createServer() {
  const sessions: ScriptedSession[] = [];
  const tokens: (string | undefined)[] = [];
  const state = { open: 0, refuse: false };
  const socketFactory = memorySocketFactory((server, request) => {
    tokens.push(request.token);
    if (state.refuse) return 503;
    state.open++;
    const session = new ScriptedSession({ ...DEFAULT_SCRIPT }, { send: (text) => server.send(text), close: () => {} });
    sessions.push(session);
    server.onmessage = ({ data }) => session.receive(data);
    server.onclose = () => {
      state.open--;
    };
    return undefined;
  });
  const options: TranscriptionOptions = { url: "ws://one:8012", socketFactory };
  return { sessions, tokens, state, options };
}

/** A microphone with everything a page may ask of it. */
export function fakeMicrophone() {
  const listeners = new Map<string, (value: never) => void>();
  const microphone = Object.assign(microphoneOf(), {
    state: "live" as const,
    device: { deviceId: "1", label: "One" },
    use: async () => {},
    on: (type: string, listener: (value: never) => void) => {
      listeners.set(type, listener);
      return () => listeners.delete(type);
    },
  }) satisfies MicrophoneSource;
  return {
    microphone,
    listeners,
    level: (level: AudioLevel) => act(async () => listeners.get("level")?.(level as never)),
  };
}

/** Lets everything happen that can, within React's sight. */
export function exchange(): Promise<void> {
  return act(() => settle(200));
}
