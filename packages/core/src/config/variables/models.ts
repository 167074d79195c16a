import * as z from "zod/mini";
import { languagesSchema, languageText } from "../language-schema.js";
import { LANGUAGE_RULE, LANGUAGES_RULE } from "../languages.js";
import { isModelName, isModelPath } from "../model-names.js";
import { choice, flag, matching, type ValueType } from "../value-types.js";
import { variable } from "../variable.js";

const model = matching(
  {
    en: "auto, tiny, base, small, medium, large, turbo (also -v1, -v2, -v3, .en and quantised names such as medium-q5_0), or the path of a ggml file",
    ru: "auto, tiny, base, small, medium, large, turbo (а также -v1, -v2, -v3, .en и квантованные, например medium-q5_0) или путь к файлу ggml",
  },
  (value) => value === "auto" || isModelName(value) || isModelPath(value),
  (text) => (isModelPath(text) ? text : text.toLowerCase()),
);

const language: ValueType<string> = {
  schema: z.pipe(
    languageText,
    z.transform((code) => code || "auto"),
  ),
  parse: (text) => text,
  format: String,
  allowed: LANGUAGE_RULE,
};

const languages: ValueType<readonly string[]> = {
  schema: languagesSchema,
  parse: (text) => text.split(/[\s,;]+/).filter(Boolean),
  format: (codes) => codes.join(","),
  allowed: LANGUAGES_RULE,
};

/** Which models run, on what, and for which language. */
export const modelVariables = {
  whisperModel: variable({
    env: "WHISPER_MODEL",
    group: "models",
    type: model,
    default: "auto",
    container: "medium",
    doc: {
      en: "Model of the final text. auto takes the best Whisper model at hand that this machine can carry; base comes with the server and serves at once. With a network it then fetches a better one in the background, if the machine is fast enough for it, and switches over.",
      ru: "Модель окончательного текста. auto берёт лучшую из имеющихся моделей Whisper, с которой справится эта машина; base поставляется вместе с сервером и работает сразу. Если есть сеть и машина достаточно быстра, лучшая модель скачивается в фоне, и сервер переходит на неё без перерыва.",
    },
  }),
  realtimeModelType: variable({
    env: "REALTIME_MODEL_TYPE",
    group: "models",
    type: model,
    default: "auto",
    container: "tiny",
    doc: {
      en: "Model of the live text while somebody speaks: a small, quick one. auto takes the quickest Whisper model at hand, or the one of WHISPER_MODEL where there is no other.",
      ru: "Модель живого текста во время речи: маленькая и быстрая. auto берёт самую быструю из имеющихся моделей Whisper, а если других нет, ту же, что WHISPER_MODEL.",
    },
  }),
  language: variable({
    env: "LANGUAGE",
    group: "models",
    type: language,
    default: "auto",
    live: true,
    doc: {
      en: "Language of the speech for sessions that name none; auto detects it. A desktop's own value of this variable (such as en_US:en) is ignored with a warning.",
      ru: "Язык речи для сеансов, которые его не называют; auto определяет его сам. Значение, заданное рабочим столом (например, en_US:en), пропускается с предупреждением.",
    },
  }),
  languages: variable({
    env: "LANGUAGES",
    group: "models",
    type: languages,
    default: [],
    empty: { en: "all that the model knows", ru: "все, которые знает модель" },
    live: true,
    audience: "both",
    doc: {
      en: "Languages among which auto decides, for sessions that name none: with two or three, short words are recognised far more surely. The terminal clients send it too.",
      ru: "Языки, из которых выбирает auto, для сеансов, которые их не называют: когда их два-три, короткие слова распознаются намного надёжнее. Терминальные клиенты тоже передают это значение.",
    },
  }),
  device: variable({
    env: "DEVICE",
    group: "models",
    type: choice("auto", "cuda", "cpu"),
    default: "auto",
    container: "cuda",
    doc: {
      en: "Where the models run. auto takes the GPU if there is one; cuda falls back to the CPU with a warning.",
      ru: "Где выполняются модели. auto берёт GPU, если он есть; cuda при его отсутствии переходит на CPU с предупреждением.",
    },
  }),
  modelDir: variable({
    env: "MODEL_DIR",
    group: "models",
    type: matching({ en: "the path of a directory", ru: "путь к каталогу" }, () => true),
    default: "",
    empty: { en: "stt/models in the user's cache directory", ru: "stt/models в каталоге кэша пользователя" },
    doc: {
      en: "Directory in which named models are looked for, as ggml-NAME.bin.",
      ru: "Каталог, в котором ищутся модели по имени, в виде ggml-ИМЯ.bin.",
    },
  }),
  modelDownload: variable({
    env: "MODEL_DOWNLOAD",
    group: "models",
    type: flag(),
    default: true,
    doc: {
      en: "Whether the server fetches a configured model that it does not find. Where it is off, a missing model ends the start with an error.",
      ru: "Скачивает ли сервер указанную модель, если её нет на диске. Когда выключено, отсутствие модели прерывает запуск с ошибкой.",
    },
  }),
  modelBaseUrl: variable({
    env: "MODEL_BASE_URL",
    group: "models",
    type: matching(
      {
        en: "an http or https address without user name, query and fragment",
        ru: "адрес http или https без имени пользователя, запроса и фрагмента",
      },
      (value) => /^https?:\/\/[^\s/@?#]+(\/[^\s?#]*)?$/i.test(value),
      (value) => value.replace(/\/+$/, ""),
    ),
    default: "https://huggingface.co/ggerganov/whisper.cpp/resolve/main",
    doc: {
      en: "Where models are fetched from: the directory that has ggml-NAME.bin. HTTPS_PROXY, HTTP_PROXY and NO_PROXY apply.",
      ru: "Откуда скачиваются модели: папка, в которой лежат файлы ggml-ИМЯ.bin. Учитываются HTTPS_PROXY, HTTP_PROXY и NO_PROXY.",
    },
  }),
};
