import { integer, seconds } from "../value-types.js";
import { variable } from "../variable.js";

/** What a file sent to the REST interface may cost. */
export const uploadVariables = {
  maxUploadBytes: variable({
    env: "MAX_UPLOAD_BYTES",
    group: "limits",
    type: integer({ min: 1024, max: 8_589_934_592, unit: "bytes" }),
    default: 268_435_456,
    doc: {
      en: "Largest audio file that may be sent for transcription; while it is worked on it lies in the directory for temporary files (TMPDIR).",
      ru: "Наибольший звуковой файл, который можно прислать на распознавание; на время работы он лежит в каталоге для временных файлов (TMPDIR).",
    },
  }),
  maxUploadDurationMs: variable({
    env: "MAX_UPLOAD_DURATION",
    group: "limits",
    type: seconds({ min: 1, max: 86_400 }),
    default: 14_400_000,
    doc: {
      en: "Longest audio of such a file, measured while it is decoded: a small file can contain days of silence.",
      ru: "Наибольшая длительность звука в таком файле; измеряется при декодировании: маленький файл может содержать дни тишины.",
    },
  }),
  maxUploads: variable({
    env: "MAX_UPLOADS",
    group: "limits",
    type: integer({ min: 1, max: 1000 }),
    default: 4,
    doc: {
      en: "Files received or transcribed at the same time; further ones are refused with 503 and Retry-After. Live sessions go before them.",
      ru: "Сколько файлов принимается или распознаётся одновременно; следующие получают отказ 503 с Retry-After. Живые сеансы важнее них.",
    },
  }),
};
