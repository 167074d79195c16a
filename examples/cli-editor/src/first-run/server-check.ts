import { askHttp, fill } from "@stt/client-node/cli";
import { type Locale, millisecondsText } from "@stt/core";
import type { EditorOptions } from "../options.js";
import type { Texts } from "../texts.js";

/** What the server says of itself, without a session. */
export interface ServerFacts {
  /** Writes the finals; undefined until the server answers. */
  model: string | undefined;
  /** Where it is and how far away, or why it does not answer and what to do. */
  sentence: string;
  /** Asking again will not help. */
  isFinal: boolean;
}

export async function checkServer({ url, token }: EditorOptions, texts: Texts, locale: Locale): Promise<ServerFacts> {
  const server = new URL(url).host;
  const askedAt = performance.now();
  const { status, body, failure } = await askHttp(url, "/v1/models", token);
  const latencyMs = performance.now() - askedAt;
  if (failure !== undefined) {
    const values = { server, reason: failure, remedy: texts.unreachable };
    return { model: undefined, sentence: fill(texts.firstServerSilent, values), isFinal: false };
  }
  if (status === 401) {
    const values = { server, remedy: texts.unauthorized };
    return { model: undefined, sentence: fill(texts.firstServerKey, values), isFinal: true };
  }
  const [model] = modelsIn(body);
  if (model === undefined) {
    const values = { server, status: status ?? "" };
    return { model, sentence: fill(texts.firstServerStranger, values), isFinal: false };
  }
  return { model, sentence: `${server}, ${millisecondsText(Math.max(1, latencyMs), locale)}`, isFinal: true };
}

/** The one that writes finals comes first. */
function modelsIn(body: unknown): string[] {
  const { data } = (body ?? {}) as { data?: unknown };
  if (!Array.isArray(data)) return [];
  return data.flatMap((model: { id?: unknown } | null) => (typeof model?.id === "string" ? [model.id] : []));
}
