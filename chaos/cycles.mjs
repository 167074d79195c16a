/** Clients that connect and vanish, until descriptors, memory or slots run out, which they must not. */
import { pcmOf } from "./lib/audio.mjs";
import { backAt, measure, mebibytes } from "./lib/baseline.mjs";
import { row } from "./lib/report.mjs";
import { differences, speakThrough } from "./lib/resume.mjs";
import { startServer } from "./lib/server.mjs";
import { audio, dial, openSession, upgradeRequest } from "./lib/wire.mjs";

const WIDTH = 8;
/** The place for a witness, and no more than can be open at once: a slot that leaks is missed. */
const SLOTS = WIDTH + 1;
/** Of the server; a peer that answers nothing is found out after two of them. */
const PING_INTERVAL_S = 1;
const FOUND_OUT_MS = 10_000;
const HEAP_SLACK_BYTES = 8 * 2 ** 20;

const DEATHS = {
  "reset in mid-decode": async (port, pcm) => {
    const { socket } = await openSession(port);
    socket.write(audio(0, pcm));
    await new Promise((resolve) => setTimeout(resolve, 20 * Math.random()));
    socket.resetAndDestroy();
  },
  "end without a close frame": async (port, pcm) => {
    const { socket, closed } = await openSession(port);
    socket.write(audio(0, pcm.subarray(0, 6400)));
    socket.end();
    socket.resume();
    await closed;
  },
  "reset before the upgrade is answered": async (port) => {
    const { socket } = dial(port, upgradeRequest("/v1/stream"));
    await new Promise((resolve) => socket.once("connect", resolve));
    socket.resetAndDestroy();
  },
  "reset within a frame": async (port, pcm) => {
    const { socket } = await openSession(port);
    socket.write(audio(0, pcm).subarray(0, 5000));
    socket.resetAndDestroy();
  },
  // Neither FIN nor reset, and no answer to a ping: as when a cable is pulled. Only the server can end it.
  "vanish without a word": async (port, pcm) => {
    const { socket, closed } = await openSession(port);
    socket.write(audio(0, pcm.subarray(0, 12_800)));
    const timer = setTimeout(() => socket.destroy(new Error("kept")), FOUND_OUT_MS);
    await closed;
    clearTimeout(timer);
    if (socket.errored?.message === "kept") throw new Error(`a dead peer was not found out in ${FOUND_OUT_MS} ms`);
  },
};

/** @param {{ short: boolean, minutes?: number }} options */
export async function run({ short, minutes }) {
  const server = await startServer({
    settings: { MAX_SESSIONS: String(SLOTS), PING_INTERVAL: String(PING_INTERVAL_S) },
  });
  const pcm = pcmOf(["en_05"], 300);
  try {
    const plain = await speakThrough({ targets: [server.port], pcm, speed: 10 });
    // What is allocated once, on the first use of anything, is no leak.
    await kill(server, pcm, WIDTH * 4);
    const before = await measure(server);
    const times = short ? 100 : minutes ? minutes * 1000 : 1000;
    const failures = await kill(server, pcm, times);
    const { now, failures: leaks } = await backAt(server, before, HEAP_SLACK_BYTES);
    failures.push(...leaks);
    // Every slot can be had again, all at once.
    const all = await Promise.allSettled(Array.from({ length: SLOTS }, () => openSession(server.port)));
    const refused = all.filter(({ status }) => status === "rejected").length;
    if (refused > 0) failures.push(`${refused} of ${SLOTS} slots are gone`);
    for (const { value } of all) value?.socket.resetAndDestroy();
    await backAt(server, before, HEAP_SLACK_BYTES);
    failures.push(...differences(plain, await speakThrough({ targets: [server.port], pcm, speed: 10 })));
    const memory = `heap ${mebibytes(before.heapBytes)} to ${mebibytes(now.heapBytes)} MiB`;
    return [
      row(
        "clients that connect and vanish",
        `${Object.keys(DEATHS).join(", ")}; descriptors ${before.descriptors} to ${now.descriptors}, ${memory}, all ${SLOTS} slots back`,
        times,
        failures,
      ),
    ];
  } finally {
    await server.stop("SIGKILL");
  }
}

async function kill(server, pcm, times) {
  const deaths = Object.values(DEATHS);
  const failures = [];
  let next = 0;
  const lane = async () => {
    while (next < times) {
      const death = deaths[next++ % deaths.length];
      // A slot is free again a moment after its client has vanished.
      for (let attempt = 0; ; attempt++) {
        try {
          await death(server.port, pcm);
          break;
        } catch (error) {
          if (attempt === 100 || error.message.startsWith("a dead peer")) {
            failures.push(error.message);
            break;
          }
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
    }
  };
  await Promise.all(Array.from({ length: WIDTH }, lane));
  if (!server.alive) failures.push(`the server died: ${server.log.slice(-5).join("\n")}`);
  return failures;
}
