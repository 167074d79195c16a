/** Clients that misbehave: raw sockets of the native wire. */
import { randomBytes } from "node:crypto";
import { connect, createServer } from "node:net";

export const START = {
  type: "start",
  protocol: 1,
  audio: { encoding: "pcm_s16le", sampleRate: 16_000, channels: 1 },
  language: "en",
  endpointing: { silenceMs: 600, minUtteranceMs: 300 },
};

/** The bytes of an upgrade request. */
export function upgradeRequest(path, protocol = "stt.v1", { token, headers = {} } = {}) {
  const authorization = token === undefined ? "" : `Authorization: Bearer ${token}\r\n`;
  const others = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return (
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n${authorization}${others.join("")}` +
    `${protocol ? `Sec-WebSocket-Protocol: ${protocol}\r\n` : ""}Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}\r\n\r\n`
  );
}

/** A client's WebSocket frame, masked with zeros as RFC 6455 allows. */
export function frame(payload, { opcode = typeof payload === "string" ? 1 : 2, masked = true, fin = true } = {}) {
  const body = Buffer.from(payload);
  const size = body.length < 126 ? 0 : body.length < 65_536 ? 2 : 8;
  const head = Buffer.alloc(2 + size + (masked ? 4 : 0));
  head[0] = (fin ? 0x80 : 0) | opcode;
  head[1] = (masked ? 0x80 : 0) | (size === 0 ? body.length : size === 2 ? 126 : 127);
  if (size === 2) head.writeUInt16BE(body.length, 2);
  if (size === 8) head.writeBigUInt64BE(BigInt(body.length), 2);
  return Buffer.concat([head, body]);
}

/** An audio frame of the native wire. */
export function audio(offset, pcm) {
  const head = Buffer.alloc(8);
  head.writeBigUInt64LE(BigInt(offset));
  return frame(Buffer.concat([head, pcm]));
}

/** A TCP connection that never throws. `opened` resolves with the status line's code, or undefined when it broke. */
export function dial(port, bytes) {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  const state = { text: "", closed: false };
  socket.on("error", () => {});
  const closed = new Promise((resolve) => {
    socket.once("close", () => {
      state.closed = true;
      resolve();
    });
  });
  const opened = new Promise((resolve) => {
    socket.on("data", (data) => {
      if (state.text.length < 65_536) state.text += data.toString("latin1");
      const status = /^HTTP\/1\.1 (\d+)/.exec(state.text)?.[1];
      if (status && state.text.includes("\r\n\r\n")) resolve(Number(status));
    });
    void closed.then(() => resolve(undefined));
  });
  if (bytes !== undefined) socket.write(bytes);
  return { socket, state, opened, closed };
}

/**
 * A session with `ready`, as a raw socket.
 *
 * @param {{ token?: string, resumes?: string }} [who] a key, and the session that the upgrade names
 */
export async function openSession(port, start = START, { token, resumes } = {}) {
  const protocol = resumes === undefined ? "stt.v1" : `stt.v1, stt.resume.${resumes}`;
  const line = dial(port, upgradeRequest("/v1/stream", protocol, { token }));
  if ((await line.opened) !== 101) throw new Error(`refused: ${line.state.text}`);
  line.socket.write(frame(JSON.stringify(start)));
  const deadline = performance.now() + 20_000;
  while (!line.state.text.includes('"type":"ready"')) {
    if (line.state.closed || performance.now() > deadline) throw new Error(`no session: ${line.state.text}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return line;
}

/** A port that nobody has at present. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
