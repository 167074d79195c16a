import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { SttError } from "@stt/core";
import type { Context } from "hono";
import type { AppEnv } from "./app-context.js";

/** Types of what a bundler writes; anything else is a download. */
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
  ".webmanifest": "application/manifest+json",
};
const COMPRESSIBLE = new Set([".html", ".js", ".css", ".json", ".svg", ".webmanifest"]);
/** Bundlers put a hash of the content into these names, so that they may be kept for ever. */
const HASHED = /^assets\/.*-[\w-]{8,}\.\w+$/;

const compress = promisify(gzip);

/**
 * What a page of ours may do, and no more: its own scripts and styles from files, its own server, the microphone. Nothing inline,
 * nothing evaluated, no framing by others.
 */
const HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy": [
    "default-src 'none'",
    // The script of the audio thread counts as a script.
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    // Installed, a page opens without the server, by a worker of its own folder.
    "manifest-src 'self'",
    "worker-src 'self'",
    // Older Safari does not count its own WebSockets as 'self'.
    "connect-src 'self' ws: wss:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Permissions-Policy": "microphone=(self), camera=(), geolocation=(), payment=(), usb=()",
  "Cross-Origin-Opener-Policy": "same-origin",
};

interface WebFile {
  body: Uint8Array<ArrayBuffer>;
  gzipped: Uint8Array<ArrayBuffer> | undefined;
  type: string;
  etag: string;
  cacheControl: string;
}

/**
 * The files of a built web page, held in memory. Only what was in the folder when it was first asked for is ever served, by its
 * exact name: a path from outside never reaches the file system.
 */
export class WebFiles {
  #files: Promise<ReadonlyMap<string, WebFile>> | undefined;

  /** @param folder absolute; `index.html` is its page */
  constructor(private readonly folder: string) {}

  /**
   * The answer to a request, with the headers that confine the page.
   *
   * @param name path within the folder with `/`; empty for the page itself
   * @throws SttError `not_found`
   */
  async serve(c: Context<AppEnv>, name: string): Promise<Response> {
    this.#files ??= readFolder(this.folder);
    const files = await this.#files;
    if (files.size === 0) {
      // Asked for again next time: it may be built meanwhile.
      this.#files = undefined;
      throw new SttError("not_found", `The page at ${c.req.path} is not built: run npm run build.`);
    }
    const file = files.get(name === "" ? "index.html" : name);
    if (!file) throw new SttError("not_found", `There is nothing at ${c.req.method} ${c.req.path}.`);
    const headers = new Headers(HEADERS);
    headers.set("Content-Type", file.type);
    headers.set("Cache-Control", file.cacheControl);
    headers.set("ETag", file.etag);
    headers.set("Vary", "Accept-Encoding");
    if (matches(c.req.header("if-none-match"), file.etag)) return new Response(null, { status: 304, headers });
    const body = file.gzipped && takesGzip(c.req.header("accept-encoding")) ? file.gzipped : file.body;
    if (body === file.gzipped) headers.set("Content-Encoding", "gzip");
    headers.set("Content-Length", String(body.length));
    return new Response(c.req.method === "HEAD" ? null : body, { headers });
  }
}

async function readFolder(folder: string): Promise<ReadonlyMap<string, WebFile>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries
    .filter((entry) => entry.isFile())
    .map(async (entry) => {
      const file = path.join(entry.parentPath, entry.name);
      const name = path.relative(folder, file).split(path.sep).join("/");
      return [name, await readWebFile(file, name)] as const;
    });
  return new Map(await Promise.all(files));
}

async function readWebFile(file: string, name: string): Promise<WebFile> {
  const body = new Uint8Array(await readFile(file));
  const extension = path.extname(name);
  return {
    body,
    gzipped: COMPRESSIBLE.has(extension) ? new Uint8Array(await compress(body, { level: 9 })) : undefined,
    type: TYPES[extension] ?? "application/octet-stream",
    etag: `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`,
    cacheControl: HASHED.test(name) ? "public, max-age=31536000, immutable" : "no-cache",
  };
}

function matches(header: string | undefined, etag: string): boolean {
  return header?.split(",").some((each) => each.trim().replace(/^W\//, "") === etag) ?? false;
}

function takesGzip(header: string | undefined): boolean {
  return header?.split(",").some((each) => /^\s*gzip\s*(;\s*q=(?!0(\.0+)?\s*$).*)?$/i.test(each)) ?? false;
}
