import { type FileHandle, open } from "node:fs/promises";
import { messageOf, SttError } from "@stt/core";
import { FileCursor, UnexpectedEnd } from "./file-cursor.js";

/** What the header of a ggml Whisper model says. */
export interface ModelFileInfo {
  path: string;
  sizeBytes: number;
  vocabularySize: number;
  multilingual: boolean;
  audioContext: number;
  audioLayers: number;
  textLayers: number;
  melBands: number;
  /** ggml's number of the weight format: 0 f32, 1 f16, 7 q8_0 and so on. */
  ftype: number;
}

const MAGIC = 0x67676d6c;
/** Vocabularies of this size and above know more than English. */
const MULTILINGUAL_VOCABULARY = 51_865;
/** Header files add this to `ftype` per revision of the quantisation format. */
const QUANTISATION_FACTOR = 1000;

/** Elements and bytes of one block of each tensor type that whisper.cpp can hold, by ggml's number. */
const BLOCKS: Record<number, readonly [elements: number, bytes: number]> = {
  0: [1, 4],
  1: [1, 2],
  2: [32, 18],
  3: [32, 20],
  6: [32, 22],
  7: [32, 24],
  8: [32, 34],
  10: [256, 84],
  11: [256, 110],
  12: [256, 144],
  13: [256, 176],
  14: [256, 210],
  30: [1, 2],
};

/** Other things that end up under a model's name, by their first bytes. */
const LOOKALIKES: readonly (readonly [start: string, what: string])[] = [
  ["GGUF", "a GGUF file, which whisper.cpp does not read"],
  ["version https://git-lfs", "a Git LFS pointer instead of the file itself"],
  ["<", "a web page, probably the error page of a failed download"],
  ["PK", "a ZIP archive, perhaps a PyTorch checkpoint"],
];

/**
 * Checks a model file without loading it: a damaged one would crash the native loader or be found out only after a long read.
 *
 * Walks the header, the mel filters, the vocabulary and every tensor's header, skipping the weights, which takes a few
 * milliseconds and finds any missing or surplus byte. Format: `whisper_model_load` in whisper.cpp v1.9.1.
 *
 * @throws SttError `model_not_found`, `bad_model` or `io_error`
 */
export async function checkModelFile(path: string): Promise<ModelFileInfo> {
  const file = await openModel(path);
  try {
    const stat = await file.stat();
    if (!stat.isFile()) {
      throw new SttError(
        "model_not_found",
        `The model path ${path} is not a file: give the path of a ggml model file.`,
      );
    }
    return await walk(path, new FileCursor(file, stat.size));
  } catch (error) {
    if (error instanceof UnexpectedEnd) {
      throw bad(path, `is truncated: it has ${error.sizeBytes} bytes and should have at least ${error.neededBytes}`);
    }
    throw error;
  } finally {
    await file.close();
  }
}

async function openModel(path: string): Promise<FileHandle> {
  try {
    return await open(path, "r");
  } catch (error) {
    const missing = ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");
    if (missing) {
      throw new SttError("model_not_found", `There is no model file ${path}: check the path or pull the model.`, {
        cause: error,
      });
    }
    throw new SttError("io_error", `The model file ${path} cannot be opened: ${messageOf(error)}.`, { cause: error });
  }
}

async function walk(path: string, cursor: FileCursor): Promise<ModelFileInfo> {
  const start = await cursor.peek(32);
  if (start.length < 4 || start.readUInt32LE(0) !== MAGIC) {
    const lookalike = LOOKALIKES.find(([prefix]) => start.toString("latin1").startsWith(prefix));
    throw bad(path, `is ${lookalike ? lookalike[1] : "not a ggml model (its first four bytes are wrong)"}`);
  }
  cursor.skip(4);

  const [
    vocabularySize,
    audioContext,
    audioState,
    audioHeads,
    audioLayers,
    textContext,
    textState,
    textHeads,
    textLayers,
    melBands,
    rawFtype,
  ] = (await cursor.int32s(11)) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]; // prettier-ignore
  const plausible: readonly (readonly [name: string, value: number, least: number, most: number])[] = [
    ["n_vocab", vocabularySize, 1_000, 200_000],
    ["n_audio_ctx", audioContext, 1, 1_500],
    ["n_audio_state", audioState, 1, 8_192],
    ["n_audio_head", audioHeads, 1, 256],
    ["n_audio_layer", audioLayers, 1, 128],
    ["n_text_ctx", textContext, 1, 4_096],
    ["n_text_state", textState, 1, 8_192],
    ["n_text_head", textHeads, 1, 256],
    ["n_text_layer", textLayers, 1, 128],
    ["n_mels", melBands, 1, 256],
  ];
  for (const [name, value, least, most] of plausible) {
    if (value < least || value > most) throw bad(path, `has an impossible header: ${name} is ${value}`);
  }

  const [filterBands, filterBins] = (await cursor.int32s(2)) as [number, number];
  if (filterBands !== melBands || filterBins < 1 || filterBins > 10_000) {
    throw bad(path, `has impossible mel filters: ${filterBands} x ${filterBins} for ${melBands} bands`);
  }
  cursor.skip(filterBands * filterBins * 4);

  const [words] = (await cursor.int32s(1)) as [number];
  if (words < 1 || words > vocabularySize) throw bad(path, `has an impossible vocabulary of ${words} words`);
  for (let word = 0; word < words; word++) {
    const [length] = (await cursor.int32s(1)) as [number];
    if (length < 0 || length > 65_536) throw bad(path, `has a word of ${length} bytes in its vocabulary`);
    cursor.skip(length);
  }

  await walkTensors(path, cursor, 11 + 15 * audioLayers + 24 * textLayers);
  return {
    path,
    sizeBytes: cursor.sizeBytes,
    vocabularySize,
    multilingual: vocabularySize >= MULTILINGUAL_VOCABULARY,
    audioContext,
    audioLayers,
    textLayers,
    melBands,
    ftype: rawFtype % QUANTISATION_FACTOR,
  };
}

async function walkTensors(path: string, cursor: FileCursor, expected: number): Promise<void> {
  for (let tensor = 0; tensor < expected; tensor++) {
    const [dimensions, nameLength, type] = (await cursor.int32s(3)) as [number, number, number];
    const block = BLOCKS[type];
    if (dimensions < 1 || dimensions > 4 || nameLength < 1 || nameLength > 256 || !block) {
      throw bad(
        path,
        `is damaged at byte ${cursor.position}: tensor ${tensor + 1} of ${expected} has an impossible header`,
      );
    }
    const shape = await cursor.int32s(dimensions);
    const elements = shape.reduce((product, size) => product * size, 1);
    if (shape.some((size) => size < 1) || elements > 2 ** 40) {
      throw bad(path, `is damaged at byte ${cursor.position}: tensor ${tensor + 1} has the shape ${shape.join(" x ")}`);
    }
    cursor.skip(nameLength + (elements / block[0]) * block[1]);
  }
  cursor.checkInside();
  const surplus = cursor.sizeBytes - cursor.position;
  if (surplus > 0) throw bad(path, `has ${surplus} bytes after its last tensor`);
}

function bad(path: string, what: string): SttError {
  return new SttError("bad_model", `The model file ${path} ${what}. Fetch it again or choose another model.`);
}
