/**
 * `npm run demo`: builds what is missing, starts a server on free ports, streams bundled recordings to it at the pace of
 * speech, shows the text as it comes, and measures it against what was said.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { buildAll, root } from "./lib.mjs";

/** People's voices, 43 s in all; samples/human/README.md says whose. */
const RECORDINGS = [
  "en_kennedy",
  "en_austen_leisure",
  "en_austen_amiable",
  "ru_invalid_number",
  "ru_all_busy",
  "ru_microphone",
];

const { stdout } = process;
const live = stdout.isTTY === true;
const paint = (code) => (text) => (live && text !== "" ? `\u001b[${code}m${text}\u001b[0m` : text);
const bright = paint(1);
const dim = paint(2);
const green = paint(32);
const seconds = (ms) => (ms / 1000).toFixed(1).padStart(5);

const failed = await buildAll();
if (failed) process.exit(failed);
process.exitCode = await demo();

async function demo() {
  const { createServer } = await import("../packages/server/dist/index.js");
  const { createSttClient, fileSource } = await import("../packages/client-node/dist/index.js");
  const { wordErrorRate } = await import("../packages/core/dist/index.js");
  const samples = path.join(root, "samples", "human");
  const transcripts = JSON.parse(readFileSync(path.join(samples, "transcripts.json"), "utf8"));

  const startedAt = performance.now();
  const server = createServer({
    config: {
      controlPort: 0,
      dataPort: 0,
      whisperModel: "base",
      realtimeModelType: "base",
      modelDownload: false,
      // Two cores are enough for it.
      beamSize: 1,
      beamSizeRealtime: 1,
    },
  });
  const { dataPort } = await server.listen();
  const url = `ws://127.0.0.1:${dataPort}`;
  stdout.write(`${bright("server")}  ${url}, ready in ${seconds(performance.now() - startedAt).trim()} s\n`);
  stdout.write(`${bright("model")}   Whisper base, which comes with the server: nothing is downloaded\n`);
  stdout.write(`${dim("Committed text is bright and never changes; dim text is still tentative.")}\n`);

  let interrupted = false;
  const abort = new AbortController();
  process.once("SIGINT", () => {
    interrupted = true;
    abort.abort();
  });
  let errors = 0;
  let words = 0;
  try {
    for (const name of RECORDINGS) {
      const { text: expected, language, source } = transcripts[`${name}.wav`];
      stdout.write(`\n${bright(name)}  ${dim(`${language}, ${source.split(";")[0]}`)}\n`);
      const heard = await speak(createSttClient({ url, language, endpointing: { silenceMs: 700 } }), () =>
        fileSource(path.join(samples, `${name}.wav`)),
      );
      const rate = wordErrorRate(expected, heard);
      errors += rate.errors;
      words += rate.words;
      if (rate.errors > 0) stdout.write(`        ${dim(`said: ${expected}`)}\n`);
    }
  } catch (error) {
    if (!interrupted) throw error;
  } finally {
    await server.close();
  }
  if (interrupted) {
    stdout.write("\nstopped\n");
    return 130;
  }
  const rate = ((100 * errors) / words).toFixed(1);
  stdout.write(`\n${bright(`word error rate ${rate} %`)}  ${errors} of ${words} words wrong; server stopped\n`);
  return 0;

  async function speak(client, source) {
    const view = liveLine();
    client.on("partial", ({ endMs, committed, tentative }) => view.show(endMs, committed, tentative));
    client.on("final", ({ startMs, endMs, text }) => {
      view.clear();
      stdout.write(`  ${green(`${seconds(startMs)} -${seconds(endMs)} s`)}  ${bright(text)}\n`);
    });
    try {
      return await client.transcribe(await source(), { pace: 1, signal: abort.signal });
    } finally {
      view.clear();
      await client.close();
    }
  }
}

/** The utterance in the making: one line that is drawn over on a terminal, a line for each change elsewhere. */
function liveLine() {
  let last = "";
  return {
    show(endMs, committed, tentative) {
      const joint = committed && tentative ? " " : "";
      if (committed + joint + tentative === last) return;
      last = committed + joint + tentative;
      const time = `${seconds(endMs)} s          `;
      if (!live) {
        stdout.write(`  ${time}${committed}${joint}${tentative ? `[${tentative}]` : ""}\n`);
        return;
      }
      // Only the end of a long text: a line that wraps could not be drawn over.
      const room = Math.max(10, stdout.columns - time.length - 3);
      const shown = committed.slice(Math.max(0, last.length - room));
      stdout.write(`\r\u001b[K  ${dim(time)}${bright(shown)}${joint}${dim(tentative.slice(-room))}`);
    },
    clear() {
      if (live && last !== "") stdout.write("\r\u001b[K");
      last = "";
    },
  };
}
