import type { Localized, ValueType } from "./value-types.js";

/** Sections of the documentation and of `.env.example`, in their order. */
export const GROUPS = {
  models: { en: "Models", ru: "Модели" },
  transcription: { en: "Transcription", ru: "Транскрипция" },
  text: { en: "How text is written", ru: "Как пишется текст" },
  vad: { en: "Voice activity detection", ru: "Определение речи (VAD)" },
  endpointing: { en: "Where an utterance begins and ends", ru: "Где фраза начинается и кончается" },
  quality: { en: "Recognition quality", ru: "Качество распознавания" },
  engine: { en: "Engine", ru: "Движок" },
  network: { en: "Network", ru: "Сеть" },
  access: { en: "Access and encryption", ru: "Доступ и шифрование" },
  wires: { en: "Other programs' wires", ru: "Протоколы других программ" },
  limits: { en: "Sessions and limits", ru: "Сеансы и ограничения" },
  logging: { en: "Logging", ru: "Журнал" },
} as const satisfies Record<string, Localized>;

export type VariableGroup = keyof typeof GROUPS;

/** Who reads a variable. */
export type Audience = "server" | "client" | "both";

/** What is written for each variable. */
export interface VariableDefinition<T> {
  /** Name in the environment. */
  env: string;
  group: VariableGroup;
  type: ValueType<T>;
  /** Value on a bare `npm start`. */
  default: NoInfer<T>;
  /** Value that the container image sets, where it is another one. */
  container?: NoInfer<T>;
  /** What an empty text value means, where it is the default. */
  empty?: Localized;
  /** What it does, in one or two sentences. */
  doc: Localized;
  /** Whether a running server can take a new value, from the next utterance on. @default false */
  live?: boolean;
  /** Whether its value must never be shown. @default false */
  secret?: boolean;
  /** @default "server" */
  audience?: Audience;
}

/** One variable of the configuration. */
export interface Variable<T> extends VariableDefinition<T> {
  live: boolean;
  secret: boolean;
  audience: Audience;
}

/** Fills in what a definition leaves out. */
export function variable<T>(definition: VariableDefinition<T>): Variable<T> {
  return { live: false, secret: false, audience: "server", ...definition };
}
