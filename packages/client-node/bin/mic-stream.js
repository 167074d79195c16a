#!/usr/bin/env node
// Committed, so that `npx mic-stream` exists from the first `npm ci`; the program itself is built.
import { existsSync } from "node:fs";

const program = new URL("../dist/bin/mic-stream.js", import.meta.url);
if (existsSync(program)) {
  await import(program.href);
} else {
  process.stderr.write("mic-stream is not built yet: run `npm run build` in the repository first.\n");
  process.exitCode = 1;
}
