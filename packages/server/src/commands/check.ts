import { randomUUID } from "node:crypto";
import { rm, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isSttError, messageOf, SttError, systemClock } from "@stt/core";
import type { Config } from "@stt/core/config";
import { createRemoteEngine } from "../engines/remote/create-remote-engine.js";
import { loadAddon } from "../engines/whisper/addon.js";
import { Listeners } from "../lifecycle/listeners.js";
import { queryGpus } from "../machine/gpus.js";
import { thisMachine } from "../models/choose-model.js";
import { ensureModels } from "../models/ensure-models.js";
import { checkModelFile } from "../models/model-file.js";
import { modelDirectory } from "../models/model-folder.js";
import { silentLog } from "../observability/log.js";
import { accessNotices, Security } from "../security/security.js";
import { readVocabularyFile } from "../settings/vocabulary-file.js";
import { checkReplacements } from "../text/check-replacements.js";

/**
 * Says whether a server would start, one finding a line: configuration, addon, models, folder for uploads, ports.
 *
 * @returns the exit code: 0 when all is well, else 1.
 */
export async function runCheck(config: Config, warnings: readonly string[]): Promise<number> {
  let failures = 0;
  const report = async (name: string, probe: () => Promise<string> | string) => {
    try {
      process.stdout.write(`ok    ${name}: ${await probe()}\n`);
    } catch (error) {
      failures += 1;
      process.stdout.write(`FAIL  ${name}: ${messageOf(error)}\n`);
    }
  };
  for (const { message } of accessNotices(config)) process.stdout.write(`note  ${message}\n`);
  for (const warning of warnings) process.stdout.write(`note  ${warning}\n`);
  await report("configuration", () => {
    checkReplacements(config);
    return "every variable is valid";
  });
  if (config.engine === "remote") await report("remote engine", () => checkRemote(config));
  else {
    await report("native addon", () => loadAddon().systemInfo());
    await report("models", async () => {
      const machine = thisMachine(config, await queryGpus());
      const provided = ensureModels(config, { machine, log: silentLog, download: false });
      const { final, partial } = await provided.catch((error: unknown) => {
        if (!config.modelDownload || !isSttError(error) || error.code !== "model_not_found") throw error;
        throw new SttError(error.code, `${error.message} With a network the server fetches it when it starts.`);
      });
      for (const path of new Set([final.path, partial.path])) await checkModelFile(path);
      return `${final.name} for finals, ${partial.name} for partials (named models lie in ${modelDirectory(config)})`;
    });
  }
  await report("access", async () => {
    readVocabularyFile(config.vocabularyFile);
    const security = new Security(config, systemClock, silentLog);
    try {
      await security.open(() => {});
      return security.certificate ? "keys and certificate are usable" : "keys are usable; no TLS";
    } finally {
      security.close();
    }
  });
  await report("uploads", () => checkUploads(config));
  await report("ports", async () => {
    const listeners = new Listeners();
    const handlers = { request: () => {}, upgrade: () => {} };
    const { host } = await listeners.listen(config.bindHost, config.controlPort, config.dataPort, handlers);
    await listeners.close();
    return `${config.controlPort} and ${config.dataPort} on ${host} are free`;
  });
  return failures === 0 ? 0 : 1;
}

/** Whether files that are sent for transcription can be stored. */
async function checkUploads({ maxUploadBytes, maxUploads }: Config): Promise<string> {
  const folder = tmpdir();
  const path = join(folder, `stt-upload-${randomUUID()}`);
  try {
    await writeFile(path, "", { flag: "wx", mode: 0o600 });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new SttError(
      "io_error",
      `${folder} (TMPDIR), where files lie while they are transcribed, cannot be written (${code ?? messageOf(cause)}). Set TMPDIR to a folder that can.`,
      { cause },
    );
  } finally {
    await rm(path, { force: true }).catch(() => {});
  }
  const { bavail, bsize } = await statfs(folder);
  const [free, wanted] = [bavail * bsize, maxUploads * maxUploadBytes].map((bytes) => Math.round(bytes / 2 ** 20));
  const note = free! < wanted! ? `; ${wanted} MiB may be wanted at a time (MAX_UPLOADS times MAX_UPLOAD_BYTES)` : "";
  return `${folder} (TMPDIR) takes files, ${free} MiB are free${note}`;
}

async function checkRemote(config: Config): Promise<string> {
  const engine = await createRemoteEngine(config);
  const { model, capabilities } = engine.info;
  await engine.close();
  return `${model} answers, ${capabilities.wordTimestamps ? "with" : "without"} times of words`;
}
