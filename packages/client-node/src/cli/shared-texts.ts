/** Sentences that all programs in the terminal share, English and Russian. States have their words in core's `i18n`. */
import type { Locale } from "@stt/core";

const en = {
  url: "server, such as ws://host:8012 (default: SERVER_HOST)",
  language: "auto, a code such as en, or several: en,ru",
  device: "microphone: number or name from `mic-stream devices`",
  help: "show this help",
  version: "show the version",
  examples: "Examples:",
  usage: "Usage:",
  options: "Options:",
  arguments: "Arguments:",
  commands: "Commands:",
  optionsPlace: "[options]",
  commandPlace: "[command]",
  unreachable: "start it there, or name another server with --url or SERVER_HOST",
  capacity: "try again later, or name another server with --url or SERVER_HOST",
  unauthorized: "put a valid token into STT_TOKEN, in the environment or in .env",
  badLanguage:
    "--language {value}: not a language that Whisper knows. Give auto, a code such as en or pt-BR, or several: en,ru.",
  unknownOption: "There is no option {what}.",
  missingValue: "The option {what} needs a value.",
  seeHelp: "See {program} --help.",
  dropped: "{seconds} s of sound were lost: this computer is too busy.",
  /** What comes before an error's own sentence, which is English everywhere. */
  reasons: {} as Readonly<Record<string, string>>,
};

/** Sentences by key. */
export type SharedTexts = typeof en;

const ru: SharedTexts = {
  url: "сервер, например ws://host:8012 (иначе SERVER_HOST)",
  language: "auto, код, например ru, или несколько: en,ru",
  device: "микрофон: номер или имя из `mic-stream devices`",
  help: "показать эту справку",
  version: "показать версию",
  examples: "Примеры:",
  usage: "Использование:",
  options: "Параметры:",
  arguments: "Аргументы:",
  commands: "Команды:",
  optionsPlace: "[параметры]",
  commandPlace: "[команда]",
  unreachable: "запустите его или укажите другой сервер через --url или SERVER_HOST",
  capacity: "попробуйте позже или укажите другой сервер через --url или SERVER_HOST",
  unauthorized: "задайте действующий ключ в STT_TOKEN, в окружении или в .env",
  badLanguage:
    "--language {value}: такого языка Whisper не знает. Нужно auto, код, например ru или pt-BR, или несколько: en,ru.",
  unknownOption: "Нет параметра {what}.",
  missingValue: "Параметру {what} нужно значение.",
  seeHelp: "Справка: {program} --help.",
  dropped: "{seconds} с звука потеряно: компьютер слишком занят.",
  reasons: {
    connection_failed: "Нет связи с сервером",
    timeout: "Сервер не отвечает",
    unauthorized: "Сервер не принял ключ",
    capacity: "Сервер занят",
    io_error: "Файл не читается",
    bad_audio: "Файл не подходит",
    microphone_unavailable: "Микрофон недоступен",
    invalid_config: "Неверная настройка",
  },
};

const TEXTS: Record<Locale, SharedTexts> = { en, ru };

export function sharedTexts(locale: Locale): SharedTexts {
  return TEXTS[locale];
}
