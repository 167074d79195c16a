/** Playing to a server until there is something to measure. */
import { Pacer } from "./pacer.mjs";
import { sleep } from "./stats.mjs";

/** A final that has not come after this long will not come. */
const PATIENCE_MS = 5000;

/** Plays each speaker's playlist once and waits for the finals. @returns how late the generator was, p99 in milliseconds */
export async function playOnce(speakers, recordings) {
  const pacer = new Pacer(speakers).start();
  while (!speakers.every((speaker) => speaker.hushed)) {
    await sleep(20);
    for (const speaker of speakers) if (speaker.spoken >= recordings) speaker.hushed = true;
  }
  await untilSettled(speakers);
  pacer.stop();
  return pacer.latenessMs();
}

/** Lets everybody finish his sentence and waits for the finals. */
export async function hushAll(speakers) {
  for (const speaker of speakers) speaker.hushed = true;
  // The longest sentence and the silence behind it.
  await sleep(4500);
  await untilSettled(speakers);
}

async function untilSettled(speakers) {
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline && !speakers.every((speaker) => speaker.settled)) await sleep(20);
}

/** All utterances of some speakers that got their final. */
export const heardBy = (speakers) =>
  speakers.flatMap((speaker) => [...speaker.utterances.values()].filter(({ finalAt }) => finalAt !== undefined));
