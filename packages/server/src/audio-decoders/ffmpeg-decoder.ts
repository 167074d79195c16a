import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { abortError, decodePcm, ENGINE_SAMPLE_RATE, SttError } from "@stt/core";
import type { AudioDecoder, AudioFile, FfmpegContainer } from "./audio-decoder.js";
import { tooLong } from "./engine-audio.js";

/** Named demuxers only: a playlist in disguise may name other files. */
const DEMUXERS: Readonly<Record<FfmpegContainer, string>> = {
  mp4: "mov",
  webm: "matroska",
  aac: "aac",
  aiff: "aiff",
  amr: "amr",
};
/** A process that gives nothing for this long, though it is asked, is ended. */
const HUNG_AFTER_MS = 30_000;
const MAX_COMPLAINT_CHARACTERS = 2000;
const BYTES = Float32Array.BYTES_PER_ELEMENT;
const PIECE_BYTES = ENGINE_SAMPLE_RATE * BYTES;

type Ffmpeg = ChildProcessByStdio<null, Readable, Readable>;

/** Decodes with the `ffmpeg` on PATH. */
export const ffmpegDecoder: AudioDecoder = {
  async *open(file, { maxDurationMs }, signal) {
    signal.throwIfAborted();
    const child = start(file);
    let failure: SttError | undefined;
    const fail = (error: SttError) => {
      failure ??= error;
      child.stdout.destroy();
    };
    const onAbort = () => fail(abortError(signal.reason));
    signal.addEventListener("abort", onAbort, { once: true });
    child.once("error", (error: NodeJS.ErrnoException) => fail(notStarted(error, file)));
    const exited = once(child, "close").catch(() => {});
    let complaint = "";
    child.stderr.on("data", (text: Buffer) => {
      complaint = (complaint + text.toString()).slice(-MAX_COMPLAINT_CHARACTERS);
    });
    let bytes = 0;
    let hung: NodeJS.Timeout | undefined;
    const watch = () => {
      clearTimeout(hung);
      hung = setTimeout(() => fail(damaged(file, "it keeps ffmpeg busy without end")), HUNG_AFTER_MS);
    };
    try {
      watch();
      for await (const piece of pieces(child.stdout)) {
        clearTimeout(hung);
        bytes += piece.length;
        if (bytes / BYTES > (maxDurationMs * ENGINE_SAMPLE_RATE) / 1000) throw tooLong(maxDurationMs);
        yield decodePcm(piece, { encoding: "pcm_f32le", channels: 1 });
        watch();
      }
      await exited;
      if (failure) throw failure;
      if (bytes === 0) throw damaged(file, complaint.trim().split("\n").at(-1)?.replaceAll(file.path, "the file"));
    } catch (error) {
      throw failure ?? error;
    } finally {
      clearTimeout(hung);
      signal.removeEventListener("abort", onAbort);
      child.kill("SIGKILL");
      child.stdout.destroy();
      await exited;
    }
  },
};

function start({ path, container }: AudioFile): Ffmpeg {
  const input = [
    "-protocol_whitelist",
    "file,pipe",
    "-f",
    DEMUXERS[container as FfmpegContainer],
    "-i",
    `file:${path}`,
  ];
  const only = ["-map", "0:a:0", "-vn", "-sn", "-dn"];
  const output = ["-ac", "1", "-ar", String(ENGINE_SAMPLE_RATE), "-f", "f32le", "pipe:1"];
  return spawn(
    "ffmpeg",
    ["-hide_banner", "-nostdin", "-loglevel", "error", "-threads", "1", ...input, ...only, ...output],
    {
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env.PATH },
    },
  );
}

/** Whole samples, up to a second of them at a time. */
async function* pieces(stream: Readable): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const block of stream) {
    const bytes = Buffer.concat([rest, block as Buffer]);
    const whole = bytes.length - (bytes.length % BYTES);
    for (let at = 0; at < whole; at += PIECE_BYTES) yield bytes.subarray(at, Math.min(whole, at + PIECE_BYTES));
    rest = bytes.subarray(whole);
  }
}

function notStarted(error: NodeJS.ErrnoException, { container }: AudioFile): SttError {
  if (error.code !== "ENOENT") return new SttError("internal", `ffmpeg could not be started: ${error.message}.`);
  return new SttError(
    "unsupported_media",
    `The file is ${container}, which this server reads through ffmpeg, and there is no ffmpeg on its PATH. Install ffmpeg on the server, or send WAV, MP3, FLAC, Ogg Opus or Ogg Vorbis.`,
  );
}

function damaged({ container }: AudioFile, reason = "it is damaged"): SttError {
  return new SttError("bad_audio", `The ${container} file cannot be decoded: ${reason}.`);
}
