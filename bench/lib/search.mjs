/**
 * The largest number for which `probe` says yes: doubling, then halving the gap.
 *
 * @param {(n: number) => Promise<boolean>} probe
 * @param {{ from: number, most: number, tolerance: number }} options `tolerance` is relative
 */
export async function largest(probe, { from, most, tolerance }) {
  let good = 0;
  let bad = Number.POSITIVE_INFINITY;
  let n = from;
  while (n <= most) {
    if (await probe(n)) good = n;
    else bad = n;
    if (bad === Number.POSITIVE_INFINITY) n *= 2;
    else if (bad - good <= Math.max(1, tolerance * good)) break;
    else n = Math.round((good + bad) / 2);
  }
  return good;
}
