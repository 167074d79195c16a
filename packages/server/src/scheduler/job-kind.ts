/**
 * Kinds of inference, most urgent first. A *speculative* final is decoded while the end silence is still being counted: if
 * speech does not resume, it is promoted to `final` and its result goes out at once. A *batch* job is a piece of a file: nobody
 * hears its delay, so it uses what the live kinds leave.
 */
export const JOB_KINDS = ["final", "speculative", "first-partial", "partial", "batch"] as const;
export type JobKind = (typeof JOB_KINDS)[number];
