import { choice, integer, matching, port, seconds, text } from "../value-types.js";
import { variable } from "../variable.js";

const IPV6 = /^[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*(%\w+)?$/i;
const SERVER_URL = /^(wss?|https?):\/\/[^\s/]+/i;

const isHost = (value: string) => /^[^\s/:]+$/.test(value) || IPV6.test(value);
const withoutBrackets = (text: string) => text.replace(/^\[(.*)\]$/, "$1");

const address = matching(
  { en: "a host name or an IP address, without a port", ru: "имя узла или IP-адрес, без порта" },
  isHost,
  withoutBrackets,
);

const server = matching(
  {
    en: "a host name or an IP address without a port, or a whole URL such as wss://stt.example.org",
    ru: "имя узла или IP-адрес без порта либо полный URL, например wss://stt.example.org",
  },
  (value) => isHost(value) || SERVER_URL.test(value),
  withoutBrackets,
);

const pathPrefix = matching(
  { en: "a path without a slash at its end, such as /stt", ru: "путь без косой черты в конце, например /stt" },
  (value) => /^(\/[\w.~-]+)*$/.test(value),
  (text) => text.trim().replace(/\/+$/, ""),
);

/** Where the server listens, whom it lets in at once, and what it writes down. */
export const serverVariables = {
  controlPort: variable({
    env: "CONTROL_PORT",
    group: "network",
    type: port(),
    default: 8011,
    audience: "both",
    doc: {
      en: "Port of control connections. Both ports serve the same HTTP application; they may be equal.",
      ru: "Порт управляющих соединений. Оба порта обслуживают одно и то же HTTP-приложение и могут совпадать.",
    },
  }),
  dataPort: variable({
    env: "DATA_PORT",
    group: "network",
    type: port(),
    default: 8012,
    audience: "both",
    doc: {
      en: "Port of audio and text.",
      ru: "Порт звука и текста.",
    },
  }),
  bindHost: variable({
    env: "BIND_HOST",
    group: "network",
    type: address,
    default: "127.0.0.1",
    container: "0.0.0.0",
    doc: {
      en: "Address on which the server listens. The default lets only this machine in; 0.0.0.0 lets everybody in who can reach it.",
      ru: "Адрес, на котором слушает сервер. По умолчанию доступ есть только с этой машины; 0.0.0.0 открывает его всем, кто до неё дотянется.",
    },
  }),
  pathPrefix: variable({
    env: "PATH_PREFIX",
    group: "network",
    type: pathPrefix,
    default: "",
    empty: { en: "none", ru: "нет" },
    doc: {
      en: "Path under which a proxy passes requests on, where it does not take it away itself. Requests without it are served too.",
      ru: "Путь, под которым прокси передаёт запросы, если сам его не убирает. Запросы без него тоже обслуживаются.",
    },
  }),
  serverHost: variable({
    env: "SERVER_HOST",
    group: "network",
    type: server,
    default: "localhost",
    audience: "client",
    doc: {
      en: "The server that clients connect to. A whole URL decides alone, without the ports.",
      ru: "Сервер, к которому подключаются клиенты. Полный URL действует сам, без переменных портов.",
    },
  }),
  sttToken: variable({
    env: "STT_TOKEN",
    group: "network",
    type: text(4096),
    default: "",
    empty: { en: "none", ru: "нет" },
    secret: true,
    audience: "client",
    doc: {
      en: "Token that clients show to a server that asks for one. Never printed.",
      ru: "Ключ, который клиенты предъявляют серверу, если он его требует. Никогда не печатается.",
    },
  }),
  maxSessions: variable({
    env: "MAX_SESSIONS",
    group: "limits",
    type: integer({ min: 0, max: 100_000, zero: { en: "by measured capacity", ru: "по измеренной мощности" } }),
    default: 0,
    live: true,
    doc: {
      en: "Sessions at the same time; further ones are refused with 503 and Retry-After. With 0 a session is refused while as many people speak as this machine was measured to decode in time.",
      ru: "Одновременные сеансы; следующие получают отказ 503 с Retry-After. При 0 отказ даётся, пока одновременно говорят столько людей, сколько машина по измерениям успевает распознавать.",
    },
  }),
  idleSessionTimeoutMs: variable({
    env: "IDLE_SESSION_TIMEOUT",
    group: "limits",
    type: seconds({ min: 0, max: 86_400, zero: { en: "never", ru: "никогда" } }),
    default: 300_000,
    live: true,
    doc: {
      en: "A session that sends neither audio nor messages for this long is closed; it can be resumed.",
      ru: "Сеанс, который столько времени не присылает ни звука, ни сообщений, закрывается; его можно возобновить.",
    },
  }),
  drainTimeoutMs: variable({
    env: "DRAIN_TIMEOUT",
    group: "limits",
    type: seconds({ min: 0, max: 3600, zero: { en: "at once", ru: "сразу" } }),
    default: 25_000,
    doc: {
      en: "After SIGTERM or SIGINT: how long clients may take to resume elsewhere, and their last utterances to become text. Then the server ends; a second signal ends it at once.",
      ru: "После SIGTERM или SIGINT: сколько времени есть у клиентов, чтобы продолжить на другом сервере, а у последних фраз, чтобы стать текстом. Затем сервер завершается; второй сигнал завершает его сразу.",
    },
  }),
  maxFrameBytes: variable({
    env: "MAX_FRAME_BYTES",
    group: "limits",
    type: integer({ min: 4096, max: 16_777_216, unit: "bytes" }),
    default: 1_048_576,
    doc: {
      en: "Largest WebSocket message that a client may send.",
      ru: "Наибольшее сообщение WebSocket, которое может прислать клиент.",
    },
  }),
  maxBufferedAudioMs: variable({
    env: "MAX_BUFFERED_AUDIO",
    group: "limits",
    type: seconds({ min: 5, max: 3600 }),
    default: 60_000,
    doc: {
      en: "Audio of one session that may wait to be processed; a client that sends faster is slowed down.",
      ru: "Сколько звука одного сеанса может ждать обработки; клиент, который шлёт быстрее, притормаживается.",
    },
  }),
  logLevel: variable({
    env: "LOG_LEVEL",
    group: "logging",
    type: choice("trace", "debug", "info", "warn", "error", "fatal", "silent"),
    default: "info",
    live: true,
    doc: {
      en: "Least weight of a log line that is written.",
      ru: "Наименьшая важность строки журнала, которая записывается.",
    },
  }),
  logFormat: variable({
    env: "LOG_FORMAT",
    group: "logging",
    type: choice("auto", "pretty", "json"),
    default: "auto",
    doc: {
      en: "auto is pretty on a terminal and JSON lines elsewhere.",
      ru: "auto означает pretty в терминале и строки JSON в остальных случаях.",
    },
  }),
  historyDir: variable({
    env: "HISTORY_DIR",
    group: "logging",
    type: matching({ en: "the path of a directory", ru: "путь к каталогу" }, () => true),
    default: "",
    empty: { en: "stt/history in the user's cache directory", ru: "stt/history в каталоге кэша пользователя" },
    doc: {
      en: "Directory for the figures of the console's graphs, less than 256 kB for 30 days; one file for each CONTROL_PORT. Where it cannot be written, the graphs begin anew with every start.",
      ru: "Каталог для чисел, из которых консоль рисует графики: меньше 256 КБ за 30 дней, по файлу на каждый CONTROL_PORT. Если записать туда нельзя, графики начинаются заново с каждым запуском.",
    },
  }),
};
