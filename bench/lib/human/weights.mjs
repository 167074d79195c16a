/** The weights that people are heard with. */
import path from "node:path";
import { path as bundled } from "@stt/model-whisper-base";

/** `WHISPER_MODEL` where it is a path, or the model that comes with the repository. */
export function weights() {
  const named = process.env.WHISPER_MODEL;
  return named?.includes(path.sep) ? path.resolve(named) : bundled;
}
