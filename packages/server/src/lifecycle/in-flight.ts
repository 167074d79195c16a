import type { IncomingMessage, ServerResponse } from "node:http";

type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** Counts the HTTP requests that are being answered: a file that is being transcribed is worth waiting for. */
export class InFlight {
  #size = 0;

  /** @param counts whether a request is waited for. @default all are */
  constructor(private readonly counts: (request: IncomingMessage) => boolean = () => true) {}

  get size(): number {
    return this.#size;
  }

  wrap(handler: RequestHandler): RequestHandler {
    return (request, response) => {
      if (!this.counts(request)) return handler(request, response);
      this.#size += 1;
      response.once("close", () => {
        this.#size -= 1;
      });
      handler(request, response);
    };
  }
}
