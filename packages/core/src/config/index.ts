/** `@stt/core/config`: every variable of the system, and how a configuration is made of them. */
export { beamsFor } from "./beams.js";
export { checkDotenv, createConfig, type Environment, type LoadedConfig, loadConfig } from "./env.js";
export { languageSchema, languagesSchema } from "./language-schema.js";
export {
  LANGUAGE_RULE,
  MAX_LANGUAGES,
  normalizeLanguage,
  normalizeLanguageChoice,
  readLanguage,
  readLanguages,
  WHISPER_LANGUAGES,
} from "./languages.js";
export {
  canonicalModelName,
  EMBEDDED_MODEL,
  isModelName,
  isModelPath,
  TEST_MODEL,
  WHISPER_MODELS,
} from "./model-names.js";
export { type Config, type ConfigKey, configSchema, VARIABLES } from "./schema.js";
export { FALSE_WORDS, type Localized, TRUE_WORDS, type Unit, type ValueType } from "./value-types.js";
export { type Audience, GROUPS, type Variable, type VariableGroup } from "./variable.js";
export type { AudioContext } from "./variables/engine.js";
export { listOf } from "./variables/security.js";
export type { Beams } from "./variables/transcription.js";
