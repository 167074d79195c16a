/** The history in the browser's database. Sound lies apart from texts, so that listing them reads none. */
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { HistoryEntry } from "./entry.js";

const DATABASE = "stt-editor";
/** The oldest beyond this go, with their sound. */
const MAX_ENTRIES = 20_000;
/** How many go at once, so that not every new one makes the database look. */
const SPARE_ENTRIES = 200;

/** 16 kHz mono, 16 bits. */
interface Sound {
  id: string;
  pcm: ArrayBuffer;
}

interface Schema extends DBSchema {
  entries: { key: string; value: HistoryEntry; indexes: { at: number } };
  sound: { key: string; value: Sound };
}

export class HistoryStore {
  readonly #db: IDBPDatabase<Schema>;
  readonly #listeners = new Set<() => void>();
  /** For the other tabs. */
  readonly #channel = new BroadcastChannel(DATABASE);

  private constructor(db: IDBPDatabase<Schema>) {
    this.#db = db;
    this.#channel.onmessage = () => this.#call();
  }

  /** @throws DOMException where the browser keeps nothing, as in some private windows */
  static async open(): Promise<HistoryStore> {
    const db = await openDB<Schema>(DATABASE, 1, {
      upgrade(created) {
        created.createObjectStore("entries", { keyPath: "id" }).createIndex("at", "at");
        created.createObjectStore("sound", { keyPath: "id" });
      },
      // A newer page wants to change it.
      blocking: (_, __, event) => (event.target as IDBDatabase).close(),
    });
    return new HistoryStore(db);
  }

  /** Calls `listener` after each change, another tab's too. @returns a function that ends it */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The newest first. */
  async list(limit: number): Promise<HistoryEntry[]> {
    const found: HistoryEntry[] = [];
    let cursor = await this.#db.transaction("entries").store.index("at").openCursor(null, "prev");
    for (; cursor && found.length < limit; cursor = await cursor.continue()) found.push(cursor.value);
    return found;
  }

  /** Adds it, or takes the place of the one with its id. */
  async put(entry: HistoryEntry): Promise<void> {
    await this.#db.put("entries", entry);
    await this.#forgetOldest();
    this.#changed();
  }

  /** @param maxBytes the oldest sound beyond it goes */
  async putWithSound(entry: HistoryEntry, pcm: ArrayBuffer, maxBytes: number): Promise<void> {
    await this.#db.put("sound", { id: entry.id, pcm });
    await this.put({ ...entry, soundBytes: pcm.byteLength });
    await this.limitSound(maxBytes);
  }

  async sound(id: string): Promise<ArrayBuffer | undefined> {
    return (await this.#db.get("sound", id))?.pcm;
  }

  /** Bytes of sound that are kept. Told by the entries, so that none of it is read. */
  async soundBytes(): Promise<number> {
    let bytes = 0;
    let cursor = await this.#db.transaction("entries").store.openCursor();
    for (; cursor; cursor = await cursor.continue()) bytes += cursor.value.soundBytes;
    return bytes;
  }

  /** The oldest sound beyond so many bytes goes; 0 for all of it. The texts stay. */
  async limitSound(maxBytes: number): Promise<void> {
    const transaction = this.#db.transaction(["entries", "sound"], "readwrite");
    const sound = transaction.objectStore("sound");
    let bytes = 0;
    let cursor = await transaction.objectStore("entries").index("at").openCursor(null, "prev");
    for (; cursor; cursor = await cursor.continue()) {
      const entry = cursor.value;
      bytes += entry.soundBytes;
      if (entry.soundBytes === 0 || bytes <= maxBytes) continue;
      await sound.delete(entry.id);
      await cursor.update({ ...entry, soundBytes: 0 });
    }
    await transaction.done;
    this.#changed();
  }

  async remove(ids: readonly string[]): Promise<void> {
    const transaction = this.#db.transaction(["entries", "sound"], "readwrite");
    for (const id of ids) {
      await transaction.objectStore("entries").delete(id);
      await transaction.objectStore("sound").delete(id);
    }
    await transaction.done;
    this.#changed();
  }

  async clear(): Promise<void> {
    const transaction = this.#db.transaction(["entries", "sound"], "readwrite");
    await transaction.objectStore("entries").clear();
    await transaction.objectStore("sound").clear();
    await transaction.done;
    this.#changed();
  }

  async #forgetOldest(): Promise<void> {
    const count = await this.#db.count("entries");
    if (count <= MAX_ENTRIES + SPARE_ENTRIES) return;
    const keys = await this.#db.getAllKeysFromIndex("entries", "at", null, count - MAX_ENTRIES);
    await this.remove(keys);
  }

  #changed(): void {
    this.#channel.postMessage(null);
    this.#call();
  }

  #call(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
