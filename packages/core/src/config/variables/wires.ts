import { flag, integer, matching, text } from "../value-types.js";
import { variable } from "../variable.js";

/** A port that is closed unless somebody opens it. */
const closedPort = () => integer({ min: 0, max: 65_535, zero: { en: "closed", ru: "закрыт" } });
const none = { en: "none", ru: "нет" };

const url = (scheme: RegExp, en: string, ru: string) =>
  matching({ en, ru }, (value) => value === "" || (scheme.test(value) && URL_CHARACTERS.test(value)));
const URL_CHARACTERS = /^\S{8,2000}$/;

/** The wires of other people's programs, each with a switch of its own. */
export const wireVariables = {
  deepgramApi: variable({
    env: "DEEPGRAM_API",
    group: "wires",
    type: flag(),
    default: true,
    doc: {
      en: "Whether programs written for Deepgram are served at /v1/listen and /v2/listen, with the keys and limits of all other wires.",
      ru: "Обслуживать ли программы, написанные для Deepgram, по адресам /v1/listen и /v2/listen, с теми же ключами и ограничениями, что у остальных протоколов.",
    },
  }),
  wyomingPort: variable({
    env: "WYOMING_PORT",
    group: "wires",
    type: closedPort(),
    default: 0,
    doc: {
      en: "Port of the Wyoming protocol, for Home Assistant; 10300 is the usual one.",
      ru: "Порт протокола Wyoming, для Home Assistant; обычно это 10300.",
    },
  }),
  wyomingKey: variable({
    env: "WYOMING_KEY",
    group: "wires",
    type: text(4096),
    default: "",
    empty: none,
    secret: true,
    doc: {
      en: "On a server with keys: the API key that Wyoming's clients count as, since their protocol has none. Without it they are refused there.",
      ru: "Для сервера с ключами: ключ API, от имени которого работают клиенты Wyoming, потому что в их протоколе ключей нет. Без него такой сервер им отказывает.",
    },
  }),
  wyomingZeroconf: variable({
    env: "WYOMING_ZEROCONF",
    group: "wires",
    type: flag(),
    default: false,
    doc: {
      en: "Whether the Wyoming port is announced in the local network (mDNS), so that Home Assistant finds the server by itself.",
      ru: "Объявлять ли порт Wyoming в локальной сети (mDNS), чтобы Home Assistant находил сервер сам.",
    },
  }),
  twilioAuthToken: variable({
    env: "TWILIO_AUTH_TOKEN",
    group: "wires",
    type: text(200),
    default: "",
    empty: { en: "no Twilio", ru: "без Twilio" },
    secret: true,
    doc: {
      en: "Auth token of a Twilio account: its Media Streams are taken at /v1/twilio, and only what it has signed.",
      ru: "Auth token учётной записи Twilio: её потоки Media Streams принимаются по адресу /v1/twilio, и только подписанные ею.",
    },
  }),
  twilioStreamUrl: variable({
    env: "TWILIO_STREAM_URL",
    group: "wires",
    type: url(/^wss?:\/\//i, "a URL that begins with wss:// or ws://", "URL, начинающийся с wss:// или ws://"),
    default: "",
    empty: { en: "by the Host of the request", ru: "по заголовку Host запроса" },
    doc: {
      en: "The URL in Twilio's <Stream>, where a proxy changes host or path on the way: it is part of the signature.",
      ru: "URL из <Stream> Twilio, если прокси по дороге меняет узел или путь: он входит в подпись.",
    },
  }),
  audiosocketPort: variable({
    env: "AUDIOSOCKET_PORT",
    group: "wires",
    type: closedPort(),
    default: 0,
    doc: {
      en: "Port of Asterisk's AudioSocket.",
      ru: "Порт AudioSocket для Asterisk.",
    },
  }),
  telephonyKey: variable({
    env: "TELEPHONY_KEY",
    group: "wires",
    type: text(4096),
    default: "",
    empty: none,
    secret: true,
    doc: {
      en: "On a server with keys: the API key that calls of Twilio and AudioSocket count as. Without it they are refused there.",
      ru: "Для сервера с ключами: ключ API, на который записываются звонки Twilio и AudioSocket. Без него такой сервер им отказывает.",
    },
  }),
  callWebhookUrl: variable({
    env: "CALL_WEBHOOK_URL",
    group: "wires",
    type: url(
      /^https?:\/\//i,
      "a URL that begins with https:// or http://",
      "URL, начинающийся с https:// или http://",
    ),
    default: "",
    empty: none,
    doc: {
      en: "Where the events and texts of calls are sent, one POST each.",
      ru: "Куда отправляются события и тексты звонков, по одному запросу POST.",
    },
  }),
  callWebhookSecret: variable({
    env: "CALL_WEBHOOK_SECRET",
    group: "wires",
    type: text(200),
    default: "",
    empty: none,
    secret: true,
    doc: {
      en: "Signs the requests to CALL_WEBHOOK_URL (HMAC-SHA256), which needs it.",
      ru: "Подписывает запросы к CALL_WEBHOOK_URL (HMAC-SHA256); без него тот не работает.",
    },
  }),
};
