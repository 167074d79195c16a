import type { EngineInfo } from "@stt/core";
import { WHISPER_LANGUAGES } from "@stt/core/config";

const OURS = { name: "stt-server", url: "https://www.npmjs.com/package/@stt/server" };
const WHISPER = { name: "OpenAI", url: "https://github.com/openai/whisper" };

/** The answer to `describe`: one program that recognises speech. */
export function wyomingInfo({ model, multilingual }: EngineInfo): object {
  return {
    asr: [
      {
        name: "stt-server",
        attribution: OURS,
        installed: true,
        description: "Self-hosted realtime speech-to-text",
        version: null,
        models: [
          {
            name: model,
            attribution: WHISPER,
            installed: true,
            description: `Whisper ${model}`,
            version: null,
            languages: multilingual ? WHISPER_LANGUAGES : ["en"],
          },
        ],
        supports_transcript_streaming: true,
        requires_external_vad: true,
      },
    ],
    tts: [],
    handle: [],
    intent: [],
    wake: [],
    mic: [],
    snd: [],
  };
}
