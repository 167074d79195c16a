/** whisper.cpp's own programs, built from the same source with the same flags as our addon. */
import http from "node:http";
import net from "node:net";
import { nativePaths } from "../../packages/server/scripts/build-native.mjs";
import { MODEL } from "./engine.mjs";
import { runToEnd, start, stop } from "./processes.mjs";
import { sleep, sum } from "./stats.mjs";

const { whisperCli, whisperServer } = nativePaths();

/** Greedy, as our own measurements are. */
const GREEDY = ["-bs", "1", "-bo", "1"];

/**
 * Decodes files with whisper-cli in one process.
 *
 * @returns {Promise<{ totalMs: number, stagesMs: number }>} what it prints itself: everything since the start of loading, and
 * the sum of its stages (spectrogram, encoder, decoder, sampling)
 */
export async function whisperCliTimes(files, { model = MODEL, threads, audioContext, language, env }) {
  const args = [...GREEDY, "-nf", "-m", model, "-t", `${threads}`, "-ac", `${audioContext}`, "-l", language];
  const { stderr } = await runToEnd(whisperCli, [...args, ...files.flatMap((file) => ["-f", file])], {
    env: { ...process.env, ...env },
  });
  const time = (name) => Number(new RegExp(`${name} time = +([\\d.]+) ms`).exec(stderr)[1]);
  const stages = ["mel", "sample", "encode", "decode", "batchd", "prompt"];
  return { totalMs: time("total"), stagesMs: sum(stages.map(time)) };
}

/** Starts whisper-server. @returns its port and a way to post utterances */
export async function startWhisperServer({ threads, env }) {
  const port = await freePort();
  const args = [...GREEDY, "-m", MODEL, "-t", `${threads}`, "--host", "127.0.0.1", "--port", `${port}`];
  const child = start(whisperServer, args, { stdio: "ignore", env: { ...process.env, ...env } });
  for (;;) {
    if (child.exitCode !== null) throw new Error(`whisper-server ended with ${child.exitCode}`);
    if (await accepts(port)) break;
    await sleep(20);
  }
  return { port, pid: child.pid, close: () => stop(child) };
}

/** The body of a request; made once for each recording, since the generator shares the cores with the server. */
export function requestOf({ speech, language }, audioContext) {
  const boundary = "stt-bench";
  const field = (name, value) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const head =
    field("language", language) +
    field("response_format", "json") +
    (audioContext ? field("audio_ctx", audioContext) : "") +
    `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\nContent-Type: audio/wav\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), wavHeader(speech.length), speech, Buffer.from(`\r\n--${boundary}--\r\n`)]);
}

/** Posts an utterance. @returns milliseconds to the answer */
export function post(port, body) {
  const begin = performance.now();
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        port,
        host: "127.0.0.1",
        method: "POST",
        path: "/inference",
        // Its threads each serve one connection to the end: idle ones kept alive would block the others.
        agent: false,
        headers: { "Content-Type": "multipart/form-data; boundary=stt-bench", "Content-Length": body.length },
      },
      (response) => {
        response.resume();
        response.on("end", () =>
          response.statusCode === 200
            ? resolve(performance.now() - begin)
            : reject(new Error(`whisper-server answered ${response.statusCode}`)),
        );
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

function wavHeader(bytes) {
  const header = Buffer.alloc(44);
  header.write("RIFF", 0);
  header.writeUInt32LE(36 + bytes, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(16_000, 24);
  header.writeUInt32LE(32_000, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36);
  header.writeUInt32LE(bytes, 40);
  return header;
}

function freePort() {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function accepts(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true) || socket.destroy());
    socket.once("error", () => resolve(false));
  });
}
