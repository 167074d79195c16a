/**
 * Model files with the shapes of OpenAI's Whisper models and weights that nobody trained: what they cost to load and to compute is
 * the same, and the real ones need not be downloaded. They hear nothing: every text is the same {@link TOKENS} words.
 */
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { open, stat } from "node:fs/promises";
import path from "node:path";
import { nativePaths } from "../../packages/server/scripts/build-native.mjs";

/** Width, heads, layers of the encoder, layers of the decoder, mel bands, vocabulary (openai/whisper, `model.py`). */
export const SHAPES = {
  tiny: [384, 6, 4, 4, 80, 51_865],
  base: [512, 8, 6, 6, 80, 51_865],
  small: [768, 12, 12, 12, 80, 51_865],
  medium: [1024, 16, 24, 24, 80, 51_865],
  "large-v3-turbo": [1280, 20, 32, 4, 128, 51_866],
  "large-v3": [1280, 20, 32, 32, 128, 51_866],
};

/** Text tokens of every decode: what four seconds of Russian take. English takes fewer. */
export const TOKENS = 20;

const AUDIO_CONTEXT = 1500;
const TEXT_CONTEXT = 448;
const FFT_BINS = 201;
const TEXT_VOCABULARY = 50_257;
const END_OF_TEXT = 50_257;
const ENGLISH = 50_259;
/** Start of transcript, language, task: where the text begins. */
const PROMPT_TOKENS = 3;
const FIRST_WORD = 1000;
/** whisper.cpp asks for these by their text. */
const LOOKED_UP = [" ", " -", " '"];
/** A position of the decoder outweighs all that its layers add. */
const POSITION_WEIGHT = 200;
const F32 = 0;
const F16 = 1;
const ONE_AS_F16 = 0x3c00;

/** Which token follows position `i`: the dimension `i` of the width stands for it. */
const SEQUENCE = [
  ENGLISH,
  ...Array.from({ length: PROMPT_TOKENS - 2 + TOKENS }, (_, i) => FIRST_WORD + i),
  END_OF_TEXT,
];

/** @param {keyof typeof SHAPES} shape @returns the path of the file, which is kept in the cache directory */
export async function shapedModel(shape) {
  const folder = path.join(path.dirname(nativePaths().directory), "..", "shapes");
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `ggml-${shape}-untrained.bin`);
  if (existsSync(file)) return file;
  const part = `${file}.${process.pid}.part`;
  const handle = await open(part, "w");
  try {
    await write(new Sink(handle), SHAPES[shape]);
  } finally {
    await handle.close();
  }
  renameSync(part, file);
  return file;
}

export const megabytes = async (file) => (await stat(file)).size / 2 ** 20;

async function write(sink, [width, heads, encoderLayers, decoderLayers, bands, vocabulary]) {
  await sink.int32s(0x67676d6c, vocabulary, AUDIO_CONTEXT, width, heads, encoderLayers);
  await sink.int32s(TEXT_CONTEXT, width, heads, decoderLayers, bands, F16);
  await sink.int32s(bands, FFT_BINS);
  await sink.bytes(Buffer.from(new Float32Array(bands * FFT_BINS).fill(1 / FFT_BINS).buffer));
  await sink.int32s(TEXT_VOCABULARY);
  const tokens = [];
  for (let i = 0; i < TEXT_VOCABULARY; i++) {
    const text = Buffer.from(LOOKED_UP[i] ?? ` w${i}`);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.length);
    tokens.push(length, text);
  }
  await sink.bytes(Buffer.concat(tokens));

  await sink.tensor("encoder.positional_embedding", [width, AUDIO_CONTEXT], { f32: 0.01 });
  await sink.tensor("encoder.conv1.weight", [3, bands, width]);
  await sink.tensor("encoder.conv1.bias", [1, width], { f32: 0 });
  await sink.tensor("encoder.conv2.weight", [3, width, width]);
  await sink.tensor("encoder.conv2.bias", [1, width], { f32: 0 });
  for (let i = 0; i < encoderLayers; i++) await block(sink, `encoder.blocks.${i}`, width, ["attn"]);
  await norm(sink, "encoder.ln_post", width);

  const positions = new Float32Array(TEXT_CONTEXT * width);
  for (let i = 0; i < TEXT_CONTEXT; i++) positions[i * width + Math.min(i, SEQUENCE.length - 1)] = POSITION_WEIGHT;
  await sink.tensor("decoder.positional_embedding", [width, TEXT_CONTEXT], { f32: positions });
  const embedding = sink.noise(vocabulary * width);
  for (let token = 0; token < vocabulary; token++) embedding.fill(0, token * width, token * width + SEQUENCE.length);
  for (const [i, token] of SEQUENCE.entries()) embedding[token * width + i] = ONE_AS_F16;
  await sink.tensor("decoder.token_embedding.weight", [width, vocabulary], { f16: embedding });
  for (let i = 0; i < decoderLayers; i++) await block(sink, `decoder.blocks.${i}`, width, ["attn", "cross_attn"]);
  await norm(sink, "decoder.ln", width);
}

