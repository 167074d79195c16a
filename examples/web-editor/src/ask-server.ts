/** What the page asks of the server beside its session. */
import { SttError } from "@stt/core";
import { serverUrl } from "@stt/ui";

/** The models that the server has loaded. */
export async function servedModels(key: string | undefined): Promise<string[]> {
  const { data } = (await askServer("v1/models", key)) as { data: { id: string }[] };
  return data.map(({ id }) => id);
}

/**
 * @param path without a slash at its beginning
 * @param key access key of the server
 * @param body makes it a POST; a text is JSON
 * @throws SttError as the server says; `connection_failed` where it says nothing
 */
export async function askServer(path: string, key: string | undefined, body?: FormData | string): Promise<unknown> {
  const response = await fetch(serverUrl(path), {
    method: body ? "POST" : "GET",
    headers: {
      ...(key ? { Authorization: `Bearer ${key}` } : {}),
      ...(typeof body === "string" ? { "Content-Type": "application/json" } : {}),
    },
    ...(body ? { body } : {}),
  }).catch((cause: unknown) => {
    throw new SttError("connection_failed", "The server does not answer.", { cause });
  });
  if (response.ok) return response.json();
  const { error } = (await response.json().catch(() => ({}))) as { error?: { message?: string } };
  const code = response.status === 401 ? "unauthorized" : response.status === 429 ? "capacity" : "engine_failed";
  throw new SttError(code, error?.message ?? `The server answers ${response.status}.`);
}
