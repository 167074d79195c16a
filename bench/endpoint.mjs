/** How long after the end of an utterance is decided its final arrives. */
import { heardBy, playOnce } from "./lib/play.mjs";
import { conversation } from "./lib/recordings.mjs";
import { SILENCE_MS, Speaker } from "./lib/speaker.mjs";
import { percentile, round } from "./lib/stats.mjs";
import { startSttServer } from "./lib/stt-server.mjs";

const VARIANTS = [
  ["greedy, speculative finals (default)", {}],
  ["greedy, without speculative finals", { SPECULATIVE_FINALS: "false" }],
  ["beams of 8 and 5, speculative finals", { BEAM_SIZE: "10", BEAM_SIZE_REALTIME: "5" }],
];

export async function run({ quick }) {
  const rows = [];
  for (const [name, settings] of VARIANTS) {
    const server = await startSttServer(settings);
    const delays = [];
    const waits = [];
    for (const [language, seed] of quick
      ? [["en", 1]]
      : [
          ["en", 1],
          ["ru", 2],
        ]) {
      const playlist = conversation(language, seed).slice(0, quick ? 8 : undefined);
      const speaker = await Speaker.open(server.port, { playlist, language });
      await playOnce([speaker], playlist.length / 2);
      for (const { finalAt, endAt, endDecidedAt } of heardBy([speaker])) {
        delays.push(finalAt - endDecidedAt);
        waits.push(finalAt - endAt);
      }
      speaker.close();
    }
    await server.close();
    const of = (values) => [50, 95, 100].map((p) => round(percentile(values, p), 1));
    rows.push([name, delays.length, ...of(delays), ...of(waits).slice(0, 2)]);
  }
  return {
    title: "Endpoint to final",
    tables: [
      {
        columns: [
          "one session at the pace of speech",
          "finals",
          "p50, ms",
          "p95, ms",
          "most, ms",
          "after speech_end p50, ms",
          "p95, ms",
        ],
        rows,
      },
    ],
    goals: [{ what: "endpoint to final (p95), speculative finals", value: rows[0][3], atMost: 50, unit: "ms" }],
    notes: [
      `Counted from the moment the frame left the client that completed the ${SILENCE_MS} ms of silence, so voice detection and both ways are in it; after speech_end counts from that message's arrival.`,
    ],
  };
}