async function block(sink, name, width, attentions) {
  for (const attention of attentions) {
    await norm(sink, `${name}.${attention}_ln`, width);
    for (const part of ["query", "key", "value", "out"]) {
      await sink.tensor(`${name}.${attention}.${part}.weight`, [width, width]);
      if (part !== "key") await sink.tensor(`${name}.${attention}.${part}.bias`, [width], { f32: 0 });
    }
  }
  await norm(sink, `${name}.mlp_ln`, width);
  await sink.tensor(`${name}.mlp.0.weight`, [width, 4 * width]);
  await sink.tensor(`${name}.mlp.0.bias`, [4 * width], { f32: 0 });
  await sink.tensor(`${name}.mlp.2.weight`, [4 * width, width]);
  await sink.tensor(`${name}.mlp.2.bias`, [width], { f32: 0 });
}

async function norm(sink, name, width) {
  await sink.tensor(`${name}.weight`, [width], { f32: 1 });
  await sink.tensor(`${name}.bias`, [width], { f32: 0 });
}

/** ggml's file format, as `whisper_model_load` of whisper.cpp reads it. */
class Sink {
  /** Halves between 2^-9 and 2^-6 of either sign. Their number is a prime, so that the rows of a tensor do not repeat. */
  #noise = new Uint16Array(1_048_573);

  constructor(handle) {
    this.handle = handle;
    let state = 1;
    for (let i = 0; i < this.#noise.length; i++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      this.#noise[i] = ((state >>> 31) << 15) | ((6 + ((state >>> 29) % 3)) << 10) | ((state >>> 16) & 0x3ff);
    }
  }

  noise(count) {
    const values = new Uint16Array(count);
    for (let at = 0; at < count; at += this.#noise.length) {
      values.set(this.#noise.subarray(0, Math.min(this.#noise.length, count - at)), at);
    }
    return values;
  }

  int32s(...values) {
    return this.bytes(Buffer.from(Int32Array.from(values).buffer));
  }

  async bytes(bytes) {
    await this.handle.writeFile(bytes);
  }

  /** Without `f16` or `f32` it is filled with noise. @param dimensions innermost first */
  async tensor(name, dimensions, { f16, f32 } = {}) {
    const count = dimensions.reduce((product, dimension) => product * dimension);
    const text = Buffer.from(name);
    await this.int32s(dimensions.length, text.length, f32 === undefined ? F16 : F32, ...dimensions);
    await this.bytes(text);
    const floats = typeof f32 === "number" ? new Float32Array(count).fill(f32) : f32;
    const values = floats ?? f16 ?? this.noise(count);
    await this.bytes(Buffer.from(values.buffer, values.byteOffset, values.byteLength));
  }
}
