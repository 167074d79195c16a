/**
 * `@stt/core/document`: a text that is typed and dictated at the same time. A subpath, because only editors need it and
 * because it takes `Intl.Segmenter`.
 */
export { graphemesOf, isSimple } from "./graphemes.js";
export type { EditKind } from "./history.js";
export { type Motion, TextDocument, type TextRange } from "./text-document.js";
export type { UtteranceText } from "./utterance-region.js";
