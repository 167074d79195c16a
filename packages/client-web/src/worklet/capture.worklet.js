// @ts-check
/// <reference path="./worklet-globals.d.ts" />
/**
 * The part of the microphone that runs on the audio thread. It only collects: resampling happens on the page's thread, where a
 * late collector's garbage costs no audible gap. JavaScript, because this very file is inlined into the bundle as text and
 * also shipped as it is, for pages whose policy forbids inlined scripts.
 *
 * To the page: `{ samples, channels }`, a Float32Array with the samples of each channel after those of the one before, then `null`
 * after the last one. From the page: used arrays come back to be filled again, so that the audio thread allocates nothing once it
 * runs; `null` asks for the end. The page mixes: a mean of two channels would be silence where they are of opposite polarity.
 */
class CaptureProcessor extends AudioWorkletProcessor {
  /** @param {AudioWorkletNodeOptions} options */
  constructor(options) {
    super();
    /** @type {number} of each channel */
    this.chunkSamples = options.processorOptions.chunkSamples;
    /** @type {Float32Array<ArrayBuffer>[]} */
    this.spare = [];
    this.channels = 1;
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
    const input = inputs[0];
    if (this.running && input && input.length > 0) this.take(input);
    return this.running;
  }

  /** @param {Float32Array[]} input */
  take(input) {
    if (input.length !== this.channels) {
      this.sendRest();
      this.channels = input.length;
      this.chunk = new Float32Array(this.chunkSamples * this.channels);
    }
    const { length } = /** @type {Float32Array} */ (input[0]);
    for (let i = 0; i < length; i++) {
      for (let channel = 0; channel < this.channels; channel++) {
        const samples = /** @type {Float32Array} */ (input[channel]);
        this.chunk[channel * this.chunkSamples + this.filled] = /** @type {number} */ (samples[i]);
      }
      this.filled++;
      if (this.filled === this.chunkSamples) this.send();
    }
  }

  send() {
    this.port.postMessage({ samples: this.chunk, channels: this.channels }, [this.chunk.buffer]);
    const size = this.chunkSamples * this.channels;
    let next = this.spare.pop();
    // Of a device with another number of channels.
    while (next && next.length !== size) next = this.spare.pop();
    this.chunk = next ?? new Float32Array(size);
    this.filled = 0;
  }

  /** What does not fill a chunk. */
  sendRest() {
    if (this.filled === 0) return;
    const samples = new Float32Array(this.filled * this.channels);
    for (let channel = 0; channel < this.channels; channel++) {
      const from = channel * this.chunkSamples;
      samples.set(this.chunk.subarray(from, from + this.filled), channel * this.filled);
    }
    this.port.postMessage({ samples, channels: this.channels });
    this.filled = 0;
  }

  end() {
    if (!this.running) return;
    this.running = false;
    this.sendRest();
    this.port.postMessage(null);
  }
}

registerProcessor("stt-capture", CaptureProcessor);
