/** The text that survives a reload, a crash and a closed window: one draft for each tab. */

import { newId } from "./new-id.js";

const PREFIX = "stt-editor.draft.";
const TAB_KEY = "stt-editor.draft";
/** How long after the last change a draft is written. */
const SAVE_DELAY_MS = 400;

interface Stored {
  text: string;
  savedAt: number;
}

/**
 * Takes this tab's draft up again, else the latest one that no open tab has: two tabs never write the same one. A lock that the
 * browser ends with the tab tells which are in use.
 */
export async function openDraft(): Promise<Draft> {
  const mine = tabsDraft();
  const others = storedDrafts().map(({ id }) => id);
  for (const id of mine === null ? others : [mine, ...others]) {
    if (await hold(id)) return new Draft(id);
  }
  const id = newId();
  await hold(id);
  return new Draft(id);
}

export class Draft {
  /** What was kept. */
  readonly text: string;
  #pending: string | undefined;
  #kept: string;
  #timer: number | undefined;
  readonly #id: string;

  constructor(id: string) {
    this.#id = id;
    try {
      sessionStorage.setItem(TAB_KEY, id);
    } catch {
      // Storage is blocked: then nothing is kept, which is told with the first change.
    }
    this.text = readDraft(PREFIX + id)?.text ?? "";
    this.#kept = this.text;
  }

  /**
   * Keeps a text, soon.
   *
   * @param onFailure called when the browser's storage does not take it
   */
  save(text: string, onFailure: () => void): void {
    // What is only opened keeps the time at which it was written.
    if (text === (this.#pending ?? this.#kept)) return;
    this.#pending = text;
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      if (!this.flush()) onFailure();
    }, SAVE_DELAY_MS);
  }

  /** Keeps what is to be kept now. @returns whether it is */
  flush(): boolean {
    window.clearTimeout(this.#timer);
    const pending = this.#pending;
    if (pending === undefined) return true;
    this.#pending = undefined;
    this.#kept = pending;
    try {
      if (pending === "") localStorage.removeItem(PREFIX + this.#id);
      else {
        const stored: Stored = { text: pending, savedAt: Date.now() };
        localStorage.setItem(PREFIX + this.#id, JSON.stringify(stored));
      }
      return true;
    } catch {
      return false;
    }
  }
}

/** Holds a draft for as long as the tab lives. @returns false when another tab has it */
function hold(id: string): Promise<boolean> {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    const held = navigator.locks.request(PREFIX + id, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock ? new Promise<void>(() => {}) : undefined;
    });
    // Where storage is blocked locks may be too; then there is nothing to share.
    held.catch(() => resolve(true));
  });
}

function tabsDraft(): string | null {
  try {
    return sessionStorage.getItem(TAB_KEY);
  } catch {
    return null;
  }
}

/** Newest first. */
function storedDrafts(): { id: string; savedAt: number }[] {
  return storedKeys()
    .filter((key) => key.startsWith(PREFIX))
    .flatMap((key) => {
      const draft = readDraft(key);
      return draft ? [{ id: key.slice(PREFIX.length), savedAt: draft.savedAt }] : [];
    })
    .sort((a, b) => b.savedAt - a.savedAt);
}

function storedKeys(): string[] {
  try {
    return Object.keys(localStorage);
  } catch {
    return [];
  }
}

function readDraft(key: string): Stored | undefined {
  try {
    const { text, savedAt } = JSON.parse(localStorage.getItem(key) ?? "") as Partial<Stored>;
    return typeof text === "string" ? { text, savedAt: Number(savedAt) || 0 } : undefined;
  } catch {
    return undefined;
  }
}
