/** A transcript that can be watched. */
import { callback, checkArgument } from "../callers/arguments.js";
import { type Field, isObject, text } from "../callers/fields.js";
import { ListenerSet } from "../callers/listener-set.js";
import type { ServerMessage } from "../protocol/messages.js";
import {
  EMPTY_TRANSCRIPT,
  type TranscriptAction,
  type TranscriptSegment,
  type TranscriptState,
  transcriptReducer,
} from "./reducer.js";

/** Fits React's `useSyncExternalStore` as it is; all methods may be passed on without their object. */
export interface TranscriptStore {
  /** The present transcript; the same object until something changes. */
  getSnapshot(): TranscriptState;
  /** Calls `listener` after each change. @returns a function that ends it */
  subscribe(listener: () => void): () => void;
  /** Takes a message of the server, or an action of the user. Messages that say nothing about text are fine. */
  dispatch(message: ServerMessage | TranscriptAction): void;
  /** Removes everything said so far; late messages about it are ignored. */
  clear(): void;
  /** Removes one segment. */
  remove(id: string): void;
  /** Removes the latest segment. @returns it, or `undefined` when there is none */
  undo(): TranscriptSegment | undefined;
}

const MESSAGE: Field<ServerMessage | TranscriptAction> = {
  expected: "a message with a type",
  is: (value): value is ServerMessage | TranscriptAction => isObject(value) && text.is(value.type),
};

/** @param initial a transcript to go on with. @default an empty one */
export function createTranscriptStore(initial: TranscriptState = EMPTY_TRANSCRIPT): TranscriptStore {
  let state = initial;
  const listeners = new ListenerSet();

  const dispatch = (message: ServerMessage | TranscriptAction): void => {
    checkArgument("dispatch", message, MESSAGE);
    const next = transcriptReducer(state, message);
    if (next === state) return;
    state = next;
    listeners.call();
  };

  return {
    getSnapshot: () => state,
    subscribe(listener) {
      checkArgument("subscribe", listener, callback);
      return listeners.add(listener);
    },
    dispatch,
    clear: () => dispatch({ type: "clear" }),
    remove(id) {
      checkArgument("remove", id, text);
      dispatch({ type: "remove", id });
    },
    undo() {
      const last = state.segments[state.segments.length - 1];
      if (last) dispatch({ type: "remove", id: last.id });
      return last;
    },
  };
}
