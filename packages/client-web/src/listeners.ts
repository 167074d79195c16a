/** Listeners by event name. */
import { callback, checkArgument, ListenerSet, oneOf } from "@stt/core/callers";

/** Many listeners for each event; a listener may be added twice, and removed during delivery. */
export class Listeners<Events extends Record<string, unknown>> {
  readonly #sets: ReadonlyMap<keyof Events, ListenerSet<[never]>>;

  /** @param types the names of all events */
  constructor(types: readonly (keyof Events & string)[]) {
    // A listener's fault must not cost audio.
    this.#sets = new Map(types.map((type) => [type, new ListenerSet()]));
  }

  /** @returns a function that removes it. @throws SttError `invalid_argument` */
  on<T extends keyof Events & string>(type: T, listener: (value: Events[T]) => void): () => void {
    checkArgument("on", type, oneOf(...([...this.#sets.keys()] as string[])));
    checkArgument("on", listener, callback);
    return this.#sets.get(type)!.add(listener);
  }

  emit<T extends keyof Events & string>(type: T, value: Events[T]): void {
    this.#sets.get(type)?.call(value as never);
  }
}
