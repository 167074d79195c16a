/** What the plugin takes, in the words of LiveKit's other plugins where they have one. */
import type { SessionOptions, SttClientOptions } from "@stt/core";

/** A name or term to expect, alone or with how it may sound. */
export type KeyTerm = NonNullable<SessionOptions["vocabulary"]>[number];

/** What may change while a stream runs: all that a session of the server takes. */
export interface STTSettings extends Omit<SessionOptions, "vocabulary" | "partials" | "words"> {
  /** Names and terms to expect; those that the agent's session finds come on top. */
  keyterms?: readonly KeyTerm[];
  /** Text while somebody speaks. @default true */
  interimResults?: boolean;
}

/** Options of {@link STT}. */
export interface STTOptions extends STTSettings {
  /** The server; several are tried in turn. @default the one of SERVER_HOST and DATA_PORT */
  url?: SttClientOptions["url"];
  /** A key or token of the server, or a function that is asked before every connection. @default STT_TOKEN */
  token?: SttClientOptions["token"];
}

/** @param sessionKeyterms those that the agent's session found */
export function sessionOptions(settings: STTSettings, sessionKeyterms: readonly string[]): SessionOptions {
  const { keyterms = [], interimResults = true, ...session } = settings;
  const known = new Set(keyterms.map((entry) => (typeof entry === "string" ? entry : entry.term)));
  return {
    ...session,
    vocabulary: [...keyterms, ...sessionKeyterms.filter((term) => !known.has(term))],
    partials: interimResults,
    words: true,
  };
}
