import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { onTestFinished, vi } from "vitest";
import type { CatalogEntry } from "../../src/models/catalog.js";
import { type DownloadOptions, downloadModel } from "../../src/models/download.js";
import { type memoryLog, microModel } from "../engines/support.js";

/** A real model: the built-in one. */
export const content = readFileSync(microModel);
export const sha1 = createHash("sha1").update(content).digest("hex");
export const sha256 = createHash("sha256").update(content).digest("hex");
export const ETAG = '"v1"';

/** The built-in model as if the collection had it by the name `tiny`. */
export const catalog: CatalogEntry[] = [{ name: "tiny", sha1 }];

export type Answer = (request: IncomingMessage, response: ServerResponse, count: number) => void;

export interface Mirror {
  url: string;
  /** Requests so far, `Range` and all. */
  requests: IncomingMessage[];
}

/** A server of models on this machine that does whatever a test says. */
export async function mirror(answer: Answer): Promise<Mirror> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answer(request, response, requests.length);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

/** Answers as a good server does: whole or from where it is asked, unless the file has changed. */
export function serve(request: IncomingMessage, response: ServerResponse, options: ServeOptions | number = {}): void {
  const { body = content, etag = ETAG } = typeof options === "number" ? {} : options;
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  const fresh = request.headers["if-range"] !== undefined && request.headers["if-range"] !== etag;
  if (from > 0 && !fresh) {
    response.writeHead(206, {
      etag,
      "content-range": `bytes ${from}-${body.length - 1}/${body.length}`,
      "content-length": body.length - from,
    });
    response.end(body.subarray(from));
  } else {
    response.writeHead(200, { etag, "content-length": body.length });
    response.end(body);
  }
}

interface ServeOptions {
  body?: Buffer;
  etag?: string;
}

/** Sends `bytes` of what is wanted, and breaks the connection once they have arrived in the folder. */
export function cut(
  request: IncomingMessage,
  response: ServerResponse,
  { bytes, directory, body = content, headers = { etag: ETAG } }: CutOptions,
): void {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  response.writeHead(from > 0 ? 206 : 200, {
    "content-length": body.length - from,
    ...(from > 0 ? { "content-range": `bytes ${from}-${body.length - 1}/${body.length}` } : {}),
    ...headers,
  });
  response.write(body.subarray(from, from + bytes));
  const part = path.join(directory, `${path.basename(request.url!)}.part`);
  const timer = setInterval(() => {
    if ((statSync(part, { throwIfNoEntry: false })?.size ?? 0) >= from + bytes) response.destroy();
  }, 5);
  response.on("close", () => clearInterval(timer));
}

interface CutOptions {
  bytes: number;
  /** The model folder of the client. */
  directory: string;
  body?: Buffer;
  headers?: Record<string, string>;
}

/** An empty model folder. */
export function modelFolder(): string {
  const directory = mkdtempSync(path.join(os.tmpdir(), "stt-models-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Fetches `tiny` from a mirror, impatiently. */
export function pull(
  { url }: Mirror,
  directory: string,
  log: ReturnType<typeof memoryLog>,
  options: Partial<DownloadOptions> = {},
): Promise<string> {
  return downloadModel({
    name: "tiny",
    directory,
    baseUrl: url,
    catalog,
    log,
    retryDelayMs: 5,
    connectTimeoutMs: 2000,
    stallTimeoutMs: 2000,
    ...options,
  });
}

/** Proxies of the machine that runs the tests are none of their business. */
export function withoutProxies(): void {
  for (const name of ["http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"])
    vi.stubEnv(name, undefined);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
}
