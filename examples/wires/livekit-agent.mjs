// A voice agent that hears through your server: node examples/wires/livekit-agent.mjs dev
// (npm install @livekit/agents @livekit/rtc-node zod @stt/livekit-agents; LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET)
import { fileURLToPath } from "node:url";
import { cli, defineAgent, ServerOptions, voice } from "@livekit/agents";
import { STT } from "@stt/livekit-agents";

export default defineAgent({
  entry: async (job) => {
    const stt = new STT({ url: "ws://localhost:8012", language: "en", endpointing: { endOfTurn: "model" } });
    const session = new voice.AgentSession({ stt, turnHandling: { turnDetection: "stt" } });
    session.on(
      voice.AgentSessionEventTypes.UserInputTranscribed,
      ({ transcript, isFinal }) => isFinal && console.log(transcript),
    );
    await session.start({ agent: new voice.Agent({ instructions: "You listen." }), room: job.room });
  },
});

cli.runApp(new ServerOptions({ agent: fileURLToPath(import.meta.url) }));
