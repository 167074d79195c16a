/** Two servers behind HAProxy, restarted one after the other while people speak. */
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { createSttClient } from "@stt/client-node";
import { start, stop } from "../bench/lib/processes.mjs";
import { liveSource, pcmOf, speak } from "./lib/audio.mjs";
import { openOtherWires } from "./lib/other-wires.mjs";
import { row } from "./lib/report.mjs";
import { differences, lostNothing, speakThrough } from "./lib/resume.mjs";
import { startServer } from "./lib/server.mjs";

const config = fileURLToPath(new URL("../docker/haproxy/haproxy.cfg", import.meta.url));
/** What those say who cannot go elsewhere: en_05. */
const SENTENCE = "Set a timer for eleven minutes.";
const CLIENTS = 6;
const SPEED = 3;

/** @param {{ short: boolean }} options */
export async function run({ short }) {
  // Whoever falls silent in mid-sentence waits for the drain to end it.
  const settings = { DRAIN_TIMEOUT: "12", IDLE_AUDIO_TIMEOUT: "0" };
  const servers = [await startServer({ settings }), await startServer({ settings })];
  const ports = servers.map(({ port }) => port);
  const [bind, stats] = [await freePort(), await freePort()];
  const proxy = start("/usr/sbin/haproxy", ["-db", "-f", config], {
    env: {
      ...process.env,
      STT_BIND: `127.0.0.1:${bind}`,
      STT_STATS: `127.0.0.1:${stats}`,
      STT_SERVER_1: `127.0.0.1:${ports[0]}`,
      STT_SERVER_2: `127.0.0.1:${ports[1]}`,
    },
  });
  const said = [];
  proxy.stderr.on("data", (data) => said.push(String(data)));
  proxy.once("error", (error) => said.push(error.message));
  try {
    const recordings = [
      ["en", pcmOf(["en_paragraph_1", "en_paragraph_2"], 1000)],
      ["ru", pcmOf(["ru_paragraph_1", "ru_paragraph_2"], 1000)],
    ];
    await until(async () => (await fetch(`http://127.0.0.1:${bind}/readyz`)).ok, said);
    const plain = {};
    for (const [language, pcm] of recordings) {
      plain[language] = await speakThrough({ targets: [ports[0]], pcm, speed: 20, options: { language } });
    }
    const rounds = short ? 1 : 2;
    const lost = [];
    const unheard = [];
    let moves = 0;
    const pairs = [];
    for (let round = 0; round < rounds; round++) {
      const outcome = await roll(servers, { bind, ports, recordings, plain, settings });
      lost.push(...outcome.lost);
      unheard.push(...outcome.unheard);
      moves += outcome.moves;
      pairs.push(...outcome.pairs);
    }
    return [
      row(
        `rolling restart of two servers behind HAProxy, ${CLIENTS} people speaking`,
        `SIGTERM to one after the other; ${moves} sessions changed servers`,
        rounds,
        lost,
        lostNothing(pairs),
      ),
      row(
        "the same while RealtimeSTT and OpenAI Realtime clients are in mid-sentence",
        "one data socket, one session with manual turns and nothing committed, one with the server's turns, on either server",
        rounds * 2 * 3,
        unheard,
        "nothing said before the server's last call; what is said from there to their next connection, since they cannot resume",
      ),
    ];
  } finally {
    await stop(proxy);
    await Promise.all(servers.map((server) => server.stop("SIGKILL")));
  }
}

async function roll(servers, { bind, ports, recordings, plain, settings }) {
  const lost = [];
  const unheard = [];
  let moves = 0;
  const pairs = [];
  let started = 0;
  const speakers = Array.from({ length: CLIENTS }, async (_, i) => {
    const [language, pcm] = recordings[i % recordings.length];
    const client = createSttClient({
      url: `ws://127.0.0.1:${bind}`,
      language,
      partials: false,
      endpointing: { silenceMs: 600, minUtteranceMs: 300 },
      reconnect: { initialDelayMs: 50, maxDelayMs: 500 },
    });
    const got = { text: "", finals: [], warnings: [] };
    client.on("final", ({ utterance, text, startMs, endMs }) => got.finals.push({ utterance, text, startMs, endMs }));
    client.on("warning", (event) => got.warnings.push(event));
    client.on("error", (event) => got.warnings.push(event));
    client.on("ready", ({ resumed }) => {
      if (resumed) moves++;
      else started++;
    });
    got.text = await speak(client, liveSource(pcm, SPEED));
    await client.close();
    pairs.push([plain[language], got]);
    lost.push(...differences(plain[language], got).map((difference) => `client ${i}: ${difference}`));
  });
  await until(async () => started === CLIENTS);
  for (const index of servers.keys()) {
    // The other one must be known to be well before this one goes.
    await until(async () => (await fetch(`http://127.0.0.1:${bind}/readyz`)).ok);
    const others = await openOtherWires(ports[index], pcmOf(["en_05"]), SENTENCE);
    const { code, signal } = await servers[index].stop("SIGTERM");
    unheard.push(...(await others.outcome()));
    if (code !== 0) lost.push(`server ${index} ended with ${signal ?? code}`);
    servers[index] = await startServer({ port: ports[index], settings });
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  await Promise.all(speakers);
  if (moves < CLIENTS) lost.push(`only ${moves} sessions changed servers: the restart missed the speech`);
  return { lost, unheard, moves, pairs };
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}

/** @param {string[]} [said] what a program wrote that is waited for */
async function until(condition, said = []) {
  const deadline = performance.now() + 15_000;
  for (;;) {
    if (await condition().catch(() => false)) return;
    if (performance.now() > deadline) throw new Error(`waited in vain: ${condition}\n${said.join("")}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
