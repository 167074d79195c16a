/** The words for states, in one place for terminal, browser and editor. */
import type { SttErrorCode } from "../errors.js";
import type { Locale } from "./locale.js";
import type { MicrophoneProblem } from "./microphone-texts.js";

/** Every state a person is told of. */
export type StateKey =
  | "idle"
  | "connecting"
  | "connected"
  | "listening"
  | "hearing"
  | "finishing"
  | "paused"
  | "reconnecting"
  | "microphone_blocked"
  | "no_microphone"
  | "server_full"
  | "closed"
  | "failed";

const WORDS: Record<Locale, Record<StateKey, string>> = {
  en: {
    idle: "Ready",
    connecting: "Connecting",
    connected: "Connected - speak",
    listening: "Listening",
    hearing: "Hearing you",
    finishing: "Finishing",
    paused: "Paused",
    reconnecting: "Reconnecting, nothing is lost",
    microphone_blocked: "Microphone blocked",
    no_microphone: "No microphone",
    server_full: "Server full, retrying in {seconds} s",
    closed: "Closed",
    failed: "Failed",
  },
  ru: {
    idle: "Готов",
    connecting: "Подключается",
    connected: "Подключён - говорите",
    listening: "Слушаю",
    hearing: "Слышу вас",
    finishing: "Дописываю",
    paused: "Пауза",
    reconnecting: "Переподключение, ничего не потеряно",
    microphone_blocked: "Нет доступа к микрофону",
    no_microphone: "Микрофон не найден",
    server_full: "Сервер занят, повтор через {seconds} с",
    closed: "Закрыто",
    failed: "Ошибка",
  },
};

/** The little of a client's snapshot that decides the word. */
export interface StateView {
  status:
    | "idle"
    | "connecting"
    | "connected"
    | "listening"
    | "finishing"
    | "paused"
    | "reconnecting"
    | "closed"
    | "failed";
  isSpeaking: boolean;
  /** The planned attempt, if one is awaited, and why. */
  reconnect: { nextDelayMs: number; code: SttErrorCode } | null;
  /** Why the status is `failed`: a microphone that is missing or forbidden has words of its own. */
  error?: { code: string; problem?: MicrophoneProblem } | null;
}

/** Which state a snapshot shows. */
export function stateKeyOf(view: StateView): StateKey {
  if (view.reconnect?.code === "capacity") return "server_full";
  if (view.status === "listening" && view.isSpeaking) return "hearing";
  if (view.status === "failed" && view.error?.problem) return microphoneKeyOf(view.error.problem);
  return view.status;
}

function microphoneKeyOf(problem: MicrophoneProblem): StateKey {
  switch (problem) {
    case "denied":
    case "insecure":
      return "microphone_blocked";
    case "not_found":
    case "lost":
    case "busy":
      return "no_microphone";
    case "unsupported":
    case "needs_gesture":
    case "worklet_blocked":
      return "failed";
  }
}

/** The word for a state. @param seconds for `server_full`: until the next attempt */
export function stateWord(key: StateKey, locale: Locale, seconds = 0): string {
  return WORDS[locale][key].replace("{seconds}", String(seconds));
}
