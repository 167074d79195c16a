/** Files of other kinds than WAV, by the ffmpeg of this machine. */
import { spawn } from "node:child_process";
import { type AudioSource, ENGINE_SAMPLE_RATE } from "@stt/core";
import { streamSource } from "./stream-source.js";

/**
 * Opens whatever ffmpeg can read.
 *
 * @returns undefined when there is no ffmpeg on the PATH, or it hears nothing in the file
 */
export async function ffmpegSource(path: string): Promise<AudioSource | undefined> {
  // Local files only: a playlist in disguise may name others.
  const input = ["-protocol_whitelist", "file,pipe", "-i", `file:${path}`, "-map", "0:a:0", "-map_metadata", "-1"];
  const output = [
    "-fflags",
    "+bitexact",
    "-ar",
    String(ENGINE_SAMPLE_RATE),
    "-c:a",
    "pcm_s16le",
    "-f",
    "wav",
    "pipe:1",
  ];
  const child = spawn("ffmpeg", ["-hide_banner", "-nostdin", "-loglevel", "quiet", ...input, ...output], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  // Its output ends then, which is told apart below.
  child.on("error", () => {});
  try {
    const source = await streamSource(child.stdout, { name: path });
    return {
      ...source,
      close: async () => {
        child.kill();
        await source.close();
      },
    };
  } catch {
    child.kill();
    return undefined;
  }
}
