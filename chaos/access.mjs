/** Credentials that end while their owner speaks. */

import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pcmOf } from "./lib/audio.mjs";
import { row } from "./lib/report.mjs";
import { differences, speakThrough } from "./lib/resume.mjs";
import { startServer } from "./lib/server.mjs";

const SPEED = 2;
/** Of a token; the speech is longer. */
const TTL_SECONDS = 2;

/** @param {{ short: boolean }} options */
export async function run({ short }) {
  const directory = mkdtempSync(path.join(os.tmpdir(), "stt-keys-"));
  const keys = new KeyFile(path.join(directory, "keys.json"));
  const times = short ? 1 : 3;
  const owner = keys.add("owner");
  const pairs = Array.from({ length: times }, (_, i) => [keys.add(`first-${i}`), keys.add(`second-${i}`)]);
  const server = await startServer({ settings: { API_KEYS_FILE: keys.path } });
  const pcm = pcmOf(["en_05", "en_01", "en_08", "en_10", "en_03", "en_04"], 900);
  const speak = (options, watch) =>
    speakThrough({ targets: [server.port], pcm, speed: SPEED, options: { reconnect: EAGER, ...options }, watch });
  try {
    const plain = await speak({ token: owner });
    return [
      await expiredToken({ server, owner, plain, speak, times }),
      await expiredWithoutRenewal({ server, owner, plain, speak, times }),
      await revokedKey({ keys, pairs, plain, speak }),
    ];
  } finally {
    await server.stop("SIGKILL");
    rmSync(directory, { recursive: true });
  }
}

const EAGER = { initialDelayMs: 20, maxDelayMs: 40 };

async function expiredToken({ server, owner, plain, speak, times }) {
  const failures = [];
  let tokens = 0;
  for (let i = 0; i < times; i++) {
    const before = tokens;
    const result = await speak({
      token: () => {
        tokens += 1;
        return mint(server, owner);
      },
    });
    // The server warns before a token ends; that is as it should be.
    const warnings = result.warnings.filter(({ code }) => code !== "token_expiring" && code !== "unauthorized");
    failures.push(...differences(plain, { ...result, warnings }));
    if (tokens - before < 2) failures.push("the token did not end within the speech");
  }
  return row(
    "token expires in mid-session, and the client has a token function",
    `tokens of ${TTL_SECONDS} s; ${tokens} tokens used`,
    times,
    failures,
  );
}

async function expiredWithoutRenewal({ server, owner, plain, speak, times }) {
  const failures = [];
  for (let i = 0; i < times; i++) {
    const token = await mint(server, owner);
    failures.push(...(await cutShort(plain, (watch) => speak({ token }, watch), /token has expired/)));
  }
  return row(
    "token expires in mid-session, and the client has only that one",
    `tokens of ${TTL_SECONDS} s`,
    times,
    failures,
    "what is said after that; the client is warned before and told why",
  );
}

/** A client that has another key goes on with it; one that has not is told why. */
async function revokedKey({ keys, pairs, plain, speak }) {
  const failures = [];
  for (const [i, [first, second]] of pairs.entries()) {
    let revoked = false;
    const revoke = () => {
      if (revoked) return;
      revoked = true;
      keys.revoke(`first-${i}`);
    };
    const onSecondUtterance = (client) =>
      client.on("speech_start", ({ utterance }) => {
        if (utterance === 1) revoke();
      });
    const [renewed, ended] = await Promise.all([
      speak({ token: () => (revoked ? second : first) }, onSecondUtterance),
      cutShort(plain, (watch) => speak({ token: first }, watch), /revoked/),
    ]);
    const warnings = renewed.warnings.filter(({ code }) => code !== "unauthorized");
    failures.push(...differences(plain, { ...renewed, warnings }), ...ended);
    if (renewed.sessions !== 2)
      failures.push(`${renewed.sessions} sessions: the key was not revoked within the speech`);
  }
  return row(
    "key revoked in mid-session",
    "taken out of API_KEYS_FILE, which the running server reads again; a client with another key, and one without",
    pairs.length,
    failures,
    "nothing with another key; else what is said after that, and the client is told why",
  );
}

/** Runs what must end early, with a reason, and with nothing but right text before. */
async function cutShort(plain, speaking, reason) {
  const finals = [];
  let error;
  try {
    const result = await speaking((client) => client.on("final", ({ text }) => finals.push(text)));
    return [`it was let speak to the end: ${JSON.stringify(result.text)}`];
  } catch (thrown) {
    error = thrown;
  }
  const failures = [];
  if (error.code !== "unauthorized" || !reason.test(error.message))
    failures.push(`told: ${error.code} ${error.message}`);
  const expected = plain.finals.slice(0, finals.length).map(({ text }) => text);
  if (finals.join("\n") !== expected.join("\n")) failures.push(`finals before: ${JSON.stringify(finals)}`);
  return failures;
}

async function mint(server, key) {
  const answer = await fetch(`${server.http}/v1/tokens`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ ttlSeconds: TTL_SECONDS }),
  });
  if (!answer.ok) throw new Error(`no token: ${answer.status} ${await answer.text()}`);
  return (await answer.json()).token;
}

/** What `stt-server keys` writes. */
class KeyFile {
  #keys = new Map();

  constructor(file) {
    this.path = file;
  }

  /** @returns the key itself */
  add(name) {
    const key = `stt_${randomBytes(32).toString("base64url")}`;
    this.#keys.set(name, {
      name,
      hash: `sha256:${createHash("sha256").update(key).digest("hex")}`,
      scopes: ["transcribe"],
    });
    this.#write();
    return key;
  }

  revoke(name) {
    this.#keys.delete(name);
    this.#write();
  }

  #write() {
    writeFileSync(this.path, JSON.stringify({ keys: [...this.#keys.values()] }));
  }
}
