// @ts-check
/// <reference path="./worklet-globals.d.ts" />
/**
 * The part of the microphone that runs on the audio thread. It only collects: resampling happens on the page's thread, where a
 * late collector's garbage costs no audible gap. JavaScript, because this very file is inlined into the bundle as text and
 * also shipped as it is, for pages whose policy forbids inlined scripts.
 *
 * To the page: Float32Arrays of mono samples, then `null` after the last one. From the page: used arrays come back to be
 * filled again, so that the audio thread allocates nothing once it runs; `null` asks for the end.
 */
class CaptureProcessor extends AudioWorkletProcessor {
  /** @param {AudioWorkletNodeOptions} options */
  constructor(options) {
    super();
    /** @type {number} */
    this.chunkSamples = options.processorOptions.chunkSamples;
    /** @type {Float32Array<ArrayBuffer>[]} */
    this.spare = [];
    /** @type {Float32Array<ArrayBuffer>} */
    this.chunk = new Float32Array(this.chunkSamples);
    this.filled = 0;
    this.running = true;
    this.port.onmessage = ({ data }) => {
      if (data) this.spare.push(data);
      else this.end();
    };
  }

  /** @param {Float32Array[][]} inputs */
  process(inputs) {
    // Without a device there is no channel: what was not recorded is not made up.
    const samples = inputs[0]?.[0];
    if (this.running && samples) this.take(samples);
    return this.running;
  }

  /** @param {Float32Array} samples */
  take(samples) {
    for (let i = 0; i < samples.length; i++) {
      this.chunk[this.filled++] = /** @type {number} */ (samples[i]);
      if (this.filled < this.chunkSamples) continue;
      this.port.postMessage(this.chunk, [this.chunk.buffer]);
      this.chunk = this.spare.pop() ?? new Float32Array(this.chunkSamples);
      this.filled = 0;
    }
  }

  end() {
    if (!this.running) return;
    this.running = false;
    if (this.filled > 0) this.port.postMessage(this.chunk.slice(0, this.filled));
    this.port.postMessage(null);
  }
}

registerProcessor("stt-capture", CaptureProcessor);
