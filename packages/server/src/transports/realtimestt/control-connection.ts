import { isSttError, type SttError } from "@stt/core";
import type { WebSocket } from "ws";
import { SessionSocket } from "../socket/session-socket.js";
import type { Wire } from "../socket/wire.js";
import type { ConnectionRequest } from "../websocket-endpoint.js";
import { type Caller, type Command, execute, isLegacy, isObject, sentenceOf } from "./commands.js";
import type { DataConnection } from "./data-connection.js";
import type { RealtimeSttContext } from "./realtimestt-context.js";
import { Recorder } from "./recorder.js";

const INVALID_JSON = "Invalid JSON command";
/** Longest `request_id` that is a text. */
const MAX_REQUEST_ID = 128;

export interface ControlHooks {
  data(): DataConnection | undefined;
  /** A command that is about the client's own data socket came. */
  commanded(): void;
}

/** RealtimeSTT's control socket: one reply for each command, in their order. */
export class ControlConnection implements Caller, Wire<object> {
  readonly name = "realtimestt-control";
  readonly encode = JSON.stringify;
  readonly principal: Caller["principal"];
  readonly address: string;
  readonly recorder: Recorder;
  readonly #socket: SessionSocket<object>;
  readonly #context: RealtimeSttContext;
  readonly #hooks: ControlHooks;

  constructor(webSocket: WebSocket, request: ConnectionRequest, context: RealtimeSttContext, hooks: ControlHooks) {
    this.principal = request.principal;
    this.address = request.address;
    this.recorder = new Recorder(() => context.host.defaults());
    this.#context = context;
    this.#hooks = hooks;
    this.#socket = new SessionSocket(webSocket, request, context, this);
  }

  data(): DataConnection | undefined {
    return this.#hooks.data();
  }

  async onMessage(data: Buffer, isBinary: boolean): Promise<void> {
    // Binary means nothing on this socket, as in the original.
    if (!isBinary) this.#socket.send(await this.#reply(data.toString("utf8")));
  }

  onError({ message }: SttError): void {
    this.#socket.send({ status: "error", message });
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
