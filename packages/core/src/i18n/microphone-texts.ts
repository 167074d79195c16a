/** Why there is no microphone, and what to do about it, for people. */
import { checkArgument } from "../callers/arguments.js";
import { oneOf } from "../callers/fields.js";
import type { Locale } from "./locale.js";

/**
 * Why a microphone cannot be used:
 *
 * - `denied`: the person or a policy said no
 * - `not_found`: there is none
 * - `busy`: another program holds it, or the system refuses
 * - `lost`: it went away while it was in use
 * - `insecure`: the page is not on https (or localhost)
 * - `unsupported`: the browser cannot record
 * - `needs_gesture`: the browser wants a click or a key press first
 * - `worklet_blocked`: the page's Content-Security-Policy forbids the capture script
 */
export type MicrophoneProblem =
  | "denied"
  | "not_found"
  | "busy"
  | "lost"
  | "insecure"
  | "unsupported"
  | "needs_gesture"
  | "worklet_blocked";

const TEXTS: Record<Locale, Record<MicrophoneProblem, string>> = {
  en: {
    denied: "The microphone is blocked for this page: allow it in the browser's address bar, then try again.",
    not_found: "No microphone was found: connect one, then try again.",
    busy: "The microphone cannot be opened: close other programs that use it, then try again.",
    lost: "The microphone is gone: connect it again or choose another one.",
    insecure: "Browsers give the microphone to secure pages only: open this page over https or on localhost.",
    unsupported: "This browser cannot record sound: use a current Chrome, Edge, Firefox or Safari.",
    needs_gesture: "The browser begins to listen only after a click or a key press: press the button again.",
    worklet_blocked:
      "The page's Content-Security-Policy blocks the capture script: serve capture.worklet.js and pass its address as workletUrl.",
  },
  ru: {
    denied: "Микрофон запрещён для этой страницы: разрешите его в адресной строке браузера и попробуйте снова.",
    not_found: "Микрофон не найден: подключите его и попробуйте снова.",
    busy: "Микрофон не открывается: закройте программы, которые его используют, и попробуйте снова.",
    lost: "Микрофон пропал: подключите его снова или выберите другой.",
    insecure: "Браузер даёт микрофон только защищённым страницам: откройте эту страницу по https или на localhost.",
    unsupported: "Этот браузер не умеет записывать звук: нужен современный Chrome, Edge, Firefox или Safari.",
    needs_gesture: "Браузер начинает слушать только после нажатия: нажмите кнопку ещё раз.",
    worklet_blocked:
      "Политика безопасности страницы (CSP) запрещает скрипт записи: разместите capture.worklet.js и передайте его адрес в workletUrl.",
  },
};

const PROBLEM = oneOf(...(Object.keys(TEXTS.en) as MicrophoneProblem[]));
const LOCALE = oneOf<Locale>("en", "ru");

/** Errors of callers may have a field of that name. */
export function isMicrophoneProblem(value: unknown): value is MicrophoneProblem {
  return PROBLEM.is(value);
}

/** One sentence: what is wrong, and the remedy. @throws SttError `invalid_argument` for a problem or a language that is none */
export function microphoneText(problem: MicrophoneProblem, locale: Locale): string {
  checkArgument("microphoneText", problem, PROBLEM);
  checkArgument("microphoneText", locale, LOCALE);
  return TEXTS[locale][problem];
}
