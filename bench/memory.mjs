/** What memory a connected, silent session takes. */
import { Pacer } from "./lib/pacer.mjs";
import { pause, sentences } from "./lib/recordings.mjs";
import { Speaker } from "./lib/speaker.mjs";
import { round, sleep } from "./lib/stats.mjs";
import { startSttServer } from "./lib/stt-server.mjs";

const MB = 1e6;

export async function run({ quick }) {
  const most = quick ? 400 : 1000;
  const server = await startSttServer();
  const rows = [];
  const measure = async (name, sessions) => {
    await sleep(1500);
    const rss = server.rss();
    const usage = await server.memory();
    rows.push({ name, sessions, rss, usage });
  };
  // What the first sessions cost once (compiled code, pools) is not what a session costs.
  const first = await open(server.port, 8);
  await listen(first, 3000);
  await takeTurns(first);
  for (const speaker of first) speaker.close();
  await measure("nobody connected", 0);

  const speakers = await open(server.port, most / 2);
  await listen(speakers, 5000);
  await measure(`${most / 2} silent sessions`, most / 2);
  speakers.push(...(await open(server.port, most / 2)));
  await listen(speakers, 5000);
  await measure(`${most} silent sessions`, most);
  await takeTurns(speakers);
  await measure(`the same, each has spoken once`, most);
  for (const speaker of speakers) speaker.close();
  await sleep(5000);
  await measure("all gone again", 0);
  await server.close();

  const base = rows[0];
  const kilobytes = (row, from) => round((row.rss - from.rss) / (row.sessions - from.sessions) / 1000);
  // Freed memory that the base still holds would flatter the first figure, so the second half counts too.
  const idle = Math.max(kilobytes(rows[2], base), kilobytes(rows[2], rows[1]));
  return {
    title: "Memory of a session",
    tables: [
      {
        columns: ["", "resident, MB", "kB a session", "heap after a collection, MB", "buffers, MB"],
        rows: rows.map((row) => [
          row.name,
          round(row.rss / MB, 1),
          row.sessions > 0 ? kilobytes(row, base) : "–",
          round(row.usage.heapUsed / MB, 1),
          round(row.usage.external / MB, 1),
        ]),
      },
    ],
    goals: [
      { what: "memory of a silent session", value: idle, atMost: 300, unit: "kB" },
      { what: "memory of a session that has spoken", value: kilobytes(rows[3], base), atMost: 300, unit: "kB" },
    ],
    notes: [
      "Resident memory of the server process, sockets included, after room noise flowed through every session for 5 s; the inference process takes nothing per session.",
      `Before the first figure eight sessions had come, spoken and gone. Between ${most / 2} and ${most} sessions each took ${kilobytes(rows[2], rows[1])} kB; the first goal is judged by the larger figure.`,
    ],
  };
}

/** Opens silent sessions. */
async function open(port, n) {
  const speakers = [];
  for (let i = 0; i < n; i++) speakers.push(await Speaker.open(port, { playlist: [pause(1e7)], partials: false }));
  return speakers;
}

async function listen(speakers, ms) {
  const pacer = new Pacer(speakers).start();
  await sleep(ms);
  pacer.stop();
}

/** Every session says a sentence, a new one every 100 ms: the queue of finals is not the question here. */
async function takeTurns(speakers) {
  for (const [i, speaker] of speakers.entries()) speaker.play([pause(100 * i + 500), sentences.en[i % 12], pause(1e7)]);
  await listen(speakers, 100 * speakers.length + 6000);
}
