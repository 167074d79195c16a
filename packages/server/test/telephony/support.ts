import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { decodePcm, encodePcm, MU_LAW, StreamingResampler } from "@stt/core";
import { onTestFinished, vi } from "vitest";
import { WebSocket } from "ws";
import type { CallEvent } from "../../src/transports/telephony/call-events.js";

const WAV_HEADER_BYTES = 44;

/** A recording of 16 kHz as a telephone carries it: 16-bit PCM at 8 kHz. */
export function telephonePcm(path: string): Buffer {
  const samples = decodePcm(readFileSync(path).subarray(WAV_HEADER_BYTES), { encoding: "pcm_s16le", channels: 1 });
  const resampler = new StreamingResampler(16_000, 8000);
  const body = encodePcm(resampler.process(samples), "pcm_s16le");
  return Buffer.concat([body, encodePcm(resampler.flush(), "pcm_s16le")]);
}

/** G.711 mu-law of 16-bit PCM. */
export function muLaw(pcm: Buffer): Buffer {
  const codes = [...MU_LAW.keys()].sort((a, b) => MU_LAW[a]! - MU_LAW[b]!);
  return Buffer.from(
    Uint8Array.from({ length: pcm.length / 2 }, (_, i) => {
      const sample = pcm.readInt16LE(2 * i);
      const at = codes.findIndex((code) => MU_LAW[code]! >= sample);
      return at < 0 ? codes.at(-1)! : codes[at]!;
    }),
  );
}

export interface Subscriber {
  events: CallEvent[];
  socket: WebSocket;
  /** Resolves with the event that ends the call. */
  ended(call: string): Promise<Extract<CallEvent, { type: "call_end" }>>;
}

export async function subscribe(port: number, query = "", headers: Record<string, string> = {}): Promise<Subscriber> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/calls${query}`, { headers });
  onTestFinished(() => socket.terminate());
  const events: CallEvent[] = [];
  socket.on("message", (data) => events.push(JSON.parse(String(data))));
  await once(socket, "open");
  const ended = (call: string) =>
    vi.waitFor(
      () => {
        const end = events.find((event) => event.type === "call_end" && event.call === call);
        if (end?.type !== "call_end") throw new Error(`no end of ${call} in ${JSON.stringify(events)}`);
        return end;
      },
      { timeout: 60_000 },
    );
  return { events, socket, ended };
}

export interface Receiver {
  url: string;
  requests: { headers: IncomingHttpHeaders; body: string }[];
}

/** A webhook's receiver. @param status of the answer to the n-th request */
export async function receiver(status: (n: number) => number = () => 204): Promise<Receiver> {
  const requests: Receiver["requests"] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      requests.push({ headers: request.headers, body });
      response.writeHead(status(requests.length)).end();
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/calls`, requests };
}
