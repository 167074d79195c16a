/** A web page that has the package, as `window.stt`. */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { rawText } from "../../scripts/raw-text-plugin.mjs";

const source = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

const HTML = `<!doctype html><meta charset="utf-8"><title>test</title><body><button>go</button><script src="/stt.js"></script>`;

export interface SiteOptions {
  /** The page's Content-Security-Policy. @default none */
  csp?: string;
}

export interface Site {
  url: string;
  close(): Promise<void>;
}

let bundle: Promise<string> | undefined;

/** Serves the page on a free port. */
export async function createSite({ csp }: SiteOptions = {}): Promise<Site> {
  bundle ??= bundleSources();
  const script = await bundle;
  const worklet = await readFile(source("client-web/src/worklet/capture.worklet.js"));
  const server = createServer((request, response) => {
    const [type, body] =
      request.url === "/stt.js"
        ? ["text/javascript", script]
        : request.url === "/capture.worklet.js"
          ? ["text/javascript", worklet]
          : ["text/html", HTML];
    response.writeHead(200, { "content-type": type, ...(csp ? { "content-security-policy": csp } : {}) }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bundleSources(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("./page.ts", import.meta.url))],
    bundle: true,
    format: "iife",
    globalName: "stt",
    target: "es2022",
    write: false,
    alias: { "@stt/core": source("core/src/index.ts") },
    plugins: [rawText()],
  });
  return outputFiles[0]!.text;
}
