import { choice, decimal, flag, integer, seconds } from "../value-types.js";
import { variable } from "../variable.js";

/** What counts as speech, and where utterances begin and end. All of it runs on the audio clock. */
export const speechVariables = {
  sileroUseOnnx: variable({
    env: "SILERO_USE_ONNX",
    group: "vad",
    type: flag(),
    default: true,
    doc: {
      en: "Kept for compatibility: Silero always runs through ONNX Runtime here; false only gives a warning.",
      ru: "Оставлена для совместимости: Silero здесь всегда работает через ONNX Runtime; false вызывает лишь предупреждение.",
    },
  }),
  sileroSensitivity: variable({
    env: "SILERO_SENSITIVITY",
    group: "vad",
    type: decimal({ min: 0, max: 1 }),
    default: 0.05,
    live: true,
    doc: {
      en: "Sensitivity of the Silero detector: it is speech when its probability is above 1 minus this. Larger hears quieter speech and more noise.",
      ru: "Чувствительность детектора Silero: речью считается то, чья вероятность больше единицы минус это число. Больше значение: слышнее тихая речь, но и шум.",
    },
  }),
  webrtcSensitivity: variable({
    env: "WEBRTC_SENSITIVITY",
    group: "vad",
    type: integer({ min: 0, max: 4 }),
    default: 3,
    live: true,
    doc: {
      en: "Strictness of the WebRTC detector that stands before Silero: 0 lets most through, 3 is strictest; 4, from the original's scale of 1 to 4, works as 3.",
      ru: "Строгость детектора WebRTC, стоящего перед Silero: 0 пропускает больше всего, 3 строже всех; 4, из шкалы исходной системы от 1 до 4, действует как 3.",
    },
  }),
  postSpeechSilenceDurationMs: variable({
    env: "POST_SPEECH_SILENCE_DURATION",
    group: "endpointing",
    type: seconds({ min: 0.1, max: 10 }),
    default: 1500,
    live: true,
    doc: {
      en: "Silence after speech that ends an utterance.",
      ru: "Тишина после речи, завершающая фразу.",
    },
  }),
  endOfTurn: variable({
    env: "END_OF_TURN",
    group: "endpointing",
    type: choice("silence", "model"),
    default: "silence",
    live: true,
    doc: {
      en: "What ends a turn: silence alone (POST_SPEECH_SILENCE_DURATION), or a model that hears from the last seconds whether the speaker has finished, and waits accordingly. Where the model has no answer, the silence decides.",
      ru: "Что завершает реплику: одна тишина (POST_SPEECH_SILENCE_DURATION) или модель, которая по последним секундам слышит, договорил ли человек, и ждёт соответственно. Когда ответа модели нет, решает тишина.",
    },
  }),
  endOfTurnEagerness: variable({
    env: "END_OF_TURN_EAGERNESS",
    group: "endpointing",
    type: choice("low", "medium", "high"),
    default: "medium",
    live: true,
    doc: {
      en: "With END_OF_TURN=model: how soon a turn ends that sounds finished. high answers quickest, low interrupts least.",
      ru: "При END_OF_TURN=model: как скоро завершается реплика, которая звучит законченной. high отвечает быстрее всего, low реже всего перебивает.",
    },
  }),
  endOfTurnMaxSilenceMs: variable({
    env: "END_OF_TURN_MAX_SILENCE",
    group: "endpointing",
    type: seconds({ min: 0.5, max: 10 }),
    default: 2500,
    live: true,
    doc: {
      en: "With END_OF_TURN=model: silence that ends a turn which sounds unfinished.",
      ru: "При END_OF_TURN=model: тишина, завершающая реплику, которая звучит незаконченной.",
    },
  }),
  minLengthOfRecordingMs: variable({
    env: "MIN_LENGTH_OF_RECORDING",
    group: "endpointing",
    type: seconds({ min: 0, max: 30 }),
    default: 2000,
    live: true,
    doc: {
      en: "Silence does not end an utterance sooner than this after its start. Short utterances are kept, not dropped.",
      ru: "Тишина не завершает фразу раньше этого времени от её начала. Короткие фразы сохраняются, а не отбрасываются.",
    },
  }),
  maxUtteranceDurationMs: variable({
    env: "MAX_UTTERANCE_DURATION",
    group: "endpointing",
    type: seconds({ min: 2, max: 30 }),
    default: 30_000,
    live: true,
    doc: {
      en: "Speech without a pause is split at this length and joined again without loss.",
      ru: "Речь без пауз делится на этой длине и соединяется без потерь.",
    },
  }),
  preRecordingBufferDurationMs: variable({
    env: "PRE_RECORDING_BUFFER_DURATION",
    group: "endpointing",
    type: seconds({ min: 0, max: 5 }),
    default: 1000,
    live: true,
    doc: {
      en: "Most audio from before the detected start that belongs to the utterance, so that no first syllable is lost; mere silence is left out.",
      ru: "Наибольший отрезок звука до обнаруженного начала, который входит во фразу, чтобы не терялся первый слог; чистая тишина отбрасывается.",
    },
  }),
  adaptiveEndpointing: variable({
    env: "ADAPTIVE_ENDPOINTING",
    group: "endpointing",
    type: flag(),
    default: false,
    live: true,
    doc: {
      en: "End an utterance sooner when its text reads as a finished sentence, later when it does not.",
      ru: "Завершать фразу раньше, если её текст похож на законченное предложение, и позже, если нет.",
    },
  }),
  speculativeFinals: variable({
    env: "SPECULATIVE_FINALS",
    group: "endpointing",
    type: flag(),
    default: true,
    live: true,
    doc: {
      en: "Decode the final text while the silence is still being counted, so that it is ready at its end.",
      ru: "Распознавать окончательный текст, пока тишина ещё отсчитывается, чтобы к её концу он был готов.",
    },
  }),
  speculativeSilenceMs: variable({
    env: "SPECULATIVE_SILENCE_MS",
    group: "endpointing",
    type: integer({ min: 50, max: 5000, unit: "ms" }),
    default: 200,
    live: true,
    doc: {
      en: "Silence after which that early decoding begins.",
      ru: "Тишина, после которой начинается это раннее распознавание.",
    },
  }),
  idleAudioTimeoutMs: variable({
    env: "IDLE_AUDIO_TIMEOUT",
    group: "endpointing",
    type: seconds({ min: 0, max: 3600, zero: { en: "never", ru: "никогда" } }),
    default: 2000,
    live: true,
    doc: {
      en: "A client that stops sending audio in mid-utterance gets its final text after this time.",
      ru: "Клиент, переставший присылать звук посреди фразы, получает её окончательный текст через это время.",
    },
  }),
};
