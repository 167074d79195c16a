#!/usr/bin/env node
// Committed, so that the command exists from the first `npm ci`; the program itself is built.
import { existsSync } from "node:fs";

const program = new URL("../dist/stt-editor.js", import.meta.url);
if (existsSync(program)) {
  await import(program.href);
} else {
  process.stderr.write("stt-editor is not built yet: run `npm run build` in the repository first.\n");
  process.exitCode = 1;
}
