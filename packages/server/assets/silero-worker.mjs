// @ts-check
/**
 * The thread that runs Silero VAD. `session.run` of onnxruntime-node is a synchronous native call behind a promise
 * (microsoft/onnxruntime#19611): on the main thread it would hold up every socket.
 *
 * It owns the recurrent state of every slot. The main thread fills the shared rows, posts their number, and leaves the
 * buffers alone until the answer; one batch is under way at a time.
 *
 * @typedef {object} WorkerData
 * @property {string} modelPath
 * @property {number} maxBatch
 * @property {SharedArrayBuffer} frames float32 [maxBatch, 512]: one frame per row
 * @property {SharedArrayBuffer} slots int32 [maxBatch]: whose state the row continues
 * @property {SharedArrayBuffer} fresh uint8 [maxBatch]: 1 where the slot starts from a clean state
 * @property {SharedArrayBuffer} probabilities float32 [maxBatch]: the answer
 */
import { readFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { InferenceSession, Tensor } from "onnxruntime-node";

const FRAME = 512;
/** Silero v5 and v6 want the 64 preceding samples in front of each frame and, without them, silently hear no speech. */
const CONTEXT = 64;
const WIDTH = CONTEXT + FRAME;
/** The model's state is [2, batch, 128]. */
const LAYER = 128;
const STATE = 2 * LAYER;
/** One slot of the slab: the state, then the context. */
const SLOT = STATE + CONTEXT;

const port = /** @type {import("node:worker_threads").MessagePort} */ (parentPort);
const data = /** @type {WorkerData} */ (workerData);
const frames = new Float32Array(data.frames);
const slots = new Int32Array(data.slots);
const fresh = new Uint8Array(data.fresh);
const probabilities = new Float32Array(data.probabilities);

// ONNX Runtime takes no shared memory, hence the copies; the tensors of every batch size are views of these buffers.
const input = new Float32Array(data.maxBatch * WIDTH);
const stateIn = new Float32Array(data.maxBatch * STATE);
const stateOut = new Float32Array(data.maxBatch * STATE);
const output = new Float32Array(data.maxBatch);
const rate = new Tensor("int64", BigInt64Array.of(16000n), []);
let slab = new Float32Array(256 * SLOT);

/** @type {{ feeds: Record<string, Tensor>, fetches: Record<string, Tensor> }[]} */
const tensorsBySize = [];

/** @param {number} count */
function tensorsFor(count) {
  tensorsBySize[count] ??= {
    feeds: {
      input: new Tensor("float32", input.subarray(0, count * WIDTH), [count, WIDTH]),
      state: new Tensor("float32", stateIn.subarray(0, count * STATE), [2, count, LAYER]),
      sr: rate,
    },
    fetches: {
      output: new Tensor("float32", output.subarray(0, count), [count, 1]),
      stateN: new Tensor("float32", stateOut.subarray(0, count * STATE), [2, count, LAYER]),
    },
  };
  return tensorsBySize[count];
}

/** @param {number} slot */
function makeRoomFor(slot) {
  if ((slot + 1) * SLOT <= slab.length) return;
  const larger = new Float32Array(Math.max(slab.length * 2, (slot + 1) * SLOT));
  larger.set(slab);
  slab = larger;
}

/**
 * Copies without `set(subarray())`: a typed array view per row and copy would be the only garbage on this path.
 *
 * @param {Float32Array} from
 * @param {number} start
 * @param {Float32Array} to
 * @param {number} at
 * @param {number} length
 */
function copy(from, start, to, at, length) {
  for (let i = 0; i < length; i++) to[at + i] = /** @type {number} */ (from[start + i]);
}

/** @param {number} count */
function gather(count) {
  for (let row = 0; row < count; row++) {
    const slot = /** @type {number} */ (slots[row]);
    makeRoomFor(slot);
    const base = slot * SLOT;
    if (fresh[row]) slab.fill(0, base, base + SLOT);
    copy(slab, base, stateIn, row * LAYER, LAYER);
    copy(slab, base + LAYER, stateIn, (count + row) * LAYER, LAYER);
    copy(slab, base + STATE, input, row * WIDTH, CONTEXT);
    copy(frames, row * FRAME, input, row * WIDTH + CONTEXT, FRAME);
  }
}

/** @param {number} count */
function scatter(count) {
  for (let row = 0; row < count; row++) {
    const base = /** @type {number} */ (slots[row]) * SLOT;
    copy(stateOut, row * LAYER, slab, base, LAYER);
    copy(stateOut, (count + row) * LAYER, slab, base + LAYER, LAYER);
    copy(frames, row * FRAME + FRAME - CONTEXT, slab, base + STATE, CONTEXT);
    probabilities[row] = /** @type {number} */ (output[row]);
  }
}

/** @param {unknown} error */
function fail(error) {
  port.postMessage(error instanceof Error ? error.message : String(error));
}

try {
  const session = await InferenceSession.create(readFileSync(data.modelPath), {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: "sequential",
    // One memory plan per batch size, for up to 128 sizes, would only hold memory.
    enableMemPattern: false,
    logSeverityLevel: 3,
  });
  // A number asks for that many rows; anything else asks to end.
  port.on("message", async (/** @type {unknown} */ count) => {
    if (typeof count !== "number") {
      await session.release();
      port.close();
      return;
    }
    try {
      gather(count);
      const { feeds, fetches } = tensorsFor(count);
      await session.run(feeds, fetches);
      scatter(count);
      port.postMessage(count);
    } catch (error) {
      fail(error);
    }
  });
  port.postMessage(0);
} catch (error) {
  fail(error);
}
