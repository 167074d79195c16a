/** Whether memory stays flat while sessions come, speak and go. */

import { Pacer } from "./lib/pacer.mjs";
import { descriptors } from "./lib/processes.mjs";
import { conversation } from "./lib/recordings.mjs";
import { Speaker } from "./lib/speaker.mjs";
import { round, sleep, slope } from "./lib/stats.mjs";
import { startSttServer } from "./lib/stt-server.mjs";

const MB = 1e6;
const AT_ONCE = 6;
/** The audio clock runs this many times faster than the wall's. */
const SPEED = 4;
const SENTENCES = 2;

export async function run({ quick, minutes = quick ? 1 : 20 }) {
  const server = await startSttServer();
  const samples = [];
  const slots = Array.from({ length: AT_ONCE }, (_, i) => new Slot(server.port, i));
  const pacer = new Pacer(slots).start();
  const working = slots.map((slot) => slot.work());
  const begin = performance.now();
  const end = begin + minutes * 60_000;
  const step = Math.max(5000, (end - begin) / 60);
  while (performance.now() < end) {
    await sleep(Math.min(step, end - performance.now()));
    const { heapUsed, external } = await server.memory();
    samples.push({
      minute: (performance.now() - begin) / 60_000,
      heap: (heapUsed + external) / MB,
      rss: server.rss() / MB,
      worker: server.workerRss() / MB,
      files: descriptors(server.pid),
    });
  }
  for (const slot of slots) slot.ending = true;
  await Promise.all(working);
  pacer.stop();
  await sleep(2000);
  const filesAfter = descriptors(server.pid);
  const { heapUsed } = await server.memory();
  await server.close();

  // The first part of the run is where caches, pools and compiled code reach their size.
  const settled = samples.filter(({ minute }) => minute >= minutes / 4);
  const middle = (values) => values.reduce((total, value) => total + value, 0) / values.length;
  const tenth = Math.max(1, Math.floor(settled.length / 5));
  const row = (name, key) => {
    const values = settled.map((sample) => sample[key]);
    const perHour = 60 * slope(settled.map((sample) => [sample.minute, sample[key]]));
    return [
      name,
      round(samples[0][key], 1),
      round(middle(values.slice(0, tenth)), 1),
      round(middle(values.slice(-tenth)), 1),
      round(perHour, 1),
    ];
  };
  const rows = [
    row("server, heap and buffers after a collection, MB", "heap"),
    row("server, resident, MB", "rss"),
    row("inference process, resident, MB", "worker"),
    row("server, open files", "files"),
  ];
  const growth = Math.max(...rows.slice(0, 3).map(([, , early, late]) => 100 * (late / early - 1)));
  const sessions = slots.reduce((total, slot) => total + slot.sessions, 0);
  const failures = slots.flatMap((slot) => slot.failures);
  return {
    title: "Soak: connect, speak, disconnect",
    tables: [{ columns: ["", "at first", "after a quarter of the time", "at the end", "slope an hour"], rows }],
    goals: [
      { what: "growth of memory after the first quarter", value: round(growth, 1), atMost: 5, unit: "%" },
      { what: "sessions that failed or got no final", value: failures.length, atMost: 0 },
    ],
    notes: [
      `${round(minutes, 1)} minutes, ${sessions} sessions, ${AT_ONCE} at a time, each of ${SENTENCES} sentences at ${SPEED} times the pace of speech, then "stop" or, every fourth, a torn connection.`,
      `Open files when all were gone: ${filesAfter} (${samples[0].files} with ${AT_ONCE} connected); heap then ${round(heapUsed / MB, 1)} MB.`,
      ...new Set(failures),
    ],
  };
}

/** A place that one session after another takes. */
class Slot {
  sessions = 0;
  failures = [];
  ending = false;
  #port;
  #number;
  #speaker;

  constructor(port, number) {
    this.#port = port;
    this.#number = number;
  }

  send(now) {
    for (let i = 0; i < SPEED; i++) if (this.#speaker && !this.#speaker.hushed) this.#speaker.send(now);
  }

  async work() {
    while (!this.ending) {
      const id = this.#number + AT_ONCE * this.sessions++;
      const language = id % 2 ? "ru" : "en";
      const speaker = await Speaker.open(this.#port, {
        playlist: conversation(language, id).slice(0, 2 * SENTENCES),
        language,
      });
      this.#speaker = speaker;
      const torn = this.sessions % 4 === 0;
      while (speaker.spoken < (torn ? 1 : SENTENCES) && !speaker.failure) await sleep(10);
      speaker.hushed = true;
      if (!torn && !speaker.failure) {
        const ended = new Promise((resolve) => {
          speaker.onEnd = resolve;
        });
        speaker.stop();
        const patience = sleep(20_000).then(() => "no end after stop");
        speaker.failure ??= await Promise.race([ended, patience]);
        if (!speaker.failure && speaker.finals < SENTENCES) speaker.failure = "a final is missing";
      }
      if (speaker.failure) this.failures.push(speaker.failure);
      this.#speaker = undefined;
      speaker.close();
    }
  }
}
