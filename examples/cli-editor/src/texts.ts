/** Every sentence of the editor, English and Russian. States have their words in core's `i18n`. */
import { type SharedTexts, sharedTexts } from "@stt/client-node/cli";
import type { Locale } from "@stt/core";

const en = {
  about: "A text editor that you speak into. Speech goes in at the caret.",
  file: "text file to edit",
  speechFile: "take speech from a WAV file, not a microphone",
  noAutoCopy: "do not copy each finished sentence",
  noSpokenCommands: 'write "delete that" and "comma" as words',
  draft: "go on with the text of last time",
  keys: `Keys:
  F1  speak, stop; or hold   Ctrl+Z, Ctrl+Y  undo, redo
  F2  open the kept draft    Ctrl+A          select all
  F3  copy everything        Ctrl+S          save the file
  F4  this help              F5              what was said before
                             F6              your words and replacements
  Ctrl+C  copy the selection; without one, quit as Ctrl+Q does
  Ctrl+Q  quit; the text is kept             mouse drag  select and copy

Say by itself, or after a short pause:
  delete that, undo, redo, select all, copy, stop listening
  comma, full stop, new line, new paragraph; "literal comma" writes the word`,
  obeyed: "Done: {command} (Ctrl+Z takes it back)",
  notTerminal: "stt-editor needs a terminal: run it without pipes, or use mic-stream.",
  oneFile: "Name one file at most.",
  notText: "{file} is not a text file in UTF-8.",
  notPlain: "{file} is a folder, a pipe or a device, not a file to edit.",
  unreadable: "{file} cannot be read: {reason}.",
  hint: "F1 speak",
  hintMore: "F3 copy all",
  hintHelp: "F4 help",
  hintQuit: "Ctrl+Q quit",
  draftOffer: "F2 opens the draft of {when}",
  draftOpened: "Draft opened",
  noDraft: "There is no draft",
  draftKept: "The text is kept: {command} opens it.",
  copied: "Copied, {count} characters",
  notCopied: "Not copied: there is no clipboard here",
  tooLongToCopy: "Not copied: too long for the terminal",
  nothingToCopy: "Nothing to copy yet",
  saved: "Saved {file}",
  changedOnDisk: "{file} was changed elsewhere: Ctrl+S again overwrites it",
  noFile: "No file was named; the text is kept as a draft",
  notSaved: "Not saved: {reason}",
  draftNotSaved: "The draft cannot be kept: {reason}",
  nothingToUndo: "Nothing to undo",
  nothingToRedo: "Nothing to redo",
  noAnswer: "no answer from {server}, you can go on speaking",
  noMicrophone: "connect one, then press F1",
  finishing: "Ctrl+Q again quits at once",
  helpTitle: "Help: any key goes back",
  historyTitle: "Said before: Enter writes it at the caret, Ctrl+C copies, Esc goes back",
  historySearch: "Type to search",
  historyEmpty: "Nothing was said yet.",
  historyNotFound: "Nothing with these letters was said.",
  noHistory: "There is no history: it was switched off with --no-history",
  noHistoryFlag: "do not keep what is said for the next time",
  historyNotKept: "The history cannot be kept: {reason}",
  historyNotRead: "The history cannot be read: {reason}",
  firstRunFlag: "check server, microphone and a sentence once more",
  firstTitle: "Speak, and it is written.",
  firstText: "Half a minute to see that everything is there. What you say goes to this server and nowhere else.",
  firstServer: "The server",
  firstServerBusy: "asking {server}",
  firstServerSilent: "{server} does not answer ({reason}): {remedy}. It is asked again by itself.",
  firstServerStranger:
    "{server} answers, but not as a speech server (HTTP {status}): name another with --url or SERVER_HOST.",
  firstServerKey: "{server} asks for a key: {remedy}.",
  firstModel: "Its model",
  firstModelWaits: "known as soon as the server answers",
  firstModelTest: "{model} is for tests and knows few words: whoever runs the server can set WHISPER_MODEL=base.",
  firstMicrophone: "Your microphone",
  firstMicrophoneBusy: "opening it",
  firstMicrophoneDefault: "{name}, the one your system prefers",
  firstSaySomething: "Say something: the bars should rise.",
  firstHeard: "I hear you.",
  firstSilent: "Nothing is heard: choose another with the arrow keys, or turn it up in the system's sound settings.",
  firstRead: "Read this aloud",
  firstSentence: "Yesterday we walked along the river until the lamps were lit.",
  firstReadHere: "What is heard appears here.",
  firstPerfect: "Every word is right.",
  firstGood: "{right} of {words} words are right.",
  firstPoor:
    "Much of it is different: come closer to the microphone, choose another, or ask for a larger model on the server. F1 listens anew.",
  firstBegin: "Enter begin to write",
  firstRetry: "Enter try again",
  firstSkip: "Esc skip",
  firstOther: "↑↓ another microphone",
  firstAgain: "F1 read again",
  firstNotKept: "The first run will be shown again, because it cannot be remembered: {reason}",
  vocabularyFile: "your words in this file, not in one that is kept for you",
  replaceFile: "your replacements in this file (text or .csv)",
  wordsTitle: "Your words and replacements: Enter adds or changes, Delete deletes, Esc goes back",
  wordsAdd: "Type a line: “Kubernetes, cooper netties” or “my address = 12 High Street\\nLondon”",
  wordsEmpty: "No words yet: of names and terms, write how they are spelt, and after commas how they are heard.",
  lineNotUnderstood: "This is no word of at most 64 characters, and no “said = written”.",
  tooManyWords: "There is no room for more: 500 of each, 50 patterns, 40,000 characters.",
  badPattern: "The server cannot read this pattern: {reason}.",
  wordsNotKept: "The list cannot be kept: {reason}",
  wordsUnreadable: "Your words cannot be read: {reason}.",
};

