/** What went wrong, and what to do about it, for people. */
import type { SttErrorCode } from "../errors.js";
import type { Locale } from "./locale.js";
import { isMicrophoneProblem, type MicrophoneProblem, microphoneText } from "./microphone-texts.js";

/** The little of an error that decides the sentence; an `SttError` is one. */
export interface Failure {
  code: string;
  /** English, for what has no sentence here. */
  message: string;
  /** Of a microphone that cannot be used. */
  problem?: MicrophoneProblem;
}

type Texts = Readonly<Partial<Record<SttErrorCode, string>>>;

const TEXTS: Record<Locale, Texts> = {
  en: {
    connection_failed: "The server cannot be reached: check the network and that the server runs, then try again.",
    timeout: "The server does not answer: check that it is not overloaded, then try again.",
    capacity: "The server is full: try again when somebody else has finished.",
    rate_limited: "The server wants fewer requests: wait a minute, then try again.",
    unauthorized: "The server wants an access key, and this is not one of its keys: enter yours, then try again.",
    forbidden: "The server does not let this key or this page transcribe: ask whoever runs it.",
    unsupported_protocol: "The page and the server are of different versions: reload the page.",
    protocol_error: "The page and the server do not understand each other: reload the page.",
    bad_audio: "This file holds no sound that the browser can read: choose a WAV, MP3, M4A, OGG or FLAC file.",
    too_large: "This is more than the server takes at once: send it in parts.",
    buffer_overflow: "Some of what was said is lost: the connection was away or too slow for too long.",
    engine_failed: "The server could not transcribe this: say it again.",
    internal: "Something in the program failed: try again, and tell whoever runs the server if it stays.",
  },
  ru: {
    connection_failed: "Нет связи с сервером: проверьте сеть и что сервер запущен, и попробуйте снова.",
    timeout: "Сервер не отвечает: проверьте, не перегружен ли он, и попробуйте снова.",
    capacity: "Сервер занят: попробуйте, когда кто-нибудь закончит.",
    rate_limited: "Слишком много запросов к серверу: подождите минуту и попробуйте снова.",
    unauthorized: "Сервер требует ключ доступа, а этот ему не подходит: введите свой и попробуйте снова.",
    forbidden: "Сервер не разрешает распознавание этому ключу или этой странице: обратитесь к его владельцу.",
    unsupported_protocol: "Страница и сервер разных версий: обновите страницу.",
    protocol_error: "Страница и сервер не понимают друг друга: обновите страницу.",
    bad_audio: "В этом файле нет звука, который понимает браузер: выберите WAV, MP3, M4A, OGG или FLAC.",
    too_large: "Это больше, чем сервер принимает за раз: отправьте по частям.",
    buffer_overflow: "Часть сказанного потеряна: связи не было или она слишком долго была слишком медленной.",
    engine_failed: "Сервер не смог распознать сказанное: повторите.",
    internal: "В программе произошёл сбой: попробуйте снова, а если не пройдёт, сообщите владельцу сервера.",
  },
};

/** One sentence: what is wrong, and the remedy. English from the error itself where there is none in the reader's language. */
export function failureText({ code, message, problem }: Failure, locale: Locale): string {
  if (isMicrophoneProblem(problem)) return microphoneText(problem, locale);
  return (TEXTS[locale] as Readonly<Record<string, string>>)[code] ?? message;
}
