/** Requests to the server, with the operator's key in a header. */
import { serverUrl } from "@stt/ui";

/** An answer that is a refusal, in the server's words. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

const STORAGE_KEY = "stt-console.key";

/** The key of this tab; it is forgotten with it. */
export function loadKey(): string {
  try {
    return sessionStorage.getItem(STORAGE_KEY) ?? "";
  } catch {
    return "";
  }
}

/** What cannot be remembered holds for as long as the page is open. */
export function saveKey(key: string): void {
  try {
    if (key === "") sessionStorage.removeItem(STORAGE_KEY);
    else sessionStorage.setItem(STORAGE_KEY, key);
  } catch {}
}

/**
 * @param path as {@link serverUrl} takes it
 * @throws ApiError for an answer that is none of success
 * @throws TypeError when the server cannot be reached
 */
export async function request(key: string, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  if (key !== "") headers.set("Authorization", `Bearer ${key}`);
  const answer = await fetch(serverUrl(path), { ...init, headers, cache: "no-store" });
  if (answer.ok) return answer;
  const problem = await answer.json().catch(() => undefined);
  const { code = "", message = answer.statusText } = problem?.error ?? {};
  throw new ApiError(answer.status, String(code), String(message));
}

/** A request with a JSON body and a JSON answer. */
export async function requestJson<T>(key: string, path: string, method = "GET", body?: unknown): Promise<T> {
  const answer = await request(
    key,
    path,
    body === undefined
      ? { method }
      : { method, body: JSON.stringify(body), headers: { "Content-Type": "application/json" } },
  );
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}
