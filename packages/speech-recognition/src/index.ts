/** `@stt/speech-recognition`: the browser's `SpeechRecognition`, on a server of your own. */

export {
  type SpeechRecognitionErrorCode,
  SpeechRecognitionErrorEvent,
  SpeechRecognitionEvent,
} from "./events.js";
export { SpeechGrammar, SpeechGrammarList, SpeechRecognitionPhrase } from "./grammars.js";
export {
  SpeechRecognitionAlternative,
  SpeechRecognitionResult,
  SpeechRecognitionResultList,
} from "./results.js";
export {
  createSpeechRecognition,
  SpeechRecognition,
  type SpeechRecognitionClass,
  type SpeechRecognitionOptions,
} from "./speech-recognition.js";
