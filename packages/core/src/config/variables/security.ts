import { decimal, integer, matching, seconds, text } from "../value-types.js";
import { variable } from "../variable.js";

const NONE = { en: "none", ru: "нет" };
const NO_LIMIT = { en: "no limit", ru: "без ограничения" };
const NEVER = { en: "never", ru: "никогда" };

const MIN_SECRET_LENGTH = 32;
/** What goes into a header and a WebSocket subprotocol alike. */
const KEY_PAIR = /^[\w.-]{1,64}:[\w.~-]{24,256}(:admin)?$/;
const ORIGIN = /^(\*|null|https?:\/\/[^\s/,]+\/?)$/i;
const NETWORK = /^[0-9a-f:.]+(\/\d{1,3})?$/i;

/** The members of a list that is separated by commas or white space. */
export function listOf(value: string): string[] {
  return value.split(/[\s,]+/).filter((member) => member !== "");
}

const everyMember = (pattern: RegExp) => (value: string) =>
  value.length <= 65_536 && listOf(value).every((member) => pattern.test(member));

/** Who may come in, and by which names, certificates and pages. */
export const accessVariables = {
  apiKeysFile: variable({
    env: "API_KEYS_FILE",
    group: "access",
    type: text(4096),
    default: "",
    empty: NONE,
    doc: {
      en: "File of API keys, hashed; `stt-server keys add NAME` writes it. Changes apply at once, also to open sessions.",
      ru: "Файл ключей API в виде хешей; его пишет `stt-server keys add ИМЯ`. Изменения действуют сразу, и на открытые сеансы тоже.",
    },
  }),
  apiKeys: variable({
    env: "API_KEYS",
    group: "access",
    type: matching(
      {
        en: "NAME:KEY or NAME:KEY:admin, several separated by commas; a key has 24 to 256 letters, digits, - . _ ~",
        ru: "ИМЯ:КЛЮЧ или ИМЯ:КЛЮЧ:admin, несколько через запятую; в ключе от 24 до 256 букв, цифр, - . _ ~",
      },
      everyMember(KEY_PAIR),
    ),
    default: "",
    empty: NONE,
    secret: true,
    doc: {
      en: "API keys where a file is inconvenient. They may transcribe; with `:admin` they may also see and change the server.",
      ru: "Ключи API там, где файл неудобен. Они дают право распознавать речь, а с `:admin` — ещё видеть и менять сервер.",
    },
  }),
  tokenSecret: variable({
    env: "TOKEN_SECRET",
    group: "access",
    type: matching(
      {
        en: `a text of ${MIN_SECRET_LENGTH} to 1024 characters, the same on every server of a fleet`,
        ru: `текст от ${MIN_SECRET_LENGTH} до 1024 символов, одинаковый на всех серверах группы`,
      },
      (value) => value === "" || (value.length >= MIN_SECRET_LENGTH && value.length <= 1024),
    ),
    default: "",
    empty: { en: "random at every start", ru: "случайный при каждом запуске" },
    secret: true,
    doc: {
      en: "Signs the short-lived tokens of `POST /v1/tokens`. With a random one, tokens are good on this server only, until it restarts.",
      ru: "Подписывает короткоживущие токены `POST /v1/tokens`. Со случайным секретом токены действуют только на этом сервере и до его перезапуска.",
    },
  }),
  tokenMaxTtlMs: variable({
    env: "TOKEN_MAX_TTL",
    group: "access",
    type: seconds({ min: 1, max: 86_400 }),
    default: 3_600_000,
    doc: {
      en: "Longest life of a token that a caller may ask for.",
      ru: "Наибольший срок жизни токена, который можно запросить.",
    },
  }),
  allowedOrigins: variable({
    env: "ALLOWED_ORIGINS",
    group: "access",
    type: matching(
      {
        en: "origins such as https://app.example.org, separated by commas; `null` is a page opened from a file, `*` is every page",
        ru: "источники вида https://app.example.org через запятую; `null` — страница, открытая из файла, `*` — любая",
      },
      everyMember(ORIGIN),
    ),
    default: "",
    empty: {
      en: "with API keys every page that has one, without keys the server's own pages and those of this machine",
      ru: "с ключами API любая страница, у которой есть ключ, без ключей — страницы самого сервера и этой машины",
    },
    doc: {
      en: "Web pages whose scripts may use the server, by WebSocket and by REST (CORS). Programs outside a browser send no origin and are not concerned.",
      ru: "Веб-страницы, скриптам которых доступен сервер — по WebSocket и REST (CORS). Программы вне браузера источника не шлют, их это не касается.",
    },
  }),
  trustedProxies: variable({
    env: "TRUSTED_PROXIES",
    group: "access",
    type: matching(
      {
        en: "IP addresses and networks such as 10.0.0.0/8, separated by commas",
        ru: "IP-адреса и сети вида 10.0.0.0/8 через запятую",
      },
      everyMember(NETWORK),
    ),
    default: "",
    empty: NONE,
    doc: {
      en: "Reverse proxies whose X-Forwarded-For is believed. From anybody else that header is ignored.",
      ru: "Обратные прокси, чьему X-Forwarded-For можно верить. От всех остальных этот заголовок не учитывается.",
    },
  }),
  tlsCertFile: variable({
    env: "TLS_CERT_FILE",
    group: "access",
    type: text(4096),
    default: "",
    empty: NONE,
    doc: {
      en: "Certificate chain in PEM, the server's own first. With TLS_KEY_FILE both ports speak https and wss only. Read again when it changes.",
      ru: "Цепочка сертификатов PEM, сертификат сервера первым. Вместе с TLS_KEY_FILE оба порта говорят только https и wss. Перечитывается при изменении.",
    },
  }),
  tlsKeyFile: variable({
    env: "TLS_KEY_FILE",
    group: "access",
    type: text(4096),
    default: "",
    empty: NONE,
    doc: {
      en: "Private key of the certificate, PEM.",
      ru: "Закрытый ключ сертификата, PEM.",
    },
  }),
};

