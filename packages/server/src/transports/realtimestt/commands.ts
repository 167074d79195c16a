import { isSttError, messageOf, SttError } from "@stt/core";
import type { Operations } from "../../admin/operations.js";
import type { ModelChoice } from "../../engines/model-switcher.js";
import type { Principal } from "../../security/access.js";
import type { DataConnection } from "./data-connection.js";
import { Recorder } from "./recorder.js";

/** A control socket as its commands see it. */
export interface Caller {
  readonly principal: Principal;
  readonly address: string;
  /** Parameters as long as there is no data socket: they go to the first that comes. */
  readonly recorder: Recorder;
  /** Its data socket, if it has one. */
  data(): DataConnection | undefined;
}

/** A JSON object that a control socket sent. */
export type Command = Readonly<Record<string, unknown>>;
/** What a reply adds to `status` and `request_id`. */
type Reply = Record<string, unknown>;

/** The original's own words; all others are about the server and need no loaded models. */
const LEGACY = new Set<unknown>(["set_parameter", "get_parameter", "call_method"]);
/** Characters of a client's own text that an error repeats. */
const MAX_ECHO = 200;
/** Characters of a model's name or path. */
const MAX_MODEL = 4096;

/** Whether a command is about the caller's own data socket. */
export function isLegacy({ command }: Command): boolean {
  return LEGACY.has(command);
}

/**
 * Carries out one command.
 *
 * @returns the reply's fields.
 * @throws SttError whose message is the reply's.
 */
export function execute(command: Command, caller: Caller, operations: Operations): Reply | Promise<Reply> {
  switch (command.command) {
    case "set_parameter":
      return setParameter(command, caller);
    case "get_parameter":
      return getParameter(command, caller);
    case "call_method":
      return callMethod(command, caller);
    case "status":
      return { command: "status", value: operations.status() };
    case "models":
      return operations.models().then((value) => ({ command: "models", value }));
    case "pull_model":
      requireAdmin(caller, "pull_model");
      return { command: "pull_model", value: operations.pullModel(textOf(command, "name"), caller.principal.name) };
    case "switch_model":
      requireAdmin(caller, "switch_model");
      return operations
        .switchModel(choiceOf(command), caller.principal.name)
        .then((value) => ({ command: "switch_model", value }));
    case "get_config":
      requireAdmin(caller, "get_config");
      return { command: "get_config", value: operations.config(namesOf(command)) };
    case "set_config":
      requireAdmin(caller, "set_config");
      return { command: "set_config", value: operations.setConfig(valuesOf(command), caller.principal.name) };
    case "sessions":
      return { command: "sessions", value: visibleSessions(caller, operations) };
    case "close_session":
      return closeSession(command, caller, operations);
    default:
      throw badCommand(`Unknown command ${pythonText(command.command)}`);
  }
}

function choiceOf(command: Command): ModelChoice {
  const choice: ModelChoice = {};
  for (const slot of ["final", "partial"] as const)
    if (command[slot] !== undefined) choice[slot] = textOf(command, slot);
  if (choice.final === undefined && choice.partial === undefined) {
    throw badCommand("switch_model needs final, partial or both: names of models");
  }
  return choice;
}

function textOf(command: Command, field: string): string {
  const value = command[field];
  if (typeof value === "string" && value !== "" && value.length <= MAX_MODEL) return value;
  throw badCommand(`${command.command} needs ${field}: the name of a model, a text`);
}

function setParameter({ parameter, value }: Command, caller: Caller): Reply {
  if (!Recorder.has(parameter)) throw badCommand(`Parameter ${pythonText(parameter)} is not allowed (set_parameter)`);
  (caller.data()?.recorder ?? caller.recorder).set(parameter, value);
  const message = `Parameter ${parameter} set to ${pythonText(value)}`;
  if (parameter !== "use_wake_words" || value !== true) return { message };
  return { message, warning: "This server has no wake words: it always listens." };
}

function getParameter({ parameter }: Command, caller: Caller): Reply {
  if (!Recorder.has(parameter)) throw badCommand(`Parameter ${pythonText(parameter)} is not allowed (get_parameter)`);
  return { parameter, value: (caller.data()?.recorder ?? caller.recorder).get(parameter) };
}

/** `text`, `set_microphone` and `shutdown` concern a recorder of one's own, not a server: there they do nothing. */
const METHODS: Readonly<Record<string, (data: DataConnection) => void>> = {
  stop: (data) => data.stop(),
  abort: (data) => data.abort(),
  clear_audio_queue: (data) => data.clearAudioQueue(),
  wakeup: (data) => data.wakeup(),
  set_microphone: () => {},
  text: () => {},
  shutdown: () => {},
};

function callMethod({ method }: Command, caller: Caller): Reply {
  if (typeof method !== "string" || !Object.hasOwn(METHODS, method)) {
    throw badCommand(`Method ${pythonText(method)} is not allowed`);
  }
  const data = caller.data();
  if (data) METHODS[method]!(data);
  return { message: `Method ${method} called` };
}

function visibleSessions(caller: Caller, operations: Operations) {
  const all = operations.sessions();
  if (isAdmin(caller)) return all;
  const own = caller.data()?.sessionId;
  return all.filter(({ id }) => id === own);
}

async function closeSession({ id }: Command, caller: Caller, operations: Operations): Promise<Reply> {
  const own = caller.data()?.sessionId;
  const wanted = id ?? own;
  if (wanted === undefined)
    throw badCommand("close_session needs an id: this control socket has no session of its own");
  if (typeof wanted !== "string") throw badCommand("close_session needs an id that is a text");
  if (wanted !== own) requireAdmin(caller, "close_session of another session");
  await operations.endSession(wanted);
  return { command: "close_session", value: wanted };
}

function namesOf({ names }: Command): string[] | undefined {
  if (names === undefined) return undefined;
  if (Array.isArray(names) && names.every((name) => typeof name === "string")) return names;
  throw badCommand("get_config needs names as a list of texts, or none");
}

function valuesOf({ values }: Command): Record<string, unknown> {
  if (isObject(values)) return values;
  throw badCommand('set_config needs values, for example {"BEAM_SIZE": 5}');
}

function isAdmin({ principal }: Caller): boolean {
  return principal.scopes.has("admin");
}

function requireAdmin(caller: Caller, what: string): void {
  if (!isAdmin(caller)) throw new SttError("forbidden", `${what} needs the scope admin`);
}

function badCommand(message: string): SttError {
  return new SttError("bad_message", message);
}

/** The words of a failure for a reply. */
export function sentenceOf(error: unknown): string {
  return isSttError(error) ? messageOf(error) : "The server failed to carry this out.";
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value as Python writes it into a text: the original's replies contain it. */
export function pythonText(value: unknown): string {
  if (value === true) return "True";
  if (value === false) return "False";
  if (value === null || value === undefined) return "None";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.slice(0, MAX_ECHO);
}
