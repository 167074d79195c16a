#!/usr/bin/env node
import { existsSync } from "node:fs";

const program = new URL("../dist/bin/stt-server.js", import.meta.url);
if (existsSync(program)) {
  await import(program.href);
} else {
  process.stderr.write("stt-server is not built yet. Run: npm run build\n");
  process.exitCode = 1;
}
