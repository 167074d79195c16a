import { ENGINE_SAMPLE_RATE, encodePcm, encodeWav, type TranscribeOptions } from "@stt/core";

/** How much an endpoint tells: text alone, segments with their times and probabilities, or words with their times too. */
export type Detail = "text" | "segments" | "words";

/** A form as it goes over the wire. */
export interface EncodedForm {
  contentType: string;
  body: Uint8Array;
}

/** The form of `POST /audio/transcriptions` or `/audio/translations`. */
export async function requestForm(
  audio: Float32Array,
  options: TranscribeOptions,
  { model, detail }: { model: string; detail: Detail },
): Promise<EncodedForm> {
  const format = { encoding: "pcm_s16le", sampleRate: ENGINE_SAMPLE_RATE, channels: 1 } as const;
  const form = new FormData();
  form.set(
    "file",
    new Blob([encodeWav(encodePcm(audio, format.encoding), format)], { type: "audio/wav" }),
    "audio.wav",
  );
  form.set("model", model);
  form.set("temperature", String(options.temperature ?? 0));
  if (options.prompt) form.set("prompt", options.prompt);
  // A translation is always into English, and has no language field.
  const translates = options.task === "translate";
  if (!translates && options.language !== "auto") form.set("language", options.language);
  form.set("response_format", detail === "text" ? "json" : "verbose_json");
  if (detail === "words" && options.words && !translates) {
    form.append("timestamp_granularities[]", "segment");
    form.append("timestamp_granularities[]", "word");
  }
  const encoded = new Response(form);
  return { contentType: encoded.headers.get("content-type")!, body: Buffer.from(await encoded.arrayBuffer()) };
}
