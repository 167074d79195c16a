import { isSttError } from "@stt/core";
import type { WebSocket } from "ws";
import type { Visitor } from "../door.js";
import { type Caller, type Command, execute, isLegacy, isObject, sentenceOf } from "./commands.js";
import type { DataConnection } from "./data-connection.js";
import type { RealtimeSttContext } from "./realtimestt.js";
import { Recorder } from "./recorder.js";

const INVALID_JSON = "Invalid JSON command";
/** Longest `request_id` that is a text. */
const MAX_REQUEST_ID = 128;

export interface ControlHooks {
  data(): DataConnection | undefined;
  /** A command that is about the client's own data socket came. */
  commanded(): void;
}

/** Serves one control socket: one reply for each command, in their order. */
export class ControlConnection implements Caller {
  readonly principal: Caller["principal"];
  readonly address: string;
  readonly recorder: Recorder;
  readonly #socket: WebSocket;
  readonly #context: RealtimeSttContext;
  readonly #hooks: ControlHooks;
  readonly #queue: string[] = [];
  #busy = false;

  constructor(socket: WebSocket, context: RealtimeSttContext, visitor: Visitor, hooks: ControlHooks) {
    const { host } = context;
    this.principal = visitor.principal;
    this.address = visitor.address;
    this.recorder = new Recorder(() => host.defaults());
    this.#socket = socket;
    this.#context = context;
    this.#hooks = hooks;
    socket.on("message", (data: Buffer, isBinary: boolean) => {
      // Binary means nothing on this socket, as in the original.
      if (isBinary || !visitor.guard.countMessage()) return;
      this.#queue.push(data.toString("utf8"));
      void this.#work();
    });
    socket.on("close", () => {
      this.#queue.length = 0;
    });
    // `ws` closes the socket itself after a broken frame; without a listener the process would end.
    socket.on("error", (error) => host.log.info({ err: error }, "a client broke the WebSocket protocol"));
  }

  data(): DataConnection | undefined {
    return this.#hooks.data();
  }

  async #work(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    // Only what has been read already is kept here; the rest waits in the sender's socket.
    this.#socket.pause();
    for (let text = this.#queue.shift(); text !== undefined; text = this.#queue.shift()) {
      const reply = await this.#reply(text);
      if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(reply));
    }
    this.#busy = false;
    this.#socket.resume();
  }

  async #reply(text: string): Promise<object> {
    const command = parse(text);
    if (!command) return { status: "error", message: INVALID_JSON };
    const id = requestIdOf(command);
    try {
      if (isLegacy(command)) {
        this.#hooks.commanded();
        await this.#context.host.ready;
      }
      return { status: "success", ...(await execute(command, this, this.#context.operations)), ...id };
    } catch (error) {
      if (!isSttError(error)) this.#context.host.log.error({ err: error }, "a control command failed");
      return { status: "error", message: sentenceOf(error), ...id };
    }
  }
}

function parse(text: string): Command | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function requestIdOf({ request_id: id }: Command): { request_id?: string | number } {
  if (typeof id === "number") return { request_id: id };
  return typeof id === "string" && id.length <= MAX_REQUEST_ID ? { request_id: id } : {};
}
