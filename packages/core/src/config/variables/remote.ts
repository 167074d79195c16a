import { flag, integer, matching, seconds, text } from "../value-types.js";
import { variable } from "../variable.js";

/** Where ENGINE=remote sends its audio. */
export const remoteVariables = {
  remoteUrl: variable({
    env: "REMOTE_URL",
    group: "engine",
    type: matching(
      {
        en: "the http or https URL of an OpenAI-compatible API, such as http://vllm:8000/v1",
        ru: "URL http или https API, совместимого с OpenAI, например http://vllm:8000/v1",
      },
      (value) => value === "" || (/^https?:\/\/[^\s/]/i.test(value) && URL.canParse(value)),
    ),
    default: "",
    empty: { en: "none; ENGINE=remote needs one", ru: "нет; для ENGINE=remote обязателен" },
    doc: {
      en: "With ENGINE=remote, the base URL under which /audio/transcriptions lies.",
      ru: "При ENGINE=remote базовый URL, под которым находится /audio/transcriptions.",
    },
  }),
  remoteApiKey: variable({
    env: "REMOTE_API_KEY",
    group: "engine",
    type: text(4096),
    default: "",
    empty: { en: "none", ru: "нет" },
    secret: true,
    doc: {
      en: "Key shown to REMOTE_URL as a bearer token. Never printed.",
      ru: "Ключ, который предъявляется REMOTE_URL как bearer-токен. Никогда не печатается.",
    },
  }),
  remoteModel: variable({
    env: "REMOTE_MODEL",
    group: "engine",
    type: text(200),
    default: "whisper-1",
    doc: {
      en: "Name of the model to ask REMOTE_URL for.",
      ru: "Имя модели, которую запрашивать у REMOTE_URL.",
    },
  }),
  remotePartials: variable({
    env: "REMOTE_PARTIALS",
    group: "engine",
    type: flag(),
    default: false,
    doc: {
      en: "Whether live text is decoded by REMOTE_URL too, which means several requests a second for each speaker. When off, the local realtime model decodes it; without one on disk there is no live text.",
      ru: "Распознавать ли через REMOTE_URL и живой текст, то есть слать несколько запросов в секунду на каждого говорящего. Если выключено, его распознаёт локальная модель; без неё на диске живого текста нет.",
    },
  }),
  remoteTimeoutMs: variable({
    env: "REMOTE_TIMEOUT",
    group: "engine",
    type: seconds({ min: 0.1, max: 600 }),
    default: 60_000,
    doc: {
      en: "Longest wait for the answer to one request to REMOTE_URL.",
      ru: "Наибольшее ожидание ответа на один запрос к REMOTE_URL.",
    },
  }),
  remoteConcurrency: variable({
    env: "REMOTE_CONCURRENCY",
    group: "engine",
    type: integer({ min: 1, max: 1024 }),
    default: 8,
    doc: {
      en: "Requests to REMOTE_URL at the same time; further ones wait, finals first.",
      ru: "Одновременные запросы к REMOTE_URL; остальные ждут, окончательные тексты впереди.",
    },
  }),
  remoteRetries: variable({
    env: "REMOTE_RETRIES",
    group: "engine",
    type: integer({ min: 0, max: 10 }),
    default: 2,
    doc: {
      en: "How often a request to REMOTE_URL is tried again after a broken connection, a timeout or an answer 408, 409, 429 or 5xx.",
      ru: "Сколько раз повторять запрос к REMOTE_URL после обрыва, тайм-аута или ответа 408, 409, 429 или 5xx.",
    },
  }),
};