/** Sentences by key. */
export type Texts = SharedTexts & typeof en;

const ru: typeof en = {
  about: "Текстовый редактор, в который говорят. Речь появляется у курсора.",
  file: "текстовый файл",
  speechFile: "брать речь из WAV-файла, а не с микрофона",
  noAutoCopy: "не копировать каждое готовое предложение",
  noSpokenCommands: "писать «удали это» и «запятая» словами",
  draft: "продолжить прошлый текст",
  keys: `Клавиши:
  F1  говорить, остановить   Ctrl+Z, Ctrl+Y  отменить, вернуть
      или держать, говоря    Ctrl+A          выделить всё
  F2  открыть черновик       Ctrl+S          сохранить файл
  F3  скопировать всё        F4              эта справка
  F5  сказанное раньше       F6              ваши слова и замены
  Ctrl+C  скопировать выделенное; без него выйти, как Ctrl+Q
  Ctrl+Q  выход, текст сохранится            мышь        выделить и скопировать

Скажите отдельно или после короткой паузы:
  удали это, отмени, верни, выдели всё, скопируй, стоп
  запятая, точка, новая строка, абзац; «слово запятая» напишет слово`,
  obeyed: "Сделано: {command} (Ctrl+Z вернёт)",
  notTerminal: "stt-editor нужен терминал: запустите его без перенаправлений или возьмите mic-stream.",
  oneFile: "Укажите не больше одного файла.",
  notText: "{file} - не текст в UTF-8.",
  notPlain: "{file} - папка, канал или устройство, а не файл для правки.",
  unreadable: "{file} не читается: {reason}.",
  hint: "F1 говорить",
  hintMore: "F3 скопировать всё",
  hintHelp: "F4 справка",
  hintQuit: "Ctrl+Q выход",
  draftOffer: "F2 откроет черновик от {when}",
  draftOpened: "Черновик открыт",
  noDraft: "Черновика нет",
  draftKept: "Текст сохранён: {command} откроет его.",
  copied: "Скопировано, знаков: {count}",
  notCopied: "Не скопировано: буфера обмена здесь нет",
  tooLongToCopy: "Не скопировано: слишком длинно для терминала",
  nothingToCopy: "Копировать пока нечего",
  saved: "Сохранён {file}",
  changedOnDisk: "{file} изменён другой программой: ещё раз Ctrl+S перезапишет",
  noFile: "Файл не назван; текст хранится как черновик",
  notSaved: "Не сохранено: {reason}",
  draftNotSaved: "Черновик не сохраняется: {reason}",
  nothingToUndo: "Отменять нечего",
  nothingToRedo: "Возвращать нечего",
  noAnswer: "{server} не отвечает, можно говорить дальше",
  noMicrophone: "подключите его и нажмите F1",
  finishing: "ещё раз Ctrl+Q - выйти сразу",
  helpTitle: "Справка: любая клавиша вернёт к тексту",
  historyTitle: "Сказанное раньше: Enter вставит, Ctrl+C скопирует, Esc вернёт к тексту",
  historySearch: "Печатайте, чтобы искать",
  historyEmpty: "Пока ничего не сказано.",
  historyNotFound: "С такими буквами ничего не сказано.",
  noHistory: "Истории нет: она выключена ключом --no-history",
  noHistoryFlag: "не хранить сказанное до следующего раза",
  historyNotKept: "История не сохраняется: {reason}",
  historyNotRead: "История не читается: {reason}",
  firstRunFlag: "ещё раз проверить сервер, микрофон и одну фразу",
  firstTitle: "Говорите, и появится текст.",
  firstText: "Полминуты, чтобы проверить, что всё на месте. Ваша речь уходит на этот сервер и больше никуда.",
  firstServer: "Сервер",
  firstServerBusy: "жду ответа от {server}",
  firstServerSilent: "{server} не отвечает ({reason}): {remedy}. Дальше проверяю сам.",
  firstServerStranger:
    "{server} отвечает, но это не сервер распознавания (HTTP {status}): укажите другой через --url или SERVER_HOST.",
  firstServerKey: "{server} требует ключ: {remedy}.",
  firstModel: "Модель",
  firstModelWaits: "станет известна, когда сервер ответит",
  firstModelTest:
    "{model} годится только для тестов, она знает мало слов: владелец сервера может задать WHISPER_MODEL=base.",
  firstMicrophone: "Микрофон",
  firstMicrophoneBusy: "открываю",
  firstMicrophoneDefault: "{name}, выбран системой",
  firstSaySomething: "Скажите что-нибудь: столбики должны подняться.",
  firstHeard: "Слышу вас.",
  firstSilent: "Ничего не слышно: выберите другой стрелками или прибавьте громкость микрофона в настройках звука.",
  firstRead: "Прочитайте вслух",
  firstSentence: "Вчера мы гуляли вдоль реки, пока не зажглись фонари.",
  firstReadHere: "Здесь появится услышанное.",
  firstPerfect: "Все слова верны.",
  firstGood: "Верных слов: {right} из {words}.",
  firstPoor:
    "Многое услышано не так: говорите ближе к микрофону, выберите другой или попросите на сервере модель побольше. F1 слушает заново.",
  firstBegin: "Enter начать писать",
  firstRetry: "Enter ещё раз",
  firstSkip: "Esc пропустить",
  firstOther: "↑↓ другой микрофон",
  firstAgain: "F1 прочитать заново",
  firstNotKept: "Первый запуск повторится: запомнить его не удалось: {reason}",
  vocabularyFile: "ваши слова в этом файле, а не в том, что хранится для вас",
  replaceFile: "ваши замены в этом файле (текст или .csv)",
  wordsTitle: "Ваши слова и замены: Enter добавит или изменит, Delete удалит, Esc вернёт к тексту",
  wordsAdd: "Наберите строку: «Кубернетис, кубер нетис» или «мой адрес = Лесная, 5\\nТверь»",
  wordsEmpty: "Слов пока нет: пишите имена и термины, а после запятых то, как они слышатся.",
  lineNotUnderstood: "Это не слово до 64 знаков и не «сказано = написано».",
  tooManyWords: "Больше не помещается: по 500, из них 50 шаблонов, вместе 40 000 знаков.",
  badPattern: "Сервер не может прочесть шаблон: {reason}.",
  wordsNotKept: "Список не сохраняется: {reason}",
  wordsUnreadable: "Ваши слова не читаются: {reason}.",
};

const TEXTS: Record<Locale, typeof en> = { en, ru };

export function textsOf(locale: Locale): Texts {
  return { ...sharedTexts(locale), ...TEXTS[locale] };
}
