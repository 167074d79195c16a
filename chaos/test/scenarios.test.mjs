/** The short form of what `npm run chaos` does; needs the built server, as `npm test` leaves it. */
import { describe, expect, it } from "vitest";

/** Quick enough for every run of the tests; the others are for `npm run chaos`. */
const SCENARIOS = ["resume", "rolling", "fuzz", "audio-files"];

describe("chaos", () => {
  it.each(SCENARIOS)("%s: every row is as it should be", { timeout: 400_000 }, async (name) => {
    const { run } = await import(`../${name}.mjs`);
    const rows = await run({ short: true });
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.flatMap(({ fault, failures }) => failures.map((failure) => `${fault}: ${failure}`))).toEqual([]);
  });
});
