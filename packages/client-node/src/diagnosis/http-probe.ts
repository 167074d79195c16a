import { messageOf, STREAM_PATH } from "@stt/core";

/** What one HTTP request found out. */
export interface HttpAnswer {
  /** Undefined when nothing answered. */
  status: number | undefined;
  /** Parsed JSON; undefined for anything else. */
  body: unknown;
  /** Why nothing answered: a system's code such as ECONNREFUSED, `timeout`, or a sentence. */
  failure: string | undefined;
}

const TIMEOUT_MS = 3000;
/** A server of ours says little; another one might not stop. */
const MAX_BODY_CHARS = 1_000_000;

/**
 * Never rejects.
 *
 * @param streamUrl of the WebSocket; the same host and port answer HTTP
 * @param posted makes it a POST of JSON
 */
export async function askHttp(
  streamUrl: string,
  path: string,
  token: string | undefined,
  posted?: object,
): Promise<HttpAnswer> {
  try {
    const response = await fetch(httpUrl(streamUrl, path), {
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(posted ? { "content-type": "application/json" } : {}),
      },
      ...(posted ? { method: "POST", body: JSON.stringify(posted) } : {}),
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: "manual",
    });
    const text = (await response.text()).slice(0, MAX_BODY_CHARS);
    return { status: response.status, body: parsed(text), failure: undefined };
  } catch (error) {
    return { status: undefined, body: undefined, failure: reasonOf(error) };
  }
}

/** `ws:` is `http:` there, `wss:` is `https:`; a path in front of the stream's is in front of this one too. */
export function httpUrl(streamUrl: string, path: string): string {
  const url = new URL(streamUrl.replace(/^ws/, "http"));
  url.pathname = url.pathname.replace(STREAM_PATH, "") + path;
  url.search = "";
  return url.href;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `fetch failed` says nothing; its cause does. */
function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === "TimeoutError") return "timeout";
  const cause = (error as { cause?: NodeJS.ErrnoException & { errors?: NodeJS.ErrnoException[] } }).cause;
  return cause?.code ?? cause?.errors?.[0]?.code ?? messageOf(cause ?? error);
}
