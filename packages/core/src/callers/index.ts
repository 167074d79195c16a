/**
 * `@stt/core/callers`: how the packages of this SDK deal with what callers hand in. Values are checked at once, functions are called
 * safely. No part of the public interface.
 */
export {
  abortSignal,
  audioFormat,
  bytesOf,
  callback,
  checkArgument,
  checkOptions,
  checkSource,
  type OptionShape,
  SESSION_SHAPE,
  timerMs,
} from "./arguments.js";
export { callSafely, type FailureReport, reportUncaught } from "./caller-code.js";
export { type Field, flag, isObject, ms, oneOf, text, within } from "./fields.js";
export { ListenerSet } from "./listener-set.js";
