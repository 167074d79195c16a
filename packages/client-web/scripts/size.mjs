/**
 * `npm run size -w @stt/client-web`: what a page pays for dictation from the microphone, as a bundler ships it. Fails above the
 * budget, so that weight is a decision and not an accident.
 *
 *   --why   also list what takes most of it
 */
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const CASES = [
  // The budget: connection, replay, microphone, transcript, and the checks of what a caller asks for; without the VAD.
  { name: "client and microphone", exports: "createSttClient, microphone", entry: "index.js", limitBytes: 26_500 },
  { name: "everything", exports: "*", entry: "index.js", limitBytes: 30_500 },
];

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
for (const { name, exports, entry, limitBytes } of CASES) {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: exports === "*" ? `export * from "./${entry}";` : `export { ${exports} } from "./${entry}";`,
      resolveDir: dist,
    },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    write: false,
    metafile: true,
    // What npm users get: not the sources that our tsconfig points to.
    tsconfigRaw: {},
  });
  const bytes = gzipSync(outputFiles[0].contents, { level: 9 }).length;
  const kb = (value) => (value / 1000).toFixed(1).padStart(5);
  process.stdout.write(`${kb(bytes)} kB gzip of ${kb(limitBytes)}  ${name}\n`);
  if (process.argv.includes("--why")) {
    const inputs = Object.values(metafile.outputs)[0].inputs;
    const largest = Object.entries(inputs).sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput);
    for (const [file, { bytesInOutput }] of largest.slice(0, 15))
      process.stdout.write(`      ${kb(bytesInOutput)} kB minified  ${file}\n`);
  }
  if (bytes > limitBytes) process.exitCode = 1;
}
