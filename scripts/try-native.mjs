#!/usr/bin/env node
/**
 * Loads a packed addon as a stranger's machine would, and transcribes a recording with the built-in model: with all its
 * libraries, then with each processor's library alone. The text has to be the same; a library that is for a better processor
 * has to be refused and not to crash.
 *
 *   node scripts/try-native.mjs [--cuda] [DIRECTORY]
 *
 * Without a directory it takes the folder that scripts/pack-native.mjs has written.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { platformPackageName } from "../packages/server/scripts/platform-package.mjs";
import { root } from "./lib.mjs";

const SAID = "what is on my calendar at two fifteen";
const CPU_LIBRARY = /^(?:lib)?ggml-cpu-(.+)\.(?:so|dll)$/;

const { values, positionals } = parseArgs({
  options: { cuda: { type: "boolean", default: false }, inside: { type: "boolean", default: false } },
  allowPositionals: true,
});
const packed = path.join(root, "dist-native", platformPackageName({ cuda: values.cuda }).replace("@stt/", ""));
const directory = path.resolve(positionals[0] ?? packed);
if (values.inside) process.stdout.write(JSON.stringify(await transcribe()));
else tryAll();

function tryAll() {
  const files = readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
  const variants = files.filter((file) => CPU_LIBRARY.test(file));
  let worked = 0;
  for (const kept of [undefined, ...variants]) {
    const copy = mkdtempSync(path.join(os.tmpdir(), "stt-native-"));
    try {
      for (const file of files.filter((each) => kept === undefined || each === kept || !variants.includes(each))) {
        copyFileSync(path.join(directory, file), path.join(copy, file));
      }
      worked += tryOne(copy, kept);
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  }
  if (worked === 0) process.exitCode = 1;
}

/** A process of its own: libraries stay loaded, and a crash has to be seen from outside. */
function tryOne(copy, kept) {
  const what = kept === undefined ? "all libraries" : CPU_LIBRARY.exec(kept)[1];
  const child = spawnSync(process.execPath, [fileURLToPath(import.meta.url), "--inside", copy], { encoding: "utf8" });
  if (child.status !== 0) {
    process.exitCode = 1;
    process.stdout.write(`${what}: FAILED (${child.signal ?? `exit code ${child.status}`})\n${child.stderr}`);
    return 0;
  }
  const { refused, chosen, text, ms } = JSON.parse(child.stdout);
  if (refused) {
    if (kept === undefined) process.exitCode = 1;
    process.stdout.write(`${what}: refused (${refused})\n`);
    return 0;
  }
  const same = text === SAID;
  if (!same) process.exitCode = 1;
  process.stdout.write(
    `${what}: ${chosen || "compiled in"}, ${ms} ms, ${same ? "text as spoken" : `WRONG TEXT: ${text}`}\n`,
  );
  return 1;
}

async function transcribe() {
  const addon = createRequire(import.meta.url)(path.join(directory, "stt_whisper.node"));
  try {
    addon.loadBackends?.(directory, "");
  } catch (error) {
    return { refused: error.message.replace(directory, "its directory") };
  }
  const loaded = addon.drainLogs().map(({ text }) => /loaded .* backend from .*[/\\](.+)$/.exec(text.trim())?.[1]);
  const options = { gpu: false, gpuDevice: 0, flashAttention: true };
  const model = await addon.loadModel(path.join(root, "packages/server/models/ggml-micro-q8_0.bin"), options);
  const session = await model.createSession();
  const startedAt = performance.now();
  const { bytes, tokenIds, tokenByteEnds } = await session.transcribe(recording(), {
    language: "en",
    translate: false,
    prompt: "",
    beamSize: 1,
    temperature: 0,
    temperatureStep: 0,
    audioContext: 0,
    threads: 1,
    tokenTimes: false,
  });
  const ms = Math.round(performance.now() - startedAt);
  const { endOfTextToken } = model.info();
  const said = [...tokenIds].flatMap((id, i) =>
    id < endOfTextToken ? [...bytes.subarray(i === 0 ? 0 : tokenByteEnds[i - 1], tokenByteEnds[i])] : [],
  );
  session.close();
  model.close();
  return { chosen: loaded.filter(Boolean).join(", "), ms, text: words(Buffer.from(said).toString("utf8")) };
}

function words(text) {
  return (
    text
      .toLowerCase()
      .match(/[a-z]+/g)
      ?.join(" ") ?? ""
  );
}

/** The recordings are 16 kHz mono PCM behind a plain header. */
function recording() {
  const wav = readFileSync(path.join(root, "samples/en_01.wav"));
  const data = wav.indexOf("data") + 8;
  return Float32Array.from(
    { length: Math.floor((wav.length - data) / 2) },
    (_, i) => wav.readInt16LE(data + 2 * i) / 32768,
  );
}
