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
  F5  сказанное раньше
  Ctrl+C  скопировать выделенное; без него выйти, как Ctrl+Q
  Ctrl+Q  выход, текст сохранится            мышь        выделить и скопировать

Скажите отдельно или после короткой паузы:
  удали это, отмени, верни, выдели всё, скопируй, стоп
  запятая, точка, новая строка, абзац; «слово запятая» напишет слово`,
  obeyed: "Сделано: {command} (Ctrl+Z вернёт)",
  notTerminal: "stt-editor нужен терминал: запустите без каналов или возьмите mic-stream.",
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
};

const TEXTS: Record<Locale, typeof en> = { en, ru };

export function textsOf(locale: Locale): Texts {
  return { ...sharedTexts(locale), ...TEXTS[locale] };
}
