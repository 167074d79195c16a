import { VAD_FRAME_SAMPLES } from "@stt/core";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { assetPath } from "../../src/vad/assets.js";

/**
 * Silero as its authors run it (`OnnxWrapper` in snakers4/silero-vad `utils_vad.py`), one frame after the other.
 *
 * @param contextSamples how many samples before each frame the model sees; 64 is right
 */
export async function referenceProbabilities(audio: Float32Array, contextSamples = 64): Promise<number[]> {
  const session = await InferenceSession.create(assetPath("silero_vad_v6.onnx"), { intraOpNumThreads: 1 });
  const padded = new Float32Array(contextSamples + audio.length);
  padded.set(audio, contextSamples);
  const width = contextSamples + VAD_FRAME_SAMPLES;
  const sr = new Tensor("int64", BigInt64Array.of(16000n), []);
  let state = new Tensor("float32", new Float32Array(256), [2, 1, 128]);
  const probabilities: number[] = [];
  for (let at = 0; at + width <= padded.length; at += VAD_FRAME_SAMPLES) {
    const input = new Tensor("float32", padded.slice(at, at + width), [1, width]);
    const { output, stateN } = await session.run({ input, state, sr });
    probabilities.push((output!.data as Float32Array)[0]!);
    state = stateN as typeof state;
  }
  await session.release();
  return probabilities;
}
