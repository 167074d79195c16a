/** Whether streamed text is as right as text decoded from files, and whether committed text is ever taken back. */
import { formatText, wordErrorRate } from "../packages/core/dist/index.js";
import { openEngine } from "./lib/engine.mjs";
import { heardBy, playOnce } from "./lib/play.mjs";
import { paragraphs, samplesOf } from "./lib/recordings.mjs";
import { Speaker } from "./lib/speaker.mjs";
import { round, sum } from "./lib/stats.mjs";
import { startSttServer } from "./lib/stt-server.mjs";

/** Seconds around the known cuts that belong to a sentence. */
const MARGIN = 0.3;

export async function run({ quick }) {
  const parts = quick ? paragraphs.slice(0, 2) : paragraphs;
  const server = await startSttServer();
  const speakers = [];
  for (const part of parts) {
    const { language } = part.recording;
    speakers.push(await Speaker.open(server.port, { playlist: [part], language, keepPartials: true }));
  }
  await playOnce(speakers, 1);
  await server.close();

  const engine = await openEngine();
  const rows = [];
  for (const [i, { recording }] of parts.entries()) {
    const speaker = speakers[i];
    const heard = heardBy([speaker]);
    const streamed = wordErrorRate(recording.text, heard.map(({ text }) => text).join(" "));
    const texts = [];
    for (const { start, end } of recording.sentences) {
      const cut = samplesOf(recording, start - MARGIN, end + MARGIN);
      const { text } = await engine.transcribe(cut, { language: recording.language });
      if (text !== "") texts.push(formatText(text, { final: true }));
    }
    const offline = wordErrorRate(recording.text, texts.join(" "));
    const changed = heard.filter(({ partials, text }) => !text.startsWith(partials.at(-1)?.committed ?? "")).length;
    rows.push({
      name: recording.name,
      streamed,
      offline,
      heard,
      sentences: recording.sentences.length,
      speaker,
      changed,
    });
    speaker.close();
  }
  await engine.close();

  const rate = (which) => (100 * sum(rows.map((row) => row[which].errors))) / sum(rows.map((row) => row[which].words));
  const [streamed, offline] = [rate("streamed"), rate("offline")];
  const retractions = sum(rows.map(({ speaker }) => speaker.retractions));
  return {
    title: "Word error rate, streamed and offline",
    tables: [
      {
        columns: [
          "recording",
          "words",
          "streamed, %",
          "offline, %",
          "finals",
          "sentences",
          "retractions",
          "finals that reword committed text",
        ],
        rows: [
          ...rows.map((row) => [
            row.name,
            row.offline.words,
            round(100 * row.streamed.rate, 1),
            round(100 * row.offline.rate, 1),
            row.heard.length,
            row.sentences,
            row.speaker.retractions,
            row.changed,
          ]),
          [
            "all",
            sum(rows.map((row) => row.offline.words)),
            round(streamed, 1),
            round(offline, 1),
            sum(rows.map((row) => row.heard.length)),
            sum(rows.map((row) => row.sentences)),
            retractions,
            sum(rows.map((row) => row.changed)),
          ],
        ],
      },
    ],
    goals: [
      { what: "streamed above offline", value: round(streamed - offline, 2), atMost: 1, unit: "points" },
      { what: "retractions of committed text", value: retractions, atMost: 0 },
    ],
    notes: [
      `The long recordings, ${rows.length} sessions at once at the pace of speech, greedy, utterances ended by 700 ms of silence. Offline is each sentence decoded by the same engine from its known cut with ${MARGIN} s around it.`,
      "A final replaces the live text and may reword it; that is no retraction, but it is counted.",
    ],
  };
}
