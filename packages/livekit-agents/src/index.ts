/** `@stt/livekit-agents`: speech to text for LiveKit Agents, from a server of your own. */
import { Plugin } from "@livekit/agents";
import { name, version } from "../package.json";

export type { KeyTerm, STTOptions, STTSettings } from "./options.js";
export { SpeechStream } from "./speech-stream.js";
export { STT } from "./stt.js";

class SttPlugin extends Plugin {
  constructor() {
    super({ title: "stt", version, package: name });
  }
}

Plugin.registerPlugin(new SttPlugin());
