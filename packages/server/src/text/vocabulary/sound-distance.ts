/** How far two strings of sounds are from each other: an edit distance in which sounds that are taken for each other cost less. */

/** Groups of sounds that a listener takes for each other. */
const ALIKE = ["pb", "td", "kg", "fvw", "sz", "SZCJ", "Jg", "mn", "sS", "zZ", "Ct", "jJ", "lr", "hk"];
const VOWELS = "aeiou";
/** Sounds that are easily lost or put in. */
const FAINT = "hjw";

const COST_OF_VOWEL = 0.25;
const COST_OF_LIKE = 0.35;
const COST_OF_FAINT = 0.4;
const COST_OF_LOST_VOWEL = 0.5;

const CODES = 128;
const substitution = new Float32Array(CODES * CODES).fill(1);
const loss = new Float32Array(CODES).fill(1);
for (let code = 0; code < CODES; code++) substitution[code * CODES + code] = 0;
for (const [group, cost] of [
  [VOWELS, COST_OF_VOWEL] as const,
  ...ALIKE.map((group) => [group, COST_OF_LIKE] as const),
]) {
  for (const a of group) {
    for (const b of group) if (a !== b) substitution[a.charCodeAt(0) * CODES + b.charCodeAt(0)] = cost;
  }
}
for (const sound of VOWELS) loss[sound.charCodeAt(0)] = COST_OF_LOST_VOWEL;
for (const sound of FAINT) loss[sound.charCodeAt(0)] = COST_OF_FAINT;

let above = new Float32Array(64);
let current = new Float32Array(64);

/**
 * @param a sounds as `soundsOf` writes them
 * @param limit distances beyond this come back as Infinity
 * @returns 0 for the same sounds; a sound that is lost or wrong costs up to 1
 */
export function soundDistance(a: string, b: string, limit = Number.POSITIVE_INFINITY): number {
  if (above.length <= b.length) {
    above = new Float32Array(2 * b.length);
    current = new Float32Array(2 * b.length);
  }
  above[0] = 0;
  for (let j = 0; j < b.length; j++) above[j + 1] = above[j]! + loss[b.charCodeAt(j)]!;
  for (let i = 0; i < a.length; i++) {
    const row = a.charCodeAt(i);
    let least = above[0]! + loss[row]!;
    current[0] = least;
    for (let j = 0; j < b.length; j++) {
      const column = b.charCodeAt(j);
      const cost = Math.min(
        above[j]! + substitution[row * CODES + column]!,
        above[j + 1]! + loss[row]!,
        current[j]! + loss[column]!,
      );
      current[j + 1] = cost;
      if (cost < least) least = cost;
    }
    if (least > limit) return Number.POSITIVE_INFINITY;
    [above, current] = [current, above];
  }
  const distance = above[b.length]!;
  return distance > limit ? Number.POSITIVE_INFINITY : distance;
}

/** Groups whose sounds are seldom taken for those of another one. */
const GROUPS = ["pb", "td", "kg", "fv", "szSZ", "m", "n", "l", "r"];

/** How often each of the {@link GROUPS} sounds. */
export function soundCounts(sounds: string): Uint8Array {
  const counts = new Uint8Array(GROUPS.length);
  for (const sound of sounds) {
    const group = GROUPS.findIndex((group) => group.includes(sound));
    if (group >= 0) counts[group]!++;
  }
  return counts;
}

/** Less than nearly every distance of two strings with these counts, and quicker to find. */
export function leastDistance(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!);
  return sum / 2;
}
