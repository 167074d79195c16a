/** `@stt/client-node/cli`: what programs in a terminal share. */

export { explainMicrophone } from "../diagnosis/audio-checks.js";
export { doctorTexts } from "../diagnosis/doctor-texts.js";
export { fill } from "../diagnosis/finding.js";
export { askHttp } from "../diagnosis/http-probe.js";
export { type Clipboard, type CopyOutcome, osc52, terminalClipboard } from "../terminal/clipboard.js";
export { breaksOf, Layout, type Row } from "../terminal/layout.js";
export { LevelMeter } from "../terminal/level-meter.js";
export { type Status, statusLine } from "../terminal/status-line.js";
export { cut, printable, TAB_COLUMNS, widthAt, widthOf } from "../terminal/width.js";
export { checkPatterns, type PatternFault } from "./check-patterns.js";
export {
  type CommandLineContext,
  createCommandLine,
  EXIT,
  reportFailure,
  usageError,
} from "./command-line.js";
export { localeFrom, type Output, readDotenv } from "./context.js";
export { errorSentence } from "./error-sentence.js";
export { addLanguageOption, addServerOption, connectionOf, deviceOf, type ServerOptions } from "./server-options.js";
export { type SharedTexts, sharedTexts } from "./shared-texts.js";
export { writeFileWhole } from "./whole-file.js";
