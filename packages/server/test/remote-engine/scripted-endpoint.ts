import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface ReceivedRequest {
  path: string;
  authorization: string | undefined;
  /** Fields of the form that are no file, in their order. */
  fields: [string, string][];
  wav: Buffer;
}

/** Answers one request. */
export type Script = (response: ServerResponse, request: ReceivedRequest, index: number) => void;

/** An endpoint that does what a test says, faults included. */
export class ScriptedEndpoint {
  readonly requests: ReceivedRequest[] = [];
  /** Requests that were given up before they were answered. */
  abandoned = 0;
  peakOpen = 0;
  script: Script;
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  #open = 0;

  private constructor(script: Script) {
    this.script = script;
  }

  static async start(script: Script): Promise<ScriptedEndpoint> {
    const endpoint = new ScriptedEndpoint(script);
    endpoint.#server.listen(0, "127.0.0.1");
    await once(endpoint.#server, "listening");
    return endpoint;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#open += 1;
    this.peakOpen = Math.max(this.peakOpen, this.#open);
    response.on("close", () => {
      this.#open -= 1;
      if (!response.writableFinished) this.abandoned += 1;
    });
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    const type = request.headers["content-type"] ?? "";
    const form = await new Response(Buffer.concat(pieces), { headers: { "Content-Type": type } }).formData();
    const fields = [...form].filter((entry): entry is [string, string] => typeof entry[1] === "string");
    const received = {
      path: request.url ?? "",
      authorization: request.headers.authorization,
      fields,
      wav: Buffer.from(await (form.get("file") as File).arrayBuffer()),
    };
    this.requests.push(received);
    this.script(response, received, this.requests.length - 1);
  }
}

export function answer(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) {
  response.writeHead(status, { "Content-Type": "application/json", ...headers });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}

export const VERBOSE = {
  task: "transcribe",
  language: "german",
  duration: 2,
  text: " Guten Tag. Auf Wiedersehen.",
  segments: [
    { id: 0, start: 0, end: 1, text: " Guten Tag.", avg_logprob: -0.1, no_speech_prob: 0.01, tokens: [1, 2, 3] },
    { id: 1, start: 1, end: 2, text: " Auf Wiedersehen.", avg_logprob: -0.3, no_speech_prob: 0.02, tokens: [] },
  ],
  words: [
    { word: "Guten", start: 0, end: 0.4 },
    { word: "Tag.", start: 0.4, end: 1 },
    { word: "Auf", start: 1, end: 1.2 },
    { word: "Wiedersehen.", start: 1.2, end: 2 },
  ],
};
