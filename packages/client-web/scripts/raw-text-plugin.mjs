/** esbuild: `import text from "./file.js?raw"` gives the file's text, minified, as Vite does without minifying. */
import { readFile } from "node:fs/promises";
import path from "node:path";

/** @returns {import("esbuild").Plugin} */
export function rawText() {
  return {
    name: "raw-text",
    setup(build) {
      build.onResolve({ filter: /\?raw$/ }, ({ path: specifier, resolveDir }) => ({
        path: path.resolve(resolveDir, specifier.slice(0, -"?raw".length)),
        namespace: "raw-text",
      }));
      build.onLoad({ filter: /.*/, namespace: "raw-text" }, async ({ path: file }) => {
        const { code } = await build.esbuild.transform(await readFile(file, "utf8"), { minify: true });
        return { contents: code.trim(), loader: "text", watchFiles: [file] };
      });
    },
  };
}
