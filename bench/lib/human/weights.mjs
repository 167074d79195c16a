/** The weights that people are heard with. */
import { createRequire } from "node:module";
import path from "node:path";

/** `WHISPER_MODEL` where it is a path, or the model that comes with the repository. @throws when there is neither */
export function weights() {
  const named = process.env.WHISPER_MODEL;
  if (named?.includes(path.sep)) return path.resolve(named);
  try {
    const manifest = createRequire(import.meta.url).resolve("@stt/model-whisper-base/package.json");
    return path.join(path.dirname(manifest), "ggml-base-q8_0.bin");
  } catch {
    throw new Error("There is no model of people's voices here: set WHISPER_MODEL to the path of a Whisper model.");
  }
}
