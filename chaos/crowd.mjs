/** Bad company: what others do to a session that behaves. */
import { setTimeout as delay } from "node:timers/promises";
import { pcmOf } from "./lib/audio.mjs";
import { row } from "./lib/report.mjs";
import { differences, speakThrough } from "./lib/resume.mjs";
import { startServer } from "./lib/server.mjs";
import { audio, dial, frame, openSession, START, upgradeRequest } from "./lib/wire.mjs";

/** @param {{ short: boolean }} options */
export async function run({ short }) {
  const server = await startServer({ settings: { MAX_SESSIONS: "20" } });
  const pcm = pcmOf(["en_05", "en_01"], 900);
  const witness = () => speakThrough({ targets: [server.port], pcm, speed: 5 });
  try {
    const plain = await witness();
    /** Runs the witness beside something, which returns how to end it and what was wrong. */
    const beside = async (fault, how, times, nuisance) => {
      const end = await nuisance();
      const failures = differences(plain, await witness()).map((difference) => `the witness: ${difference}`);
      failures.push(...(await end()));
      if (!server.alive) failures.push("the server died");
      return row(fault, how, times, failures);
    };
    const count = short ? 3 : 12;
    return [
      await beside("slow reader", "asks 50,000 times and reads no answer", count, () =>
        slowReaders(server, pcm, count),
      ),
      await beside("slow sender (slowloris)", "upgrade and frames byte by byte, never complete", count * 4, () =>
        slowSenders(server, count * 4),
      ),
      await beside("noisy neighbour", "audio as fast as the socket takes it", 2, () => flood(server, pcm, 2)),
      await tooMany(server, plain, witness),
      await foreignSession(pcm),
      await deadHolder(count),
    ];
  } finally {
    await server.stop("SIGKILL");
  }
}

async function slowReaders(server, pcm, count) {
  const lines = await Promise.all(Array.from({ length: count }, () => openSession(server.port)));
  const before = server.rss();
  const ping = frame(JSON.stringify({ type: "ping", id: 1 }));
  const burst = Buffer.concat(Array.from({ length: 1000 }, () => ping));
  for (const { socket } of lines) {
    socket.pause();
    socket.write(audio(0, pcm));
    for (let i = 0; i < 50; i++) socket.write(burst);
  }
  return async () => {
    const grown = (server.rss() - before) / 2 ** 20;
    for (const { socket } of lines) socket.resetAndDestroy();
    return grown > 40 + 8 * count ? [`the server grew by ${grown.toFixed(0)} MiB`] : [];
  };
}

async function slowSenders(server, count) {
  const request = upgradeRequest("/v1/stream");
  const lines = Array.from({ length: count }, () => dial(server.port));
  let at = 0;
  const timer = setInterval(() => {
    for (const { socket, state } of lines) if (!state.closed) socket.write(request[at] ?? "x");
    at = Math.min(at + 1, request.length - 6);
  }, 20);
  return async () => {
    clearInterval(timer);
    for (const { socket } of lines) socket.resetAndDestroy();
    return [];
  };
}

async function flood(server, pcm, count) {
  const lines = await Promise.all(Array.from({ length: count }, () => openSession(server.port)));
  let ended = false;
  const floods = lines.map(async ({ socket, state }) => {
    for (let offset = 0; !ended && !state.closed; offset += pcm.length / 2) {
      if (!socket.write(audio(offset, pcm))) {
        while (!ended && !state.closed && socket.writableNeedDrain) await delay(5);
      }
    }
  });
  return async () => {
    ended = true;
    await Promise.all(floods);
    for (const { socket } of lines) socket.resetAndDestroy();
    return [];
  };
}

/** N + 1: the one too many is refused before the upgrade, and those inside do not notice. */
async function tooMany(server, plain, witness) {
  const failures = [];
  await delay(200);
  const speaking = witness();
  await delay(300);
  const inside = [];
  let refusal;
  for (let i = 0; i < 25 && refusal === undefined; i++) {
    try {
      inside.push(await openSession(server.port));
    } catch (error) {
      refusal = error.message;
    }
  }
  if (!refusal?.includes("503") || !/retry-after: \d/i.test(refusal)) failures.push(`refusal: ${refusal}`);
  failures.push(...differences(plain, await speaking));
  for (const { socket } of inside) socket.resetAndDestroy();
  return row("overload: one session too many", `503 with Retry-After after ${inside.length + 1} sessions`, 1, failures);
}

/** Somebody else's session id gives neither their text nor their place; to their own client it gives the place back. */
async function foreignSession(pcm) {
  const failures = [];
  const [own, other] = ["k".repeat(40), "o".repeat(40)];
  const server = await startServer({ settings: { API_KEYS: `owner:${own},stranger:${other}`, MAX_SESSIONS: "2" } });
  try {
    const owner = await openSession(server.port, START, { token: own });
    owner.socket.write(audio(0, pcm));
    const id = /"sessionId":"([^"]+)"/.exec(owner.state.text)[1];
    const resume = { ...START, resume: { sessionId: id, fromSample: 0, nextUtterance: 0 } };
    const thief = await openSession(server.port, resume, { token: other, resumes: id });
    thief.socket.write(frame(JSON.stringify({ type: "stop" })));
    await thief.closed;
    if (/"type":"(final|partial)"/.test(thief.state.text)) failures.push(`the stranger heard ${thief.state.text}`);
    if (thief.state.text.includes(`"sessionId":"${id}"`)) failures.push("the stranger got the name of the session");
    owner.socket.write(frame(JSON.stringify({ type: "stop" })));
    await owner.closed;
    if (!owner.state.text.includes("Set a timer for eleven minutes."))
      failures.push(`the owner got ${owner.state.text}`);
  } finally {
    await server.stop("SIGKILL");
  }
  return row("somebody else's session id in resume", "while the session runs; its owner goes on", 1, failures);
}

/** Every place is held by a connection that is dead, which the server does not know yet, and its client is back. */
async function deadHolder(times) {
  const failures = [];
  const server = await startServer({ settings: { MAX_SESSIONS: "1" } });
  try {
    for (let i = 0; i < times; i++) {
      const dead = await openSession(server.port);
      const id = /"sessionId":"([^"]+)"/.exec(dead.state.text)[1];
      const resume = { ...START, resume: { sessionId: id, fromSample: 0, nextUtterance: 0 } };
      const back = await openSession(server.port, resume, { resumes: id }).catch((error) => error);
      if (back instanceof Error) failures.push(back.message);
      else back.socket.resetAndDestroy();
      dead.socket.resetAndDestroy();
      // The next one comes without a name.
      await until(async () => (await (await fetch(`${server.http}/v1/sessions`)).json()).sessions.length === 0);
    }
  } finally {
    await server.stop("SIGKILL");
  }
  return row("a client comes back while its dead connection holds the last place", "resume by name", times, failures);
}

async function until(condition) {
  for (let i = 0; i < 500; i++) {
    if (await condition()) return;
    await delay(20);
  }
  throw new Error(`waited in vain: ${condition}`);
}
