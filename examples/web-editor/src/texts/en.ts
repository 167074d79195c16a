/** Every sentence of the page in English. States, microphone and server failures have theirs in `@stt/core`. */
export const en = {
  title: "Dictation",
  editor: "Dictated text",
  placeholder: "Speak, or type. What you say appears where the caret is.",
  heard: "Recognised",
  tools: "Tools",
  close: "Close",
  dismiss: "Dismiss",

  // Recording
  record: "Record",
  pause: "Pause",
  resume: "Go on",
  retry: "Try again",
  recordLong: "Tap to begin or pause, hold to talk. Key: {key}",
  kept: "{seconds} s kept",

  // Tools
  undo: "Undo",
  redo: "Redo",
  copy: "Copy",
  copyLong: "Copy everything",
  clear: "Clear",
  clearLong: "Clear, for a new text",
  file: "Files",
  fileLong: "Transcribe sound files",
  export: "Export",
  find: "Find",
  findLong: "Find and replace",
  newTextBelow: "New text below",
  newTextAbove: "New text above",
  cleared: "Cleared.",
  copied: "Copied, {count} characters.",
  nothingToCopy: "There is nothing to copy yet.",
  notCopied: "The browser did not let the page copy: select the text and copy it yourself.",
  saved: "Saved {file}.",
  notSaved: "The file could not be made: {reason}",
  draftNotKept: "The browser's storage is full or off, so this text would not survive a reload: export it.",
  counts: "{words} words, {characters} characters",
  words: "{words} words",

  // Formats
  txt: "Text (.txt)",
  md: "Markdown (.md)",
  docx: "Word (.docx)",
  srt: "Subtitles (.srt)",
  vtt: "Subtitles (.vtt)",
  json: "Data with times (.json)",
  exportNoTimes: "Subtitles need something said since the page was opened.",

  // Finding
  notFound: "Nothing found",
  foundOf: "{n} of {of}",
  previous: "Previous",
  next: "Next",
  replaceWith: "Replace with",
  replace: "Replace",
  replaceAll: "All",
  replaced: "Replaced: {count}.",

  // Commands and help
  palette: "Commands",
  help: "Keys and help",
  selectAll: "Select everything",

  // Speech
  microphone: "Microphone",
  systemMicrophone: "System microphone",
  language: "Language of the speech",
  serverLanguage: "As the server is set",
  detect: "Detect",
  key: "Access key",
  useKey: "Use this key",
  model: "model",
  partialsModel: "live text",
  device: "on",
  speech: "speech",
  server: "server",
  latency: "round trip",
  connectingTo: "connecting to {server}, {seconds} s",
  notConnected: "not connected",

  chooseFile: "Choose a sound file",

  // First run
  firstTitle: "Speak, and it is written.",
  firstText: "Half a minute to see that everything is there. What you say goes to this server and nowhere else.",
  stepServer: "The server",
  stepServerBusy: "Connecting to {server}",
  stepModel: "Its model",
  stepWaits: "Known as soon as the server answers.",
  stepMicrophone: "Your microphone",
  stepMicrophoneAsk: "The browser asks once.",
  allow: "Allow the microphone",
  stepSaySomething: "Say something: the line should move.",
  stepHeard: "I hear you.",
  stepRead: "Read this aloud",
  sentence: "Yesterday we walked along the river until the lamps were lit.",
  readHere: "What is heard appears here.",
  readPerfect: "Every word is right.",
  readGood: "{right} of {words} words are right.",
  readPoor:
    "Much of it is different. Come closer to the microphone, choose your language below, or ask for a larger model on the server.",
  startWriting: "Begin to write",
  skip: "Skip",

  // Files
  reading: "Transcribing {file}",
  fileWaits: "{file} is waiting",
  fileDone: "{file}: {words} words, in the history too",
  secondsLeft: "{n} s left",
  minutesLeft: "{n} min left",
  stop: "Stop",
  dropHere: "Drop sound files: they are transcribed while you go on.",

  // Words
  dictionary: "Your words",
  teach: "Teach",
  teachThis: "Teach this word",
  taught: "“{term}” is expected from now on.",
  sayAgain: "“{word}”: say it again to replace it, or",
  selectedWord: "“{word}”:",
  shouldBe: "Instead of “{word}” write",
  corrected: "“{heard}” became “{said}”.",
  remember: "Remember",

  obeyed: "Done: “{command}”.",

  // History
  history: "History",
  insert: "Insert at the caret",

  settings: "Settings",
};

/** Sentences by key. */
export type Texts = typeof en;
