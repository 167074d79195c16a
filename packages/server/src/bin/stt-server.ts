import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { isSttError, messageOf, SttError, type SttErrorCode } from "@stt/core";
import { type Config, checkDotenv, type Environment, loadConfig } from "@stt/core/config";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { runCheck } from "../commands/check.js";
import { keysCommand } from "../commands/keys.js";
import { modelsCommand } from "../commands/models.js";
import { runServer } from "../commands/serve.js";

interface Flags {
  host?: string;
  controlPort?: number;
  dataPort?: number;
  check?: boolean;
}

const EXIT_FAILURE = 1;
const EXIT_USAGE = 2;
/** As a shell reports Ctrl+C. */
const EXIT_INTERRUPTED = 130;
const EXIT_CODES: Partial<Record<SttErrorCode, number>> = { invalid_config: EXIT_USAGE, aborted: EXIT_INTERRUPTED };

const program = new Command("stt-server")
  .description("Self-hosted realtime speech-to-text: WebSocket streaming over whisper.cpp")
  .option("--host <address>", "address to listen on (BIND_HOST)")
  .option("--control-port <number>", "control port (CONTROL_PORT)", portNumber)
  .option("--data-port <number>", "data port (DATA_PORT)", portNumber)
  .option("--check", "check configuration, addon, models and ports, then exit")
  .addHelpText(
    "after",
    `
Everything else is set by environment variables or a .env file in the working directory: see docs/configuration.md.

Examples:
  stt-server                                     the best model at hand, else the built-in one
  WHISPER_MODEL=/models/ggml-medium.bin stt-server
  stt-server --host 0.0.0.0 --data-port 9012
  stt-server keys add my-app                     an API key, printed once
  stt-server models pull small                   fetch a Whisper model
  stt-server --check`,
  )
  .exitOverride()
  .action(async (flags: Flags) => {
    const { config, warnings } = readConfig(flags);
    process.exitCode = flags.check ? await runCheck(config, warnings) : await runServer(config, warnings);
  });

// Whoever reads the output may stop early, as `head` does.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

program.addCommand(keysCommand(() => readConfig({}).config));
program.addCommand(modelsCommand(() => readConfig({}).config));

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : EXIT_USAGE;
  else {
    process.stderr.write(`${isSttError(error) ? error.message : messageOf(error)}\n`);
    process.exitCode = isSttError(error) ? (EXIT_CODES[error.code] ?? EXIT_FAILURE) : EXIT_FAILURE;
  }
}

function readConfig(flags: Flags): { config: Config; warnings: string[] } {
  const { config, warnings } = loadConfig(process.env, readDotenv());
  return {
    config: {
      ...config,
      ...(flags.host === undefined ? {} : { bindHost: flags.host }),
      ...(flags.controlPort === undefined ? {} : { controlPort: flags.controlPort }),
      ...(flags.dataPort === undefined ? {} : { dataPort: flags.dataPort }),
    },
    warnings,
  };
}

function readDotenv(): Environment {
  let text: string;
  try {
    text = readFileSync(".env", "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw new SttError("io_error", `The file .env cannot be read: ${messageOf(cause)}.`, { cause });
  }
  // An editor on Windows may have put a byte order mark before the first name.
  const entries = text.replace(/^\uFEFF/, "");
  checkDotenv(entries);
  return parseEnv(entries);
}

function portNumber(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError("A port is a whole number from 0 (any free one) to 65535.");
}
