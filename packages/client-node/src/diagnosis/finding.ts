/** What the doctor found about one thing. */
export interface Finding {
  /** Stable name of the check. */
  id: "versions" | "recorder" | "devices" | "microphone" | "control" | "data" | "session" | "clipboard" | "terminal";
  /** `warn`: it works, but not as well as it could; `broken`: dictation cannot work like this. */
  status: "ok" | "warn" | "broken";
  /** One sentence. */
  finding: string;
  /** What to do; absent when nothing is needed. */
  remedy?: string;
}

/** Puts values into a sentence's `{name}` places. */
export function fill(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}
