import { SttError } from "@stt/core";
import type { Config } from "@stt/core/config";
import { Command, InvalidArgumentError, Option } from "commander";
import type { Scope } from "../security/access.js";
import type { ApiKey } from "../security/api-key.js";
import { addKey, readKeyFile, revokeKey } from "../security/key-file.js";

interface AddFlags {
  file?: string;
  scope: Scope[];
  sessions?: number;
  requestsPerMinute?: number;
  audioMinutesPerDay?: number;
  origin?: string[];
}

/** Where a command writes. */
interface Output {
  write(text: string): unknown;
}

/** `stt-server keys add|list|revoke`: the file of API keys. A running server takes over every change at once. */
export function keysCommand(
  config: () => Config,
  { stdout, stderr }: { stdout: Output; stderr: Output } = process,
): Command {
  const fileOption = () => new Option("--file <path>", "the key file (API_KEYS_FILE)");
  const fileOf = ({ file }: { file?: string }): string => {
    const path = file ?? config().apiKeysFile;
    if (path === "") {
      throw new SttError("invalid_config", "There is no key file: set API_KEYS_FILE, or give --file PATH.");
    }
    return path;
  };

  const keys = new Command("keys").description("make, list and revoke API keys").exitOverride();

  keys
    .command("add")
    .description("make a key and print it; it is shown this once and kept nowhere but as a hash")
    .argument("<name>", "who it is for: letters, digits, - . _")
    .addOption(fileOption())
    .addOption(
      new Option("--scope <scope...>", "what it may do")
        .choices(["transcribe", "metrics", "admin"])
        .default(["transcribe"]),
    )
    .option("--sessions <number>", "sessions at the same time (default: KEY_MAX_SESSIONS; 0: no limit)", wholeNumber)
    .option("--requests-per-minute <number>", "default: KEY_REQUESTS_PER_MINUTE; 0: no limit", wholeNumber)
    .option("--audio-minutes-per-day <number>", "default: KEY_AUDIO_MINUTES_PER_DAY; 0: no limit", wholeNumber)
    .option("--origin <origin...>", "the only web pages that may use it, such as https://app.example.org")
    .action(async (name: string, flags: AddFlags) => {
      const key = await addKey(fileOf(flags), entryOf(name, flags));
      stderr.write(`The key "${name}" is made. It is not shown again:\n`);
      stdout.write(`${key}\n`);
    });

  keys
    .command("list")
    .description("list the keys, without their secrets")
    .addOption(fileOption())
    .option("--json", "one JSON array")
    .action(async (flags: { file?: string; json?: boolean }) => {
      const present = (await readKeyFile(fileOf(flags))).map(({ hash: _, ...rest }) => rest);
      if (flags.json) stdout.write(`${JSON.stringify(present)}\n`);
      else if (present.length === 0) stderr.write("There are no keys.\n");
      else for (const key of present) stdout.write(`${line(key)}\n`);
    });

  keys
    .command("revoke")
    .description("remove a key; its open sessions and its tokens end at once")
    .argument("<name>")
    .addOption(fileOption())
    .action(async (name: string, flags: { file?: string }) => {
      await revokeKey(fileOf(flags), name);
      stderr.write(`The key "${name}" is revoked.\n`);
    });

  return keys;
}

function entryOf(name: string, flags: AddFlags): Omit<ApiKey, "hash"> {
  const { sessions, requestsPerMinute, audioMinutesPerDay, origin } = flags;
  const limits = {
    ...(sessions === undefined ? {} : { sessions }),
    ...(requestsPerMinute === undefined ? {} : { requestsPerMinute }),
    ...(audioMinutesPerDay === undefined ? {} : { audioMinutesPerDay }),
  };
  return {
    name,
    scopes: flags.scope,
    ...(Object.keys(limits).length > 0 ? { limits } : {}),
    ...(origin ? { origins: origin } : {}),
  };
}

function line({ name, scopes, created = "", limits = {}, origins = [] }: Omit<ApiKey, "hash">): string {
  const bounds = Object.entries(limits).map(([bound, value]) => `${bound}=${value}`);
  return [name, scopes.join("+"), created, ...bounds, ...origins].join("  ").trimEnd();
}

function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("A whole number is wanted; 0 is no limit.");
}