/** What one caller may use. Every bound is there for strangers; a well-behaved client meets none of them. */
export const boundVariables = {
  keyMaxSessions: variable({
    env: "KEY_MAX_SESSIONS",
    group: "limits",
    type: integer({ min: 0, max: 100_000, zero: NO_LIMIT }),
    default: 0,
    doc: {
      en: "Sessions of one API key at the same time, its tokens included; a key's own limit comes first.",
      ru: "Одновременные сеансы одного ключа API вместе с его токенами; собственное ограничение ключа важнее.",
    },
  }),
  keyRequestsPerMinute: variable({
    env: "KEY_REQUESTS_PER_MINUTE",
    group: "limits",
    type: integer({ min: 0, max: 1_000_000, zero: NO_LIMIT }),
    default: 600,
    doc: {
      en: "Requests and connections of one API key in a minute; further ones get 429 and Retry-After.",
      ru: "Запросы и подключения одного ключа API за минуту; следующие получают 429 и Retry-After.",
    },
  }),
  keyAudioMinutesPerDay: variable({
    env: "KEY_AUDIO_MINUTES_PER_DAY",
    group: "limits",
    type: decimal({ min: 0, max: 10_000_000, zero: NO_LIMIT }),
    default: 0,
    doc: {
      en: "Minutes of audio of one API key in a day (UTC). Counted by each server for itself, from its start.",
      ru: "Минуты звука одного ключа API за сутки (UTC). Каждый сервер считает сам, с момента запуска.",
    },
  }),
  maxSessionsPerAddress: variable({
    env: "MAX_SESSIONS_PER_ADDRESS",
    group: "limits",
    type: integer({ min: 0, max: 100_000, zero: NO_LIMIT }),
    default: 256,
    doc: {
      en: "Sessions of one IP address at the same time. This machine itself is not counted; see TRUSTED_PROXIES for clients behind a proxy.",
      ru: "Одновременные сеансы с одного IP-адреса. Сама эта машина не считается; о клиентах за прокси см. TRUSTED_PROXIES.",
    },
  }),
  maxConnectionsPerAddress: variable({
    env: "MAX_CONNECTIONS_PER_ADDRESS",
    group: "limits",
    type: integer({ min: 0, max: 100_000, zero: NO_LIMIT }),
    default: 1024,
    doc: {
      en: "TCP connections of one IP address at the same time; further ones are dropped. This machine and TRUSTED_PROXIES are not counted.",
      ru: "Одновременные TCP-соединения с одного IP-адреса; следующие обрываются. Эта машина и TRUSTED_PROXIES не считаются.",
    },
  }),
  maxConnections: variable({
    env: "MAX_CONNECTIONS",
    group: "limits",
    type: integer({ min: 0, max: 1_000_000, zero: NO_LIMIT }),
    default: 10_000,
    doc: {
      en: "TCP connections of both ports at the same time; further ones are dropped.",
      ru: "Одновременные TCP-соединения обоих портов; следующие обрываются.",
    },
  }),
  startTimeoutMs: variable({
    env: "START_TIMEOUT",
    group: "limits",
    type: seconds({ min: 0.1, max: 3600 }),
    default: 15_000,
    doc: {
      en: 'A connection to the native stream that has not sent "start" by then is closed.',
      ru: "Соединение с основным потоком, не приславшее «start» за это время, закрывается.",
    },
  }),
  pingIntervalMs: variable({
    env: "PING_INTERVAL",
    group: "limits",
    type: seconds({ min: 0, max: 3600, zero: NEVER }),
    default: 20_000,
    doc: {
      en: "The server pings every WebSocket this often; a peer from which nothing at all came between two pings is dead and is dropped.",
      ru: "Как часто сервер проверяет каждый WebSocket (ping); если между двумя проверками не пришло ничего, соединение считается мёртвым и обрывается.",
    },
  }),
  maxSessionTimeMs: variable({
    env: "MAX_SESSION_TIME",
    group: "limits",
    type: seconds({ min: 0, max: 604_800, zero: NO_LIMIT }),
    default: 86_400_000,
    doc: {
      en: "Longest life of one connection; after a warning it is closed, and its client resumes on a new one with fresh credentials.",
      ru: "Наибольшее время одного соединения; после предупреждения оно закрывается, и клиент продолжает на новом, предъявив доступ заново.",
    },
  }),
  maxMessagesPerSecond: variable({
    env: "MAX_MESSAGES_PER_SECOND",
    group: "limits",
    type: integer({ min: 1, max: 100_000 }),
    default: 50,
    doc: {
      en: "Text messages (not audio) of one connection in a second, sustained; a short burst may have ten times as many.",
      ru: "Текстовые сообщения (не звук) одного соединения за секунду в среднем; короткий всплеск может быть в десять раз больше.",
    },
  }),
  maxSendBufferBytes: variable({
    env: "MAX_SEND_BUFFER_BYTES",
    group: "limits",
    type: integer({ min: 65_536, max: 1_073_741_824, unit: "bytes" }),
    default: 1_048_576,
    doc: {
      en: "Text that may wait for a client that does not read; above it the session is closed, and can be resumed. From a sixteenth of it on partials are skipped.",
      ru: "Сколько текста может ждать клиента, который не читает; сверх этого сеанс закрывается, его можно возобновить. Начиная с шестнадцатой доли промежуточный текст пропускается.",
    },
  }),
  httpHeadersTimeoutMs: variable({
    env: "HTTP_HEADERS_TIMEOUT",
    group: "limits",
    type: seconds({ min: 0.1, max: 600 }),
    default: 10_000,
    doc: {
      en: "Time for the TLS handshake, and for the headers of a request, before its connection is closed.",
      ru: "Время на TLS-рукопожатие и на заголовки запроса, после которого соединение закрывается.",
    },
  }),
  httpRequestTimeoutMs: variable({
    env: "HTTP_REQUEST_TIMEOUT",
    group: "limits",
    type: seconds({ min: 0.1, max: 86_400 }),
    default: 300_000,
    doc: {
      en: "Time for a whole request, an uploaded file included, to arrive.",
      ru: "Время, за которое запрос должен прийти целиком, вместе с загружаемым файлом.",
    },
  }),
};
