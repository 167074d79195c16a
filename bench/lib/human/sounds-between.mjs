/** Between which moments a recording makes sound, by its loudness alone: a measure that no voice detector has a part in. */
const WINDOW = 160;
/** Sound is what comes within so many decibels of the loudest window, three windows of 10 ms in a row. */
const BELOW_PEAK_DB = 30;
const IN_A_ROW = 3;

/**
 * @param {Buffer} pcm 16 kHz mono, 16 bit
 * @returns {{ fromMs: number, toMs: number } | undefined} undefined for silence
 */
export function soundsBetween(pcm) {
  const energies = [];
  for (let at = 0; at + 2 * WINDOW <= pcm.length; at += 2 * WINDOW) {
    let energy = 0;
    for (let i = 0; i < 2 * WINDOW; i += 2) energy += pcm.readInt16LE(at + i) ** 2;
    energies.push(energy);
  }
  const least = energies.reduce((most, each) => Math.max(most, each), 1) / 10 ** (BELOW_PEAK_DB / 10);
  const loud = energies.map((energy) => energy >= least);
  const sounding = loud.map((_, i) => loud.slice(i, i + IN_A_ROW).every(Boolean) && i + IN_A_ROW <= loud.length);
  const first = sounding.indexOf(true);
  if (first < 0) return undefined;
  return { fromMs: 10 * first, toMs: 10 * (sounding.lastIndexOf(true) + IN_A_ROW) };
}
