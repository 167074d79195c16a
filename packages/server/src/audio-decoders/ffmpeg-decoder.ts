import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { abortError, ENGINE_SAMPLE_RATE, isSttError, SttError } from "@stt/core";
import type { AudioDecoder, AudioFile } from "./audio-decoder.js";
import { engineAudio } from "./engine-audio.js";
import { wavChunks } from "./read-wav.js";

/** Named demuxers only: a playlist in disguise may name other files. */
const DEMUXERS =
  "mov,matroska,aac,aiff,amr,amrnb,amrwb,au,wav,w64,caf,mp3,ogg,flac,asf,avi,mpegts,flv,wv,ac3,eac3,voc,mpeg,tta,ape,dts,loas,rm";
/** A process that gives nothing for this long, though it is asked, is ended. */
const HUNG_AFTER_MS = 30_000;
const MAX_COMPLAINT_CHARACTERS = 2000;

/** How a process ended; neither when it never began. */
interface Ending {
  code?: number | null;
  killedBy?: NodeJS.Signals | null;
}

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
    const exited: Promise<Ending> = once(child, "close").then(
      ([code, killedBy]) => ({ code, killedBy }),
      () => ({}),
    );
    let complaint = "";
    child.stderr.on("data", (text: Buffer) => {
      complaint = (complaint + text.toString()).slice(-MAX_COMPLAINT_CHARACTERS);
    });
    let heard = false;
    let hung: NodeJS.Timeout | undefined;
    const watch = () => {
      clearTimeout(hung);
      hung = setTimeout(() => fail(bad(file, "it keeps ffmpeg busy without end")), HUNG_AFTER_MS);
    };
    try {
      watch();
      for await (const piece of engineAudio(wavChunks(bytesOf(child.stdout)), maxDurationMs)) {
        clearTimeout(hung);
        heard = true;
        yield piece;
        watch();
      }
      const ending = await exited;
      if (failure) throw failure;
      // What it gave before it broke is not all that the file holds.
      if (isBroken(ending, complaint)) throw new FfmpegBroken(said(complaint, ending, file));
      if (!heard) throw refused(file, complaint);
    } catch (error) {
      if (failure || heard || !isSttError(error) || error.code !== "bad_audio") throw failure ?? error;
      // Without a sound, ffmpeg writes no header either.
      const ending = await exited;
      if (failure) throw failure;
      throw isBroken(ending, complaint) ? new FfmpegBroken(said(complaint, ending, file)) : refused(file, complaint);
    } finally {
      clearTimeout(hung);
      signal.removeEventListener("abort", onAbort);
      child.kill("SIGKILL");
      child.stdout.destroy();
      await exited;
    }
  },
};

function start({ path, container, start }: AudioFile): Ffmpeg {
  const limits = ["-protocol_whitelist", "file,pipe,subfile", "-format_whitelist", DEMUXERS];
  // Of a file with something in front all offsets count from where it begins, in MP4 above all.
  const input = start > 0 && container !== "unknown" ? `subfile,,start,${start},end,0,,:${path}` : `file:${path}`;
  const only = ["-map", "0:a:0", "-vn", "-sn", "-dn", "-map_metadata", "-1", "-fflags", "+bitexact"];
  // All channels: they are mixed by the rule that holds for every file.
  const output = ["-ar", String(ENGINE_SAMPLE_RATE), "-c:a", "pcm_f32le", "-f", "wav", "pipe:1"];
  return spawn(
    "ffmpeg",
    [
      ...["-hide_banner", "-nostdin", "-loglevel", "error", "-threads", "1"],
      ...[...limits, "-i", input],
      ...[...only, ...output],
    ],
    {
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env.PATH },
    },
  );
}

/** Ends without an error when the pipe is cut: why it was cut is known elsewhere. */
async function* bytesOf(stream: Readable): AsyncGenerator<Uint8Array> {
  for await (const block of stream) yield block as Buffer;
}

/** There is no ffmpeg on the PATH. */
export class FfmpegMissing extends SttError {
  constructor({ name }: AudioFile) {
    super(
      "unsupported_media",
      `The file is ${name}, which this server reads through ffmpeg, and there is no ffmpeg on its PATH. Install ffmpeg on the server, or send WAV, MP3, FLAC, Ogg Opus or Ogg Vorbis.`,
    );
  }
}

function notStarted(error: NodeJS.ErrnoException, file: AudioFile): SttError {
  if (error.code === "ENOENT") return new FfmpegMissing(file);
  return new FfmpegBroken(error.message);
}

/** The ffmpeg on the PATH does not work: whatever the file is, that is the server's fault. */
export class FfmpegBroken extends SttError {
  /** @param reason for the log */
  constructor(reason: string) {
    super(
      "internal",
      "ffmpeg, which reads files of this kind, does not work on this server. Its operator finds the reason in the log.",
      { cause: new Error(`ffmpeg: ${reason}`) },
    );
  }
}

/** Ended from outside or crashed, never begun by the loader or the shell, or too old for what it is asked. */
function isBroken({ code, killedBy }: Ending, complaint: string): boolean {
  if (killedBy || (code && [126, 127, 255].includes(code))) return true;
  return /while loading shared libraries|Library not loaded|Unrecognized option|Option [^\n]* not found/i.test(
    complaint,
  );
}

function said(complaint: string, { code, killedBy }: Ending, file: AudioFile): string {
  const ending = killedBy ? `ended by ${killedBy}` : `exit code ${code}`;
  return `${complaint.trim().replaceAll(file.path, "the file")} (${ending})`.trim();
}

/** What ffmpeg says, and what that means to the sender of a file. */
const REASONS: readonly [said: RegExp, meaning: string][] = [
  [/matches no streams|does not contain any stream/i, "there is no sound track in it"],
  [/moov atom not found/i, "it ends before its index, as a recording does that was cut off or is still being written"],
  [
    /Decoder .* not found|Unknown decoder|unsupported codec|codec not currently supported/i,
    "the ffmpeg of this server does not know its codec",
  ],
  [/EBML header parsing failed|End of file|Truncat/i, "it ends before its audio begins"],
];

/** @param complaint all that ffmpeg said; its words go into the cause, for the log, and not to the sender */
function refused(file: AudioFile, complaint: string): SttError {
  const meaning = REASONS.find(([said]) => said.test(complaint))?.[1] ?? "it is damaged";
  return bad(file, meaning, complaint.trim().replaceAll(file.path, "the file"));
}

function bad({ name }: AudioFile, reason: string, complaint?: string): SttError {
  const cause = complaint ? new Error(`ffmpeg: ${complaint}`) : undefined;
  return new SttError("bad_audio", `The ${name} file cannot be decoded: ${reason}.`, { cause });
}
