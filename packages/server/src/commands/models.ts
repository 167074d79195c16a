import { abortError, isSttError, messageOf, SttError } from "@stt/core";
import type { Config } from "@stt/core/config";
import { Command } from "commander";
import { CATALOG } from "../models/catalog.js";
import { downloadModel } from "../models/download.js";
import { downloadBar, downloadLines } from "../models/download-report.js";
import { embeddedModel } from "../models/embedded-model.js";
import { installedModels, modelDirectory, removeModel, verifyModel } from "../models/model-folder.js";
import type { Log } from "../observability/log.js";

/** Where a command writes. */
interface Output {
  write(text: string): unknown;
}

/** `stt-server models list|pull|remove|verify`: the folder of models. */
export function modelsCommand(
  config: () => Config,
  { stdout, stderr }: { stdout: Output; stderr: Output } = process,
): Command {
  const models = new Command("models")
    .description("list, fetch, remove and verify Whisper models in MODEL_DIR")
    .exitOverride();

  models
    .command("list")
    .description("what is on this machine, and what can be fetched")
    .option("--json", "one JSON object")
    .action(async (flags: { json?: boolean }) => {
      const directory = modelDirectory(config());
      const installed = await installedModels(directory);
      const embedded = embeddedModel();
      const known = new Set([...installed, ...(embedded ? [embedded] : [])].map(({ name }) => name));
      const available = CATALOG.filter(({ name }) => !known.has(name));
      if (flags.json) {
        stdout.write(
          `${JSON.stringify({ directory, builtIn: embedded ? [embedded.name] : [], installed, available })}\n`,
        );
        return;
      }
      stdout.write(`In ${directory}:\n`);
      if (installed.length === 0) stdout.write("  nothing yet\n");
      for (const { name, bytes } of installed) stdout.write(`  ${name.padEnd(24)}${size(bytes)}\n`);
      if (embedded) stdout.write(`With the server:\n  ${embedded.name.padEnd(24)}${size(embedded.sizeBytes)}\n`);
      stdout.write("To fetch with `stt-server models pull NAME`:\n");
      for (const { name, approximateBytes } of available)
        stdout.write(
          `${`  ${name.padEnd(24)}${approximateBytes === undefined ? "" : size(approximateBytes)}`.trimEnd()}\n`,
        );
    });

  models
    .command("pull")
    .description("fetch models; what broke off is resumed")
    .argument("<name...>", "such as base or medium-q5_0")
    .action(async (names: string[]) => {
      const { modelBaseUrl: baseUrl, ...rest } = config();
      const directory = modelDirectory(rest);
      const stop = new AbortController();
      const onSignal = () =>
        stop.abort(new SttError("aborted", "Stopped. What has come is kept; the same command goes on."));
      process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
      const failed: string[] = [];
      try {
        for (const name of names) {
          const report = process.stderr.isTTY ? downloadBar() : downloadLines(lineLog(stderr));
          try {
            const onProgress = report.update.bind(report);
            const log = lineLog(stderr);
            const file = await downloadModel({ name, directory, baseUrl, log, onProgress, signal: stop.signal });
            report.close();
            stdout.write(`${file}\n`);
          } catch (error) {
            if (stop.signal.aborted) throw abortError(stop.signal.reason);
            // One that cannot be had does not keep the others away.
            if (names.length === 1 || !isSttError(error)) throw error;
            failed.push(name);
            report.close();
            stderr.write(`${messageOf(error)}\n`);
          } finally {
            report.close();
          }
        }
      } finally {
        process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
      }
      if (failed.length > 0) {
        const what = `${failed.length} of ${names.length} models could not be fetched: ${failed.join(", ")}.`;
        throw new SttError("connection_failed", what);
      }
    });

  models
    .command("remove")
    .description("remove a model, and what is left of an unfinished download of it")
    .argument("<name>")
    .action(async (name: string) => {
      const file = await removeModel(name, modelDirectory(config()));
      stderr.write(`Removed ${file}.\n`);
    });

  models
    .command("verify")
    .description("read models and compare them with their checksums")
    .argument("[name...]", "all that are on this machine, if none is given")
    .action(async (names: string[]) => {
      const directory = modelDirectory(config());
      const embedded = embeddedModel();
      const all = [...(await installedModels(directory)), ...(embedded ? [embedded] : [])];
      const wanted = names.length > 0 ? names : [...new Set(all.map(({ name }) => name))];
      if (wanted.length === 0) stderr.write(`There are no models in ${directory}.\n`);
      let failures = 0;
      for (const name of wanted) {
        try {
          const { bytes, checksum } = await verifyModel(name, directory);
          const by = checksum
            ? `its ${checksum === "sha1" ? "SHA-1" : "SHA-256"} is right`
            : "its structure is right; no checksum is known";
          stdout.write(`ok    ${name}: ${size(bytes)}, ${by}\n`);
        } catch (error) {
          failures += 1;
          stdout.write(`FAIL  ${name}: ${messageOf(error)}\n`);
          if (!isSttError(error)) throw error;
        }
      }
      if (failures > 0) {
        throw new SttError("bad_model", `${failures} of ${wanted.length} models failed the check.`);
      }
    });

  return models;
}

/** Notices and progress of a command, one line each. */
function lineLog(stderr: Output): Log {
  const line = (_: object, message: string) => {
    stderr.write(`${message}\n`);
  };
  return { debug: () => {}, info: line, warn: line, error: line };
}

function size(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(2)} GB` : `${Math.max(1, Math.round(bytes / 1e6))} MB`;
}
