/** Which model names exist. Which of them are on disk is the server's business. */

/** Comes with the server, in a package of its own: needs no download. */
export const EMBEDDED_MODEL = "base";

/** For the tests of a clone of the repository: knows synthetic voices in a small domain and nothing else. Not published. */
export const TEST_MODEL = "micro";

/** Names of Whisper models, as in the original system and in whisper.cpp's collection; see {@link canonicalModelName} for the aliases. */
export const WHISPER_MODELS = [
  "tiny",
  "tiny.en",
  "base",
  "base.en",
  "small",
  "small.en",
  "medium",
  "medium.en",
  "large",
  "large-v1",
  "large-v2",
  "large-v3",
  "large-v3-turbo",
  "turbo",
] as const;

/** Names that mean another name. */
const ALIASES: Readonly<Record<string, string>> = { large: "large-v3", turbo: "large-v3-turbo" };

const QUANTISATION = /-q[458]_[01]$/;

/** Whether a model setting is the path of a file rather than a name: it has a slash or ends in `.bin`. */
export function isModelPath(model: string): boolean {
  return /[/\\]/.test(model) || model.toLowerCase().endsWith(".bin");
}

/** Whether a name is one that can be resolved: a Whisper model, possibly quantised (`medium-q5_0`), or the tests' own. */
export function isModelName(model: string): boolean {
  const base = model.replace(QUANTISATION, "");
  return model === TEST_MODEL || (WHISPER_MODELS as readonly string[]).includes(base);
}

/** The name under which a model's file lies: `large` is `large-v3`, `turbo-q5_0` is `large-v3-turbo-q5_0`; others are themselves. */
export function canonicalModelName(model: string): string {
  const base = model.replace(QUANTISATION, "");
  return (ALIASES[base] ?? base) + model.slice(base.length);
}
