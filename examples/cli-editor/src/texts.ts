/** Every sentence of the editor, English and Russian. States have their words in core's `i18n`. */
import type { Locale } from "@stt/core";

const en = {
  help: `Usage: stt-editor [options] [FILE]

A text editor that you speak into. Speech goes in at the caret.

Options:
  --url <url>        server, such as ws://host:8012 (default: SERVER_HOST and DATA_PORT)
  --token <token>    access token (default: STT_TOKEN)
  --language <code>  auto or a code such as en, ru (default: the server's)
  --device <n>       microphone, by its number in \`mic-stream devices\`
  --file <wav>       take speech from a WAV file instead of a microphone
  --no-auto-copy     do not copy each finished sentence
  --draft            go on with the text of last time
  -h, --help         show this help

Keys:
  F1  speak, stop            Ctrl+Z, Ctrl+Y  undo, redo
  F2  open the kept draft    Ctrl+A          select all
  F3  copy everything        Ctrl+S          save FILE
  Ctrl+Q, Ctrl+C  quit; the text is kept     mouse drag  select and copy

Examples:
  stt-editor notes.txt
  stt-editor --file samples/en_paragraph_1.wav
  SERVER_HOST=gpu-box stt-editor --language ru
`,
  notTerminal: "stt-editor needs a terminal: run it without pipes, or use mic-stream.",
  unknownOption: "There is no option {what}.",
  missingValue: "The option {what} needs a value.",
  oneFile: "Name one file at most.",
  badLanguage: "--language must be auto or a code such as en or ru.",
  badDevice: "--device must be a number that `mic-stream devices` shows.",
  seeHelp: "See stt-editor --help.",
  notText: "{file} is not a text file in UTF-8.",
  unreadable: "{file} cannot be read: {reason}.",
  hint: "F1 speak",
  hintMore: "F3 copy all",
  hintQuit: "Ctrl+Q quit",
  draftOffer: "F2 opens the draft of {when}",
  draftOpened: "Draft opened",
  noDraft: "There is no draft",
  draftKept: "The text is kept: {command} opens it.",
  copied: "Copied, {count} characters",
  nothingToCopy: "Nothing to copy yet",
  saved: "Saved {file}",
  noFile: "No file was named; the text is kept as a draft",
  notSaved: "Not saved: {reason}",
  draftNotSaved: "The draft cannot be kept: {reason}",
  nothingToUndo: "Nothing to undo",
  nothingToRedo: "Nothing to redo",
  noAnswer: "no answer from {server}, you can go on speaking",
  noMicrophone: "connect one, then press F1",
  dropped: "{seconds} s of sound were lost: this computer is too busy",
  finishing: "Ctrl+Q again quits at once",
  /** What comes before an error's own sentence, which is English everywhere. */
  reasons: {} as Readonly<Record<string, string>>,
};

/** Sentences by key. */
export type Texts = typeof en;

const ru: Texts = {
  help: `Использование: stt-editor [параметры] [ФАЙЛ]

Текстовый редактор, в который говорят. Речь появляется у курсора.

Параметры:
  --url <url>        сервер, например ws://host:8012 (иначе SERVER_HOST и DATA_PORT)
  --token <ключ>     ключ доступа (иначе STT_TOKEN)
  --language <код>   auto или код: ru, en и т. д. (иначе язык сервера)
  --device <n>       микрофон по номеру из \`mic-stream devices\`
  --file <wav>       брать речь из WAV-файла, а не с микрофона
  --no-auto-copy     не копировать каждое готовое предложение
  --draft            продолжить прошлый текст
  -h, --help         показать эту справку

Клавиши:
  F1  говорить, остановить   Ctrl+Z, Ctrl+Y  отменить, вернуть
  F2  открыть черновик       Ctrl+A          выделить всё
  F3  скопировать всё        Ctrl+S          сохранить ФАЙЛ
  Ctrl+Q, Ctrl+C  выход, текст сохранится    мышь        выделить и скопировать

Примеры:
  stt-editor notes.txt
  stt-editor --file samples/ru_paragraph_1.wav
  SERVER_HOST=gpu-box stt-editor --language ru
`,
  notTerminal: "stt-editor нужен терминал: запустите без каналов или возьмите mic-stream.",
  unknownOption: "Нет параметра {what}.",
  missingValue: "Параметру {what} нужно значение.",
  oneFile: "Укажите не больше одного файла.",
  badLanguage: "--language: нужно auto или код, например ru или en.",
  badDevice: "--device: нужен номер из `mic-stream devices`.",
  seeHelp: "Справка: stt-editor --help.",
  notText: "{file} - не текст в UTF-8.",
  unreadable: "{file} не читается: {reason}.",
  hint: "F1 говорить",
  hintMore: "F3 скопировать всё",
  hintQuit: "Ctrl+Q выход",
  draftOffer: "F2 откроет черновик от {when}",
  draftOpened: "Черновик открыт",
  noDraft: "Черновика нет",
  draftKept: "Текст сохранён: {command} откроет его.",
  copied: "Скопировано, знаков: {count}",
  nothingToCopy: "Копировать пока нечего",
  saved: "Сохранён {file}",
  noFile: "Файл не назван; текст хранится как черновик",
  notSaved: "Не сохранено: {reason}",
  draftNotSaved: "Черновик не сохраняется: {reason}",
  nothingToUndo: "Отменять нечего",
  nothingToRedo: "Возвращать нечего",
  noAnswer: "{server} не отвечает, можно говорить дальше",
  noMicrophone: "подключите его и нажмите F1",
  dropped: "{seconds} с звука потеряно: компьютер слишком занят",
  finishing: "ещё раз Ctrl+Q - выйти сразу",
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

export function textsOf(locale: Locale): Texts {
  return locale === "ru" ? ru : en;
}
