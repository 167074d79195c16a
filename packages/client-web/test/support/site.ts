/** A web page that has the package, as `window.stt`. */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { rawText } from "../../scripts/raw-text-plugin.mjs";

const source = (file: string) => fileURLToPath(new URL(`../../../${file}`, import.meta.url));

const HTML = `<!doctype html><meta charset="utf-8"><title>test</title><body><button>go</button><script type="module" src="/stt.js"></script>`;

const { resolve: find } = createRequire(import.meta.url);

/** Beside the page and its script. */
const FILES: Record<string, { type: string; path: string }> = {
  "/capture.worklet.js": { type: "text/javascript", path: source("client-web/src/worklet/capture.worklet.js") },
  "/ort-wasm-simd-threaded.wasm": {
    type: "application/wasm",
    path: path.join(path.dirname(find("onnxruntime-web")), "ort-wasm-simd-threaded.wasm"),
  },
  "/silero_vad_v6.onnx": {
    type: "application/octet-stream",
    path: path.join(path.dirname(find("@ricky0123/vad-web")), "silero_vad_v6.onnx"),
  },
};

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
  const server = createServer(async ({ url = "/" }, response) => {
    const file = FILES[url];
    const [type, body] = file
      ? [file.type, await readFile(file.path)]
      : url === "/stt.js"
        ? ["text/javascript", script]
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
    stdin: {
      contents: 'import * as stt from "./page.js"; globalThis.stt = stt;',
      resolveDir: source("client-web/test/support"),
    },
    bundle: true,
    format: "esm",
    target: "es2022",
    write: false,
    alias: { "@stt/core/callers": source("core/src/callers/index.ts"), "@stt/core": source("core/src/index.ts") },
    plugins: [rawText()],
  });
  return outputFiles[0]!.text;
}
