import { randomUUID } from "node:crypto";
import { SttError } from "@stt/core";
import type { SessionEvent } from "./events.js";
import type { SessionRecord, SessionSummary } from "./session-record.js";

/** All open sessions. */
export class SessionRegistry {
  readonly #records = new Map<string, SessionRecord>();
  readonly #speakers = new Set<SessionRecord>();

  /** Open sessions. */
  get size(): number {
    return this.#records.size;
  }

  /** Sessions with an open utterance. */
  get speaking(): number {
    return this.#speakers.size;
  }

  /** Sessions with an open utterance whose audio comes as it is spoken. A file that is sent faster can wait. */
  get liveSpeakers(): number {
    let live = 0;
    for (const { session } of this.#speakers) if (session.live) live += 1;
    return live;
  }

  /** As they are now, oldest first: sessions may end while one goes through them. */
  all(): SessionRecord[] {
    return [...this.#records.values()];
  }

  /** What an operator sees of them, oldest first. */
  summaries(): SessionSummary[] {
    return this.all().map((record) => record.summary());
  }

  /** A resumed session keeps its name, unless somebody else is using it here: then it gets a new one. */
  nameFor(wanted: string | undefined): string {
    return wanted !== undefined && !this.#records.has(wanted) ? wanted : randomUUID();
  }

  add(record: SessionRecord): void {
    this.#records.set(record.session.id, record);
  }

  /** Something happened in a session. */
  observe(record: SessionRecord, event: SessionEvent): void {
    record.observe(event);
    if (record.speaking) this.#speakers.add(record);
    else this.#speakers.delete(record);
  }

  remove(record: SessionRecord): void {
    this.#records.delete(record.session.id);
    this.#speakers.delete(record);
  }

  /**
   * Ends a session: its client gets the finals that are pending and the `end` event, on which its transport closes the connection.
   * Resolves when it has ended.
   *
   * @throws SttError `not_found`.
   */
  async end(id: string): Promise<void> {
    const record = this.#records.get(id);
    if (!record) throw new SttError("not_found", `There is no open session ${JSON.stringify(id)}.`);
    await record.session.stop();
  }

  /** Drops every session. */
  close(): void {
    for (const { session } of this.all()) session.close();
  }
}
