/** What one client that sends at fifty times the pace of speech does to the others. */

import { Pacer } from "./lib/pacer.mjs";
import { heardBy, hushAll } from "./lib/play.mjs";
import { conversation } from "./lib/recordings.mjs";
import { Speaker } from "./lib/speaker.mjs";
import { percentile, round, sleep } from "./lib/stats.mjs";
import { startSttServer } from "./lib/stt-server.mjs";

const TIMES = 50;
const OTHERS = 6;

export async function run({ quick }) {
  const variants = [
    ["speculative finals (default)", {}],
    ["without speculative finals", { SPECULATIVE_FINALS: "false" }],
  ].slice(0, quick ? 1 : 2);
  const rows = [];
  let judged;
  let speed = 0;
  for (const [name, settings] of variants) {
    const measured = await compare(settings, quick ? { rounds: 1, phaseMs: 15_000 } : { rounds: 3, phaseMs: 40_000 });
    const { alone, beside } = measured.delays;
    const change = 100 * (percentile(beside, 95) / percentile(alone, 95) - 1);
    judged ??= change;
    speed = Math.max(speed, measured.speed);
    const row = (what, delays) => [
      `${name}, ${what}`,
      delays.length,
      ...[50, 95, 100].map((p) => round(percentile(delays, p), 1)),
    ];
    rows.push([...row("alone", alone), "–"], [...row(`beside one at ${TIMES}x`, beside), round(change, 1)]);
  }
  return {
    title: "A noisy neighbour",
    tables: [
      {
        columns: [
          `${OTHERS} sessions at the pace of speech`,
          "finals",
          "p50, ms",
          "p95, ms",
          "most, ms",
          "change of p95, %",
        ],
        rows,
      },
    ],
    goals: [{ what: "change of the others' final latency (p95)", value: round(judged, 1), atMost: 20, unit: "%" }],
    notes: [
      `Endpoint to final of the ${OTHERS}, greedy. The neighbour speaks too and was let through at up to ${round(speed, 1)} times the pace of speech: the server stops reading from a client whose audio waits.`,
    ],
  };
}

/** Finals of the others with and without the neighbour, in turns, so that a change of the machine's mood hits both. */
async function compare(settings, { rounds, phaseMs }) {
  const server = await startSttServer(settings);
  const delays = { alone: [], beside: [] };
  let speed = 0;
  for (let i = 0; i < rounds; i++) {
    for (const which of ["alone", "beside"]) {
      const speakers = [];
      for (let k = 0; k < OTHERS; k++) {
        const language = k % 2 ? "ru" : "en";
        speakers.push(await Speaker.open(server.port, { playlist: conversation(language, k + OTHERS * i), language }));
      }
      const pacer = new Pacer(speakers).start();
      const noisy = which === "beside" ? await flood(server.port) : undefined;
      await sleep(phaseMs);
      // The neighbour stays until the last final that is counted.
      await hushAll(speakers);
      speed = Math.max(speed, noisy?.stop() ?? 0);
      pacer.stop();
      delays[which].push(...heardBy(speakers).map(({ finalAt, endDecidedAt }) => finalAt - endDecidedAt));
      for (const speaker of speakers) speaker.close();
      await sleep(1000);
    }
  }
  await server.close();
  return { delays, speed };
}

/** A client that tries to send at fifty times the pace of speech. */
async function flood(port) {
  const speaker = await Speaker.open(port, { playlist: conversation("en", 99) });
  let frames = 0;
  const begin = performance.now();
  const flooding = {
    send(now) {
      for (let i = 0; i < TIMES && speaker.writable; i++, frames++) speaker.send(now);
    },
  };
  const pacer = new Pacer([flooding]).start();
  return {
    stop() {
      pacer.stop();
      speaker.close();
      return (frames * 32) / (performance.now() - begin);
    },
  };
}
