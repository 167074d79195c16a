/** Parts of the server that it does not export, bundled from this checkout's sources. */
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The embedded model. */
export const MODEL = `${root}packages/server/models/ggml-micro-q8_0.bin`;

/** @param entry a source file below `packages/server/src` */
export async function importSource(entry) {
  // Inside the package, so that what is left out of the bundle is found.
  const outfile = `${root}packages/server/node_modules/.cache/bench/${entry.replaceAll("/", "-")}.mjs`;
  await build({
    entryPoints: [`${root}packages/server/src/${entry}`],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "es2022",
    alias: { "@stt/core": `${root}packages/core/src/index.ts` },
    external: ["@echogarden/fvad-wasm", "onnxruntime-node"],
    logLevel: "error",
  });
  return import(pathToFileURL(outfile).href);
}

/** The server's own engine over the embedded model, its inference in a process of its own. */
export async function openEngine(options = {}) {
  const { createWhisperEngine } = await importSource("engines/whisper/create-whisper-engine.ts");
  return createWhisperEngine({ modelPath: MODEL, modelName: "micro", device: "cpu", ...options });
}
