/** People's voices of `samples/human`, and a server that knows them: with the model that comes with it. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Config } from "@stt/core/config";
import { path as model } from "@stt/model-whisper-base";

const folder = new URL("../../../../samples/human/", import.meta.url);
const said: Record<string, { language: string; text: string }> = JSON.parse(
  readFileSync(new URL("transcripts.json", folder), "utf8"),
);

export interface HumanRecording {
  name: string;
  path: string;
  text: string;
  language: string;
}

/** @param name without `.wav` */
export function human(name: string): HumanRecording {
  const entry = said[`${name}.wav`];
  if (!entry) throw new Error(`there is no recording ${name}`);
  return { name, path: fileURLToPath(new URL(`${name}.wav`, folder)), text: entry.text, language: entry.language };
}

/** Settings of a test server with Whisper base. */
export const BASE_MODEL: Partial<Config> = {
  whisperModel: model,
  realtimeModelType: model,
  finalAudioContext: "auto",
  partialAudioContext: "auto",
};
