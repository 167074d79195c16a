/** What terminals send for keys. */

const LETTERS: Readonly<Record<string, string>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  F: "end",
  H: "home",
  P: "f1",
  Q: "f2",
  R: "f3",
  S: "f4",
  // The Linux console.
  "[A": "f1",
  "[B": "f2",
  "[C": "f3",
  "[D": "f4",
  "[E": "f5",
};

const NUMBERS: Readonly<Record<string, string>> = {
  1: "home",
  2: "insert",
  3: "delete",
  4: "end",
  5: "pageup",
  6: "pagedown",
  7: "home",
  8: "end",
  11: "f1",
  12: "f2",
  13: "f3",
  14: "f4",
  15: "f5",
  17: "f6",
};

/** rxvt: arrows with Ctrl are ESC O a, with Shift ESC [ a. */
const RXVT: Readonly<Record<string, string>> = { a: "up", b: "down", c: "right", d: "left" };

/** `ESC [ parameters final`; undefined for what is no key of ours. */
export function csiKey(parameters: string, final: string): string | undefined {
  const [first = "", second = ""] = parameters.split(";");
  if (final === "~") return named(NUMBERS[first], second);
  if (final === "^") return named(NUMBERS[first], "5");
  if (final === "Z") return "shift+tab";
  return RXVT[final] && parameters === "" ? `shift+${RXVT[final]}` : named(LETTERS[final], second);
}

/** What became of the key, behind a colon, where a terminal was asked for it (kitty's keyboard protocol). */
export function keyEvent(parameters: string): "press" | "repeat" | "release" {
  const [, kind] = parameters.split(";")[1]?.split(":") ?? [];
  return kind === "3" ? "release" : kind === "2" ? "repeat" : "press";
}

/** `ESC O parameters final`. */
export function ss3Key(parameters: string, final: string): string | undefined {
  return RXVT[final] ? `ctrl+${RXVT[final]}` : named(LETTERS[final], parameters.split(";").at(-1) ?? "");
}

/** A control character; undefined for any other. */
export function controlKey(character: string): string | undefined {
  const code = character.charCodeAt(0);
  if (character === "\r" || character === "\n") return "enter";
  if (character === "\t") return "tab";
  if (code === 0x7f || code === 0x08) return "backspace";
  if (code >= 1 && code <= 26) return `ctrl+${String.fromCharCode(96 + code)}`;
  return code === 0x1f ? "ctrl+_" : undefined;
}

/** The modifier parameter is 1 plus a bit each for Shift, Alt and Ctrl. */
function named(key: string | undefined, modifier: string): string | undefined {
  if (key === undefined) return undefined;
  const [bitsAndOne] = modifier.split(":");
  const bits = Math.max(0, Number(bitsAndOne || 1) - 1);
  return `${bits & 4 ? "ctrl+" : ""}${bits & 2 ? "alt+" : ""}${bits & 1 ? "shift+" : ""}${key}`;
}
