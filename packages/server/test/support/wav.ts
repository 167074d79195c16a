import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const samplesDirectory = fileURLToPath(new URL("../../../../samples/", import.meta.url));

/** The names of all WAV files in `samples/`, sorted. */
export function sampleNames(): string[] {
  return readdirSync(samplesDirectory)
    .filter((name) => name.endsWith(".wav"))
    .sort();
}

/** Reads a file of `samples/`: 16-bit mono at 16 kHz, which is all that lies there. @returns samples in [-1, 1). */
export function readSample(name: string): Float32Array {
  const file = readFileSync(samplesDirectory + name);
  let format: Buffer | undefined;
  for (let at = 12; at + 8 <= file.length; ) {
    const id = file.toString("latin1", at, at + 4);
    const size = file.readUInt32LE(at + 4);
    const body = file.subarray(at + 8, at + 8 + size);
    if (id === "fmt ") format = body;
    if (id === "data") {
      const [channels, rate, bits] = [format?.readUInt16LE(2), format?.readUInt32LE(4), format?.readUInt16LE(14)];
      if (channels !== 1 || rate !== 16000 || bits !== 16)
        throw new Error(`${name}: ${channels} ch, ${rate} Hz, ${bits}`);
      return Float32Array.from({ length: body.length >> 1 }, (_, i) => body.readInt16LE(2 * i) / 32768);
    }
    at += 8 + size + (size & 1);
  }
  throw new Error(`${name}: no data`);
}
