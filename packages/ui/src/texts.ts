/** The sentences that pages share. States, microphone and server failures have theirs in `@stt/core`. */
import type { Locale } from "@stt/core";
import type { Theme } from "./preferences.js";

interface UiTexts {
  pageLanguage: string;
  themes: Record<Theme, string>;
  milliseconds: string;
  seconds: string;
  megabytes: string;
  gigabytes: string;
  percent: string;
  /** A server with keys, to somebody who has given none. */
  keyWanted: string;
  /** The microphone's switch is off, as the system says. */
  muted: string;
  /** It says nothing of the kind, and yet nothing comes. */
  silent: string;
  /** The model that only tests use. */
  testModel: string;
  endedByServer: string;
  away: string;
  awayWithLoss: string;
  /** After it was away. */
  lost: string;
  reconnecting: string;
}

export const UI_TEXTS: Record<Locale, UiTexts> = {
  en: {
    pageLanguage: "Language of the page",
    themes: { system: "Colours: as the system", light: "Colours: light", dark: "Colours: dark" },
    milliseconds: "{n} ms",
    seconds: "{n} s",
    megabytes: "{n} MB",
    gigabytes: "{n} GB",
    percent: "{n} %",
    keyWanted: "This server wants an access key: enter the one that you were given.",
    muted: "The microphone is switched off: look for its switch, or a call that holds it.",
    silent:
      "Nothing at all has come from the microphone for {seconds} s: look for its switch, or choose another microphone.",
    testModel: "This server runs on its test model, which knows few words: whoever runs it can set WHISPER_MODEL=base.",
    endedByServer: "The server's operator has ended this session. What was said before is written; Record begins anew.",
    away: "{server} does not answer; next try in {seconds} s. Go on speaking: nothing is lost.",
    awayWithLoss:
      "{server} does not answer; next try in {seconds} s. {lost} s of what was said are lost, the latest {kept} s are kept.",
    lost: "{seconds} s of what was said are lost: the connection was away for too long. Say it again.",
    reconnecting: "Reconnecting",
  },
  ru: {
    pageLanguage: "Язык страницы",
    themes: { system: "Цвета: как в системе", light: "Цвета: светлые", dark: "Цвета: тёмные" },
    milliseconds: "{n} мс",
    seconds: "{n} с",
    megabytes: "{n} МБ",
    gigabytes: "{n} ГБ",
    percent: "{n} %",
    keyWanted: "Сервер требует ключ доступа: введите тот, который вам дали.",
    muted: "Микрофон выключен: проверьте его выключатель или звонок, который его занял.",
    silent: "Микрофон уже {seconds} с не передаёт ни звука: проверьте его выключатель или выберите другой микрофон.",
    testModel: "Сервер работает на тестовой модели, она знает мало слов: его владелец может задать WHISPER_MODEL=base.",
    endedByServer: "Оператор сервера завершил этот сеанс. Сказанное до этого записано; «Записать» начнёт новый.",
    away: "{server} не отвечает; следующая попытка через {seconds} с. Говорите дальше: ничего не потеряется.",
    awayWithLoss:
      "{server} не отвечает; следующая попытка через {seconds} с. Потеряно {lost} с сказанного, последние {kept} с сохранены.",
    lost: "Потеряно {seconds} с сказанного: связи не было слишком долго. Повторите это.",
    reconnecting: "Переподключение",
  },
};
