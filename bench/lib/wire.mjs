/**
 * The client's side of a WebSocket with next to no cost, because a load generator takes its processor time from the server it
 * measures: frames are masked with zeros (which RFC 6455 allows), so nothing is copied twice or combined.
 */
import { randomBytes } from "node:crypto";
import net from "node:net";

const HEAD_BYTES = 16;
const TEXT = 0x81;
const BINARY = 0x82;
const CLOSE = 0x8;
const PING = 0x9;
const PONG = 0x8a;

// Frames are cut from this pool: with the default of 8 KiB every eighth frame would bring a new slab.
Buffer.poolSize = 1 << 20;

/** A socket of the native stream. `onText(text, at)` gets every text message with the time it arrived. */
export class Wire {
  onText = (_text, _at) => {};
  onClose = (_reason) => {};
  #socket;
  #rest = Buffer.alloc(0);
  #open;

  /** @throws when the server refuses the upgrade */
  static async open(port, path = "/v1/stream") {
    const wire = new Wire();
    await wire.#connect(port, path);
    return wire;
  }

  #connect(port, path) {
    return new Promise((resolve, reject) => {
      this.#open = { resolve, reject };
      this.#socket = net.connect(port, "127.0.0.1");
      this.#socket.setNoDelay(true);
      this.#socket.on("data", (data) => this.#onData(data, performance.now()));
      this.#socket.on("error", reject);
      this.#socket.on("close", () => this.onClose("the connection ended"));
      this.#socket.write(
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
          `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: stt.v1\r\nSec-WebSocket-Key: ${randomBytes(16).toString("base64")}\r\n\r\n`,
      );
    });
  }

  /** Bytes that the kernel has not taken yet. */
  get unsent() {
    return this.#socket.writableLength;
  }

  text(message) {
    const body = Buffer.from(JSON.stringify(message));
    const long = body.length > 125;
    const frame = Buffer.alloc((long ? 8 : 6) + body.length);
    frame[0] = TEXT;
    frame[1] = 0x80 | (long ? 126 : body.length);
    if (long) frame.writeUInt16BE(body.length, 2);
    body.copy(frame, long ? 8 : 6);
    this.#socket.write(frame);
  }

  /** Sends `length` bytes of PCM as the audio from sample `offset` on. */
  audio(offset, pcm, from, length) {
    const frame = Buffer.allocUnsafe(HEAD_BYTES + length);
    frame[0] = BINARY;
    frame[1] = 0x80 | 126;
    frame.writeUInt16BE(8 + length, 2);
    frame.writeUInt32LE(0, 4);
    frame.writeUInt32LE(offset >>> 0, 8);
    frame.writeUInt32LE(Math.floor(offset / 2 ** 32), 12);
    pcm.copy(frame, HEAD_BYTES, from, from + length);
    this.#socket.write(frame);
  }

  /** A server ends a connection that does not answer it, which matters where nothing else is sent for a while. */
  #pong(payload) {
    const frame = Buffer.alloc(6 + payload.length);
    frame[0] = PONG;
    frame[1] = 0x80 | payload.length;
    payload.copy(frame, 6);
    this.#socket.write(frame);
  }

  close() {
    this.onClose = () => {};
    this.#socket.destroy();
  }

  #onData(data, at) {
    let rest = this.#rest.length > 0 ? Buffer.concat([this.#rest, data]) : data;
    if (this.#open) {
      const end = rest.indexOf("\r\n\r\n");
      if (end < 0) {
        this.#rest = rest;
        return;
      }
      const { resolve, reject } = this.#open;
      const answer = rest.toString("latin1", 0, end);
      if (!answer.startsWith("HTTP/1.1 101")) return reject(new Error(`The server refused: ${rest.toString("utf8")}`));
      this.#open = undefined;
      rest = rest.subarray(end + 4);
      resolve();
    }
    // Servers do not mask, and none of these messages reaches 64 KiB.
    while (rest.length >= 2) {
      const long = (rest[1] & 0x7f) === 126;
      const head = long ? 4 : 2;
      if (rest.length < head) break;
      const length = long ? rest.readUInt16BE(2) : rest[1] & 0x7f;
      if (rest.length < head + length) break;
      const opcode = rest[0] & 0x0f;
      const payload = rest.subarray(head, head + length);
      if (opcode === 1) this.onText(payload.toString("utf8"), at);
      else if (opcode === PING) this.#pong(payload);
      else if (opcode === CLOSE) this.onClose(`${payload.readUInt16BE(0)} ${payload.toString("utf8", 2)}`);
      rest = rest.subarray(head + length);
    }
    this.#rest = rest;
  }
}
