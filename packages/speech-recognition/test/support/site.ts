/** A web page that has the package and its users, as `globalThis.page`. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { rawText } from "../../../client-web/scripts/raw-text-plugin.mjs";

const source = (file: string) => fileURLToPath(new URL(`../../../${file}`, import.meta.url));

const HTML = `<!doctype html><html lang="en"><meta charset="utf-8"><title>test</title><body><script type="module" src="/page.js"></script>`;

export interface Site {
  url: string;
  close(): Promise<void>;
}

/** Serves the page on a free port. */
export async function createSite(): Promise<Site> {
  const { outputFiles } = await build({
    stdin: {
      contents: 'import * as page from "./page.tsx"; globalThis.page = page;',
      resolveDir: source("speech-recognition/test/support"),
    },
    bundle: true,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    write: false,
    define: { "process.env.NODE_ENV": '"production"' },
    alias: {
      "@stt/core/callers": source("core/src/callers/index.ts"),
      "@stt/core": source("core/src/index.ts"),
      "@stt/client-web": source("client-web/src/index.ts"),
    },
    plugins: [rawText()],
  });
  const script = outputFiles[0]!.text;
  const server = createServer(({ url }, response) => {
    const isScript = url === "/page.js";
    response.setHeader("Content-Type", isScript ? "text/javascript" : "text/html");
    response.end(isScript ? script : HTML);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
