import * as z from "zod/mini";
import { choice, integer, seconds, type ValueType } from "../value-types.js";
import { variable } from "../variable.js";

/** Encoder positions: as many as the audio needs, the model's whole window, or a number of them (50 a second). */
export type AudioContext = "auto" | "full" | number;

const audioContext: ValueType<AudioContext> = {
  schema: z.union([z.literal("auto"), z.literal("full"), z.number().check(z.int(), z.minimum(64), z.maximum(1500))]),
  parse: (text) => (/^\d+$/.test(text) ? Number(text) : text.toLowerCase()),
  format: String,
  allowed: {
    en: "auto, full or a whole number from 64 to 1500",
    ru: "auto, full или целое число от 64 до 1500",
  },
};

/** Which engine decodes, where, and with how much of the machine. */
export const engineVariables = {
  engine: variable({
    env: "ENGINE",
    group: "engine",
    type: choice("whisper.cpp", "remote"),
    default: "whisper.cpp",
    doc: {
      en: "The recogniser: whisper.cpp on this machine, or remote, any OpenAI-compatible API at REMOTE_URL. A program that embeds the server can pass its own instead.",
      ru: "Распознаватель: whisper.cpp на этой машине или remote, любой совместимый с OpenAI API по адресу REMOTE_URL. Программа, в которую встроен сервер, может передать вместо него свой.",
    },
  }),
  engineIsolation: variable({
    env: "ENGINE_ISOLATION",
    group: "engine",
    type: choice("process", "in-process"),
    default: "process",
    doc: {
      en: "process runs inference in a supervised child process, so that a crash there costs no session; in-process saves memory and suits tests.",
      ru: "process выполняет распознавание в дочернем процессе под присмотром, и его сбой не рвёт сеансы; in-process экономит память и подходит для тестов.",
    },
  }),
  whisperThreads: variable({
    env: "WHISPER_THREADS",
    group: "engine",
    type: integer({ min: 0, max: 256, zero: { en: "all cores", ru: "все ядра" } }),
    default: 0,
    doc: {
      en: "Threads of one decoding. Threads times INFERENCE_LANES should not exceed the cores.",
      ru: "Потоки одного распознавания. Потоки, умноженные на INFERENCE_LANES, не должны превышать число ядер.",
    },
  }),
  inferenceLanes: variable({
    env: "INFERENCE_LANES",
    group: "engine",
    type: integer({ min: 0, max: 64, zero: { en: "chosen for device and model", ru: "выбор по устройству и модели" } }),
    default: 0,
    doc: {
      en: "Decodings that run at the same time. Chosen on a CPU: one lane a core for models up to tiny, one lane with all cores for larger ones; on a GPU two.",
      ru: "Одновременные распознавания. Выбор на CPU: по линии на ядро для моделей до tiny, одна линия со всеми ядрами для больших; на GPU две.",
    },
  }),
  inferenceTimeoutMs: variable({
    env: "INFERENCE_TIMEOUT",
    group: "engine",
    type: seconds({ min: 1, max: 3600 }),
    default: 60_000,
    doc: {
      en: "A decoding that takes longer than this, plus ten times the length of its audio, hangs: its inference process is replaced and it runs once more.",
      ru: "Распознавание, которое длится дольше этого времени и ещё десяти длин своего звука, зависло: процесс распознавания заменяется, и оно выполняется ещё раз.",
    },
  }),
  finalAudioContext: variable({
    env: "FINAL_AUDIO_CONTEXT",
    group: "engine",
    type: audioContext,
    default: "auto",
    live: true,
    doc: {
      en: "Encoder window of final texts, 50 positions a second: auto fits it to the audio, full is the model's 30 s (slowest on a CPU, safest).",
      ru: "Окно кодировщика для окончательных текстов, 50 позиций в секунду: auto подгоняет его под звук, full занимает все 30 с модели (на CPU медленнее всего, но надёжнее).",
    },
  }),
  partialAudioContext: variable({
    env: "PARTIAL_AUDIO_CONTEXT",
    group: "engine",
    type: audioContext,
    default: "auto",
    live: true,
    doc: {
      en: "The same for live texts.",
      ru: "То же для живых текстов.",
    },
  }),
};
