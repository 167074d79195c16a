// Deepgram's own client with this server. After `npm start`: node examples/wires/deepgram.mjs samples/human/en_kennedy.wav
import { readFileSync } from "node:fs";
import { DeepgramClient } from "@deepgram/sdk";

const [http, ws] = ["http://localhost:8012", "ws://localhost:8012"];
const client = new DeepgramClient({
  apiKey: process.env.STT_TOKEN ?? "none",
  environment: { base: http, production: ws, agent: ws, agentRest: http },
});
const socket = await client.listen.v1.connect({ model: "nova-3", language: "multi", interim_results: "true" });
socket.on("message", ({ is_final, channel }) => is_final && console.log(channel.alternatives[0].transcript));
socket.on("close", () => process.exit());
socket.connect();
await socket.waitForOpen();
socket.sendMedia(readFileSync(process.argv[2]));
socket.sendCloseStream({ type: "CloseStream" });
