/** Cuts at every moment of an utterance, to the same server and to another one. */
import { pcmOf } from "./lib/audio.mjs";
import { row } from "./lib/report.mjs";
import { differences, inParallel, lostNothing, speakThrough } from "./lib/resume.mjs";
import { startServer } from "./lib/server.mjs";

const SPEED = 10;
const WIDTH = 4;
const SENTENCES = [["en", ["en_05", "en_01"]]];
/** Long enough for an outage of half a minute to begin and end within the speech. */
const PARAGRAPHS = [
  ["en", ["en_paragraph_1", "en_paragraph_2"]],
  ["ru", ["ru_paragraph_1", "ru_paragraph_2"]],
  ["auto", ["en_paragraph_1", "en_paragraph_2"]],
];
/** What a client would wait at the pace of speech, and what it waits here. */
const OUTAGES_S = [2, 10, 30];
const MESSAGES = [
  ["speech_start", "before"],
  ["speech_start", "after"],
  ["speech_end", "before"],
  ["speech_end", "after"],
  ["final", "before"],
  ["final", "after"],
  ["ack", "before"],
  ["ack", "after"],
  ["end", "before"],
];

/** @param {{ short: boolean, minutes?: number }} options */
export async function run({ short, minutes }) {
  const servers = [await startServer(), await startServer()];
  const [one, other] = servers.map(({ port }) => port);
  try {
    const voices = [];
    for (const [language, names] of short ? SENTENCES : PARAGRAPHS) {
      const pcm = pcmOf(names, 900);
      const plain = await speakThrough({ targets: [one], pcm, speed: SPEED, options: { language } });
      if (plain.finals.length < names.length) throw new Error(`the unbroken run gave ${JSON.stringify(plain)}`);
      voices.push({ language, pcm, plain });
    }
    const [{ pcm, plain }] = voices;

    const spoken = short ? "English sentences" : "87 s of speech in English, in Russian and with the language auto";
    const rows = [];
    const sweep = async (fault, how, cuts) => {
      const voiceOf = (i) => voices[i % voices.length];
      const jobs = cuts.map(({ part, ...cut }, i) => () => {
        const { language, pcm, plain } = voiceOf(i);
        const targets = Math.floor(i / voices.length) % 2 ? [one] : [one, other];
        // Only a connection that is silent has to be noticed by its pings.
        const liveness = cut.how === "silent" ? { pingIntervalMs: 700, pongTimeoutMs: 700 } : {};
        const place = part === undefined ? {} : { upBytes: Math.round(plain.upBytes * part) };
        const options = { language, ...liveness };
        return speakThrough({ targets, pcm, speed: SPEED, cuts: [{ ...cut, ...place }], options });
      });
      const results = await inParallel(jobs, WIDTH);
      const lost = results.flatMap((result, i) =>
        differences(voiceOf(i).plain, result).map(
          (difference) => `${voiceOf(i).language} ${JSON.stringify(cuts[i])}: ${difference}`,
        ),
      );
      // A cut that never came proves nothing.
      const missed = results.filter((result) => result.cuts !== 1).length;
      if (missed > 0) lost.push(`${missed} cuts did not happen`);
      const pairs = results.map((result, i) => [voiceOf(i).plain, result]);
      rows.push(row(fault, how, cuts.length, lost, lostNothing(pairs)));
    };
    const moments = short ? 8 : minutes ? Math.round(minutes * 12) : 12;
    const spread = (cut) =>
      Array.from({ length: moments }, (_, i) => ({
        part: (i + 0.5) / moments,
        ...cut,
      }));
    for (const seconds of OUTAGES_S) {
      await sweep(
        `connection reset, ${seconds} s without a network`,
        `proxy cuts after so many bytes, evenly over the whole recording; ${spoken}, same server and another one in turns`,
        spread({ outageMs: (seconds * 1000) / SPEED }),
      );
    }
    await sweep(
      "half-open connection: nothing arrives, nobody is told",
      "proxy swallows everything after so many bytes; the client's pings notice",
      spread({ how: "silent" }),
    );
    const nths = short ? [0] : [0, 1, 2];
    await sweep(
      "connection reset at a message of the server",
      "proxy cuts before or after speech_start, speech_end, final, ack and before end",
      MESSAGES.flatMap(([message, side]) =>
        (message === "end" ? [0] : nths).map((nth) => ({ message, side, nth, outageMs: 50 })),
      ),
    );
    rows.push(await killed(other, pcm, plain, short ? 1 : 5));
    rows.push(await overflow(one, pcm));
    return rows;
  } finally {
    await Promise.all(servers.map((server) => server.stop("SIGKILL")));
  }
}

/** A server that dies in mid-sentence. */
async function killed(other, pcm, plain, times) {
  const lost = [];
  const pairs = [];
  for (let i = 0; i < times; i++) {
    const victim = await startServer();
    const speaking = speakThrough({
      targets: [victim.port, other],
      pcm,
      speed: SPEED,
      watch: (client) => {
        client.on("speech_start", ({ utterance }) => {
          if (utterance === i % plain.finals.length && victim.alive) victim.kill();
        });
      },
    });
    const result = await speaking;
    lost.push(...differences(plain, result));
    pairs.push([plain, result]);
    if (result.sessions !== 2) lost.push(`${result.sessions} sessions`);
    if (victim.alive) await victim.stop("SIGKILL");
  }
  return row("server killed in mid-sentence (kill -9)", "resume on another server", times, lost, lostNothing(pairs));
}

/** More audio than the client may keep: what was lost must be told to the millisecond. */
async function overflow(port, pcm) {
  const maxReplayMs = 2000;
  const outageMs = 600;
  const result = await speakThrough({
    targets: [port],
    pcm,
    speed: SPEED,
    options: { maxReplayMs, warmUpMs: 0 },
    cuts: [{ upBytes: Math.round(pcm.length / 4), outageMs }],
  });
  const told = result.warnings.filter(({ code }) => code === "buffer_overflow");
  const lostMs = told.reduce((sum, { lostMs: ms }) => sum + ms, 0);
  const bound = outageMs * SPEED - maxReplayMs;
  const silent = [];
  if (!result.incomplete) silent.push("stop() promised a whole text");
  if (told.length === 0 || lostMs < bound / 2 || lostMs > pcm.length / 32) silent.push(`told: ${JSON.stringify(told)}`);
  return row(
    `${(outageMs * SPEED) / 1000} s without a network, and a client that keeps ${maxReplayMs / 1000} s`,
    "maxReplayMs below the outage",
    1,
    silent,
    `${(lostMs / 1000).toFixed(1)} s of audio, told in a warning and by stop()`,
  );
}
