// The text of telephone calls as it comes. After `AUDIOSOCKET_PORT=9092 npm start`: node examples/wires/calls.mjs
import { WebSocket } from "ws";

const headers = process.env.STT_TOKEN ? { authorization: `Bearer ${process.env.STT_TOKEN}` } : {};
const socket = new WebSocket("ws://localhost:8012/v1/calls", { headers });
socket.on("message", (data) => {
  const { type, call, text, parameters } = JSON.parse(data);
  if (type === "call_start") console.log(`${call} begins`, parameters);
  if (type === "final") console.log(`${call}: ${text}`);
  if (type === "call_end") console.log(`${call} is over: ${text}`);
});
