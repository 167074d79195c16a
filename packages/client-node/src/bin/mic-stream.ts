/** The program behind `mic-stream` and `stt-client`. */
import { EXIT, reportFailure } from "../cli/command-line.js";
import { localeFrom, processContext } from "../cli/context.js";
import { runCli } from "../cli/program.js";
import { textsOf } from "../cli/texts.js";

const interrupt = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    // The first asks for a good end, the second insists.
    if (interrupt.signal.aborted) process.exit(EXIT.interrupted);
    interrupt.abort();
  });
}

// `mic-stream ... | head` closes the pipe: nobody reads on, so there is nothing left to do.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(EXIT.ok);
  // A full disk, for one.
  process.stderr.write(`${textsOf(localeFrom(process.env)).stdoutBroken.replace("{reason}", error.message)}\n`);
  process.exit(EXIT.failed);
});

try {
  process.exitCode = await runCli(process.argv.slice(2), processContext(interrupt.signal));
} catch (error) {
  const { stdout, stderr } = process;
  process.exitCode = reportFailure(error, "mic-stream", { stdout, stderr, texts: textsOf("en") });
}
