/** `npm start`: says on which model, builds what is missing, then runs the server with the arguments given. */
import { buildAll, root, run } from "./lib.mjs";
import { startLine } from "./start-line.mjs";

const args = process.argv.slice(2);
const line = startLine(args);
if (line) process.stderr.write(`${line}\n`);
const failed = await buildAll();
// The server gets the signals itself; this process waits for it.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => {});
process.exitCode = failed || (await run(process.execPath, [`${root}packages/server/bin/stt-server.js`, ...args]));
