/** What `npm start` says before anything is built: on which model the server will run. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { cacheDirectory } from "../packages/server/scripts/native-cache.mjs";
import { root } from "./lib.mjs";

/**
 * One friendly line; undefined where the arguments ask for something else than a server.
 *
 * The server decides for itself, and its log says what it decided; this reads the same places, without the server's code, which may not be
 * built yet.
 */
export function startLine(args, env = process.env, directory = root) {
  const command = args[0] !== undefined && !args[0].startsWith("-");
  if (command || args.some((arg) => /^(--help|--version|--check|-h|-V)$/.test(arg))) return undefined;
  const read = (name) => env[name] || dotenv(directory, name);
  if (read("ENGINE") === "remote") return undefined;
  const wanted = read("WHISPER_MODEL") || "auto";
  const models = read("MODEL_DIR") || path.join(cacheDirectory(env), "models");
  const inBox = existsSync(path.join(directory, "packages/model-whisper-base/ggml-base-q8_0.bin"));
  const base = "Whisper base, which comes with the server: no download is needed";
  const onDisk = namesIn(models);
  if (wanted === "auto" && onDisk.length > 0) {
    const names = inBox && !onDisk.includes("base") ? [...onDisk, "base"] : onDisk;
    return `Starting with the best model on this machine that suits it, of Whisper ${names.join(", ")}.`;
  }
  if (inBox && (wanted === "auto" || (wanted === "base" && !onDisk.includes("base")))) return `Starting with ${base}.`;
  return wanted === "auto" ? undefined : `Starting with the model ${wanted}.`;
}

function namesIn(directory) {
  if (!existsSync(directory)) return [];
  return readdirSync(directory).flatMap((file) => /^ggml-(.+)\.bin$/.exec(file)?.[1] ?? []);
}

function dotenv(directory, name) {
  const file = path.join(directory, ".env");
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  return new RegExp(`^\\s*${name}\\s*=\\s*["']?([^"'\\s#]*)`, "m").exec(text)?.[1];
}
