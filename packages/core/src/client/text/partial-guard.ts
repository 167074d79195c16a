/** Keeps the promises of partials across a reconnect. */
import type { ServerMessageOf } from "../../protocol/messages.js";
import { joinText } from "../../speech/text-format.js";

type Partial = ServerMessageOf<"partial">;

/**
 * A server that takes over an utterance decodes it from the beginning: its revisions start anew and its committed text is
 * short again. To the reader, revisions still grow and committed text still stands: what an earlier server committed is kept,
 * and hypotheses that contradict it are held back until the final decides.
 */
export class PartialGuard {
  #latest: Partial | undefined;
  #inherited: Partial | undefined;

  /** Another server continues. */
  resumed(): void {
    this.#inherited = this.#latest;
  }

  /** @returns what the reader should see, or `undefined` for nothing new. */
  admit(partial: Partial): Partial | undefined {
    const inherited = this.#inherited;
    let admitted: Partial | undefined = partial;
    if (inherited?.utterance === partial.utterance) {
      admitted = continued(inherited.committed, partial);
      if (admitted) admitted = { ...admitted, revision: partial.revision + inherited.revision + 1 };
    }
    if (admitted) this.#latest = admitted;
    return admitted;
  }
}

function continued(held: string, partial: Partial): Partial | undefined {
  if (partial.committed.startsWith(held)) return partial;
  const full = joinText(partial.committed, partial.tentative, partial.language);
  if (!full.startsWith(held)) return undefined;
  return { ...partial, committed: held, tentative: full.slice(held.length).trimStart() };
}
