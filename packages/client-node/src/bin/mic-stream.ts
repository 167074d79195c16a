/** The program behind `mic-stream` and `stt-client`. */
import { processContext } from "../cli/context.js";
import { errorSentence } from "../cli/error-sentence.js";
import { runCli } from "../cli/program.js";
import { textsOf } from "../cli/texts.js";

const interrupt = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    // The first asks for a good end, the second insists.
    if (interrupt.signal.aborted) process.exit(1);
    interrupt.abort();
  });
}

// `mic-stream ... | head` closes the pipe: nobody reads on, so there is nothing left to do.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

try {
  process.exitCode = await runCli(process.argv.slice(2), processContext(interrupt.signal));
} catch (error) {
  process.stderr.write(`${errorSentence(error, textsOf("en"))}\n`);
  process.exitCode = 2;
}
