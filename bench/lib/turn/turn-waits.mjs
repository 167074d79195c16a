/** What a rule for the ends of turns costs: how often it cuts a speaker off in a pause, and how long everybody waits at the end. */
import { percentile, sum } from "../stats.mjs";

/**
 * Lengths of pauses within a turn, log-normal. Assumed: prompts that are read hold no hesitation. `fluent` has 8 % above 700 ms and 2 %
 * above a second, `thinking` 50 % and 28 %.
 */
export const SPEAKERS = {
  fluent: { medianMs: 350, sigma: 0.5 },
  thinking: { medianMs: 700, sigma: 0.6 },
};

/** Share of a speaker's pauses that are longer than a wait. */
export function longerThan(waitMs, { medianMs, sigma }) {
  return 1 - normal(Math.log(waitMs / medianMs) / sigma);
}

/**
 * @param {{ waitMs: number }[]} pauses the wait that the rule has in each pause within a turn
 * @param {{ waitMs: number }[]} ends and at each end
 */
export function costs(pauses, ends) {
  const waits = ends.map(({ waitMs }) => waitMs);
  const cutOff = (speaker) => (100 * sum(pauses.map(({ waitMs }) => longerThan(waitMs, speaker)))) / pauses.length;
  return {
    fluent: cutOff(SPEAKERS.fluent),
    thinking: cutOff(SPEAKERS.thinking),
    p50: percentile(waits, 50),
    p90: percentile(waits, 90),
    mean: sum(waits) / waits.length,
  };
}

/** The normal distribution function (Abramowitz and Stegun 7.1.26, to 1e-7). */
function normal(z) {
  const t = 1 / (1 + 0.3275911 * (Math.abs(z) / Math.SQRT2));
  const poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const erf = 1 - poly * Math.exp(-(z * z) / 2);
  return z >= 0 ? (1 + erf) / 2 : (1 - erf) / 2;
}
