/** Listeners by event name. */

/** Many listeners for each event; a listener may be added twice, and removed during delivery. */
export class Listeners<Events extends Record<string, unknown>> {
  readonly #sets = new Map<keyof Events, Set<(value: never) => void>>();

  /** @returns a function that removes it */
  on<T extends keyof Events>(type: T, listener: (value: Events[T]) => void): () => void {
    const entry = (value: Events[T]) => listener(value);
    const set = this.#sets.get(type) ?? new Set();
    this.#sets.set(type, set.add(entry));
    return () => {
      set.delete(entry);
    };
  }

  emit<T extends keyof Events>(type: T, value: Events[T]): void {
    const set = this.#sets.get(type);
    if (!set) return;
    for (const listener of [...set]) {
      try {
        (listener as (value: Events[T]) => void)(value);
      } catch (error) {
        // A listener's fault must not cost audio; the browser reports it as an unhandled rejection.
        void Promise.reject(error);
      }
    }
  }
}
