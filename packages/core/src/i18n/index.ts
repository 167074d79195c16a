/** Words for people, English and Russian. */
export { type Failure, failureText } from "./failure-texts.js";
export { type Locale, localeOf, millisecondsText } from "./locale.js";
export { type MicrophoneProblem, microphoneText } from "./microphone-texts.js";
export { type StateKey, type StateView, stateKeyOf, stateWord } from "./state-words.js";
