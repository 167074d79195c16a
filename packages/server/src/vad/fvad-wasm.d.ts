declare module "@echogarden/fvad-wasm" {
  /** The C interface of libfvad (https://github.com/dpirch/libfvad) as Emscripten exports it; pointers are numbers. */
  export interface Fvad {
    /** Replaced when the memory grows: read it anew at every use. */
    readonly HEAP16: Int16Array;
    _malloc(bytes: number): number;
    _free(pointer: number): void;
    /** 0 when memory is exhausted. */
    _fvad_new(): number;
    _fvad_free(handle: number): void;
    /** Also puts mode and sample rate back to their defaults, 0 and 8000. */
    _fvad_reset(handle: number): void;
    /** @returns 0, or -1 for a mode other than 0..3. */
    _fvad_set_mode(handle: number, mode: number): number;
    /** @returns 0, or -1 for a rate other than 8000, 16000, 32000 or 48000. */
    _fvad_set_sample_rate(handle: number, hertz: number): number;
    /** @returns 1 for speech, 0 for none, -1 for a length that is not 10, 20 or 30 ms. */
    _fvad_process(handle: number, samples: number, length: number): number;
  }
  export default function fvad(): Promise<Fvad>;
}
