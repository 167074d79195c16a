import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { messageOf, SttError } from "@stt/core";
import type { HttpClient } from "../outbound/http-client.js";

/** A response whose body is the file, or its rest. */
export interface OpenedDownload {
  body: Readable;
  /** First byte of the file that the body has. */
  offset: number;
  /** Length of the whole file, where the server says. */
  totalBytes: number | undefined;
  /** Strong validator of this version of the file. */
  etag: string | undefined;
  /** SHA-256 of the file as Hugging Face states it for large files, hexadecimal. */
  sha256: string | undefined;
}

/** What to ask for. */
export interface DownloadRequest {
  url: string;
  /** Bytes that are there already. */
  offset: number;
  /** The version they are of; without it the server may send the rest of another one. */
  etag: string | undefined;
  http: HttpClient;
  signal: AbortSignal;
}

const MAX_REDIRECTS = 5;
/** Beyond this a server's wish to be left alone is not waited for. */
const MAX_RETRY_AFTER_MS = 60_000;

type Headers = Record<string, string | string[] | undefined>;

/**
 * Asks for a file, following redirects.
 *
 * @returns undefined when the server has nothing after `offset`: what is there is whole, or of another version.
 * @throws SttError `model_not_found`, `forbidden`, `connection_failed`, `rate_limited`; `retryable` tells which may pass.
 */
export async function openDownload(wanted: DownloadRequest): Promise<OpenedDownload | undefined> {
  const { offset, etag } = wanted;
  let url = wanted.url;
  let sha256: string | undefined;
  for (let redirects = 0; ; redirects++) {
    const response = await send(url, wanted);
    const { statusCode = 0, headers } = response;
    sha256 ??= sha256In(headers["x-linked-etag"]);
    if (statusCode >= 300 && statusCode < 400 && statusCode !== 304) {
      response.destroy();
      url = redirected(url, one(headers.location), wanted.url, redirects);
      continue;
    }
    if (statusCode === 416 && offset > 0) {
      response.destroy();
      return undefined;
    }
    if (statusCode !== 200 && statusCode !== 206) {
      response.destroy();
      throw refused(statusCode, wanted.url, headers);
    }
    if (/^text\/html\b/i.test(one(headers["content-type"]) ?? "")) {
      response.destroy();
      throw new SttError(
        "connection_failed",
        `${wanted.url} answers with a web page instead of a model: check MODEL_BASE_URL, and whether a proxy or a login page is in the way.`,
      );
    }
    const version = strongEtag(one(headers.etag));
    const part = statusCode === 206 ? contentRange(one(headers["content-range"])) : undefined;
    if (
      statusCode === 206 &&
      (part?.start !== offset || (etag !== undefined && version !== undefined && version !== etag))
    ) {
      response.destroy();
      throw new SttError("connection_failed", `${wanted.url} sent another part than was asked for.`, {
        retryable: true,
      });
    }
    const length = Number(one(headers["content-length"]));
    const whole = one(headers["content-length"]) !== undefined && Number.isSafeInteger(length) ? length : undefined;
    return {
      body: response,
      offset: part?.start ?? 0,
      totalBytes: part ? part.total : whole,
      etag: version,
      sha256,
    };
  }
}

/**
 * The checksum that lies beside a file as `FILE.sha256`, as `sha256sum` writes it.
 *
 * @returns hexadecimal; undefined when there is none.
 * @throws SttError as {@link openDownload}, when the server could not be asked.
 */
export async function fetchSidecar(
  wanted: Pick<DownloadRequest, "url" | "http" | "signal">,
): Promise<string | undefined> {
  const url = `${wanted.url}.sha256`;
  let opened: OpenedDownload | undefined;
  try {
    opened = await openDownload({ ...wanted, url, offset: 0, etag: undefined });
  } catch (error) {
    // A server without checksums says so in many ways, some of them web pages.
    if (error instanceof SttError && !error.retryable) return undefined;
    throw error;
  }
  if (!opened) return undefined;
  let text = "";
  for await (const chunk of opened.body) {
    text += String(chunk);
    if (text.length > 1000) break;
  }
  return /(?:^|= ?|\s)([0-9a-f]{64})(?:\s|$)/i.exec(text)?.[1]?.toLowerCase();
}

async function send(
  url: string,
  { offset, etag, http, signal, url: asked }: DownloadRequest,
): Promise<IncomingMessage> {
  const headers: Record<string, string> = {};
  if (offset > 0) headers.range = `bytes=${offset}-`;
  if (offset > 0 && etag !== undefined) headers["if-range"] = etag;
  try {
    return await http.request(url, { headers, signal });
  } catch (cause) {
    throw unreachable(asked, cause, signal);
  }
}

/** @returns what to throw for a connection that was not made or broke. */
export function unreachable(url: string, cause: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  return new SttError("connection_failed", `${url} cannot be fetched: ${code ?? messageOf(cause)}.`, {
    cause,
    retryable: true,
  });
}

function redirected(from: string, location: string | undefined, asked: string, redirects: number): string {
  const target = location !== undefined && URL.canParse(location, from) ? new URL(location, from) : undefined;
  const safe =
    target && (target.protocol === "https:" || (target.protocol === "http:" && new URL(from).protocol === "http:"));
  if (!safe || redirects >= MAX_REDIRECTS) {
    const what = safe ? `redirects more than ${MAX_REDIRECTS} times` : "redirects to an address that is not followed";
    throw new SttError("connection_failed", `${asked} ${what}: check MODEL_BASE_URL.`);
  }
  return target.href;
}

function refused(status: number, url: string, headers: Headers): SttError {
  if (status === 404 || status === 410) {
    return new SttError(
      "model_not_found",
      `There is no model at ${url} (HTTP ${status}): check its name and MODEL_BASE_URL.`,
    );
  }
  if (status === 429 || status >= 500) {
    const seconds = Number(one(headers["retry-after"]));
    return new SttError(
      status === 429 ? "rate_limited" : "connection_failed",
      `${url} answers HTTP ${status}: try again later.`,
      {
        retryable: true,
        ...(seconds > 0 ? { retryAfterMs: Math.min(seconds * 1000, MAX_RETRY_AFTER_MS) } : {}),
      },
    );
  }
  const forbidden = [401, 403, 407].includes(status);
  const advice = forbidden ? "the server or a proxy wants other credentials" : "check MODEL_BASE_URL";
  return new SttError(forbidden ? "forbidden" : "connection_failed", `${url} answers HTTP ${status}: ${advice}.`);
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

function strongEtag(etag: string | undefined): string | undefined {
  return etag !== undefined && /^"[\x21\x23-\x7e]*"$/.test(etag) ? etag : undefined;
}

function sha256In(header: string | string[] | undefined): string | undefined {
  return /^"?([0-9a-f]{64})"?$/i.exec(one(header) ?? "")?.[1]?.toLowerCase();
}

function contentRange(header: string | undefined): { start: number; total: number | undefined } | undefined {
  const match = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(header ?? "");
  if (!match) return undefined;
  return { start: Number(match[1]), total: match[2] === "*" ? undefined : Number(match[2]) };
}
