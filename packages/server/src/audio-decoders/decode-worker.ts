/** The decoding thread: answers each request for more with a piece of audio, an end or an error. */
import { parentPort, workerData } from "node:worker_threads";
import { isSttError, messageOf } from "@stt/core";
import type { ContainerReader, OwnContainer } from "./audio-decoder.js";
import type { DecodeReply, DecodeWork } from "./decode-protocol.js";
import { engineAudio } from "./engine-audio.js";
import { readFlac } from "./read-flac.js";
import { readMp3 } from "./read-mp3.js";
import { readOgg } from "./read-ogg.js";
import { readWav } from "./read-wav.js";

const READERS: Readonly<Record<OwnContainer, ContainerReader>> = {
  wav: readWav,
  mp3: readMp3,
  flac: readFlac,
  ogg: readOgg,
};

const port = parentPort!;
const { path, container, start, maxDurationMs } = workerData as DecodeWork;
const audio = engineAudio(READERS[container](path, start), maxDurationMs);

async function answer(): Promise<void> {
  try {
    const next = await audio.next();
    if (next.done) reply({ kind: "end" });
    else
      port.postMessage({ kind: "audio", samples: next.value } satisfies DecodeReply, [
        next.value.buffer as ArrayBuffer,
      ]);
  } catch (error) {
    const code = isSttError(error) ? error.code : "bad_audio";
    reply({ kind: "failed", code, message: messageOf(error) });
  }
}

function reply(message: DecodeReply): void {
  port.postMessage(message);
}

let answering = Promise.resolve();
port.on("message", () => {
  answering = answering.then(answer);
});
