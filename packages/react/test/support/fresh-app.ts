/** The example of `examples/embed` as a stranger's project: packed tarballs in a fresh directory, built by Vite. */
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
const EXAMPLE = path.join(ROOT, "examples", "embed");
const FILES = ["index.html", "react.html", "app.tsx", "vite.config.js"];
const TYPES: Record<string, string> = { ".html": "text/html", ".js": "text/javascript" };

const run = promisify(execFile);

export interface FreshApp {
  /** Of the built pages. */
  url: string;
  /** The project, to look into. */
  directory: string;
  close(): Promise<void>;
}

/** @param react the version to install: the oldest supported one says more than ours */
export async function createFreshApp(react: string): Promise<FreshApp> {
  const directory = mkdtempSync(path.join(tmpdir(), "stt-fresh-app-"));
  // What npm itself was started with must not lead back into this repository.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(package|lifecycle)/.test(name)),
  );
  const workspaces = ["core", "client-web", "react"].flatMap((name) => ["-w", `@stt/${name}`]);
  await run("npm", ["pack", "--silent", "--pack-destination", directory, ...workspaces], { cwd: ROOT, env });
  const tarballs = readdirSync(directory).filter((name) => name.endsWith(".tgz"));
  for (const file of FILES) cpSync(path.join(EXAMPLE, file), path.join(directory, file));
  writeFileSync(path.join(directory, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const packages = [...tarballs.map((name) => `./${name}`), `react@${react}`, `react-dom@${react}`];
  await run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", ...packages], { cwd: directory, env });
  // Vite is the repository's: it is a tool here and not what is tried out.
  await run(process.execPath, [path.join(ROOT, "node_modules/vite/bin/vite.js"), "build", "--logLevel", "warn"], {
    cwd: directory,
    env,
  });
  const site = await serve(path.join(directory, "dist"));
  return {
    url: site.url,
    directory,
    close: async () => {
      await site.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function serve(folder: string): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(({ url = "/" }, response) => {
    const { pathname } = new URL(url, "http://localhost");
    const file = path.join(folder, pathname === "/" ? "index.html" : path.normalize(pathname));
    try {
      const body = readFileSync(file);
      response.writeHead(200, { "content-type": TYPES[path.extname(file)] ?? "application/octet-stream" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
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
