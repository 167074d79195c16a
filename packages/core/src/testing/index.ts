/** Fakes of everything core has a seam for, so that an application can test without audio, models or time. */
export { FakeClock, settle } from "./fake-clock.js";
export { type FakeAnswer, FakeEngine, type FakeEngineCall, type FakeEngineOptions } from "./fake-engine.js";
export { FakeVad, type FakeVadOptions } from "./fake-vad.js";
export { type MemoryMessage, MemorySocket, memorySocketFactory } from "./memory-socket.js";
export {
  concatSamples,
  noiseSamples,
  type SampleOptions,
  seededRandom,
  silenceSamples,
  toneSamples,
} from "./samples.js";
