/** Inference processes that are killed, stopped and starved under live sessions. */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { pcmOf } from "./lib/audio.mjs";
import { row } from "./lib/report.mjs";
import { differences, speakThrough } from "./lib/resume.mjs";
import { startServer } from "./lib/server.mjs";

const micro = fileURLToPath(new URL("../packages/server/models/ggml-micro-q8_0.bin", import.meta.url));
const SPEED = 5;
const SPEAKERS = 3;

/** @param {{ short: boolean }} options */
export async function run({ short }) {
  const pcm = pcmOf(["en_05", "en_01", "en_08", "en_10"], 900);
  const directory = mkdtempSync(path.join(os.tmpdir(), "stt-model-"));
  const model = path.join(directory, "model.bin");
  copyFileSync(micro, model);
  const server = await startServer({
    settings: { WHISPER_MODEL: model, REALTIME_MODEL_TYPE: model, INFERENCE_TIMEOUT: "1" },
  });
  try {
    const plain = await speakThrough({ targets: [server.port], pcm, speed: SPEED });
    const rows = [];
    const disturb = async (fault, how, times, hurt) => {
      const lost = [];
      let done = 0;
      for (let i = 0; i < times; i++) {
        const speaking = Promise.all(
          Array.from({ length: SPEAKERS }, () => speakThrough({ targets: [server.port], pcm, speed: SPEED })),
        );
        // Not always in the same place of the speech.
        await delay(200 + ((i * 370) % 1500));
        const [pid] = server.workers();
        if (pid !== undefined) {
          await hurt(pid);
          done++;
        }
        for (const result of await speaking) lost.push(...differences(plain, result));
        await becomesReady(server);
      }
      rows.push(row(fault, how, done, lost));
    };
    await disturb("inference process killed", `kill -9, ${SPEAKERS} people speaking`, short ? 2 : 6, (pid) =>
      process.kill(pid, "SIGKILL"),
    );
    await disturb(
      "inference process without memory",
      "prlimit --as below what it holds, until its end",
      short ? 2 : 5,
      (pid) => starve(server, pid),
    );
    await disturb(
      "inference process hangs",
      `SIGSTOP, ${SPEAKERS} people speaking; the watchdog (INFERENCE_TIMEOUT 1 s and ten times the audio) replaces it`,
      short ? 1 : 3,
      (pid) => hang(server, pid),
    );
    rows.push(await vanished(server, model, plain, pcm));
    return rows;
  } finally {
    await server.stop("SIGKILL");
    rmSync(directory, { recursive: true });
  }
}

/** Takes the address space away, and the process with it if it happens to need none. */
async function starve(server, pid) {
  const kilobytes = Number(/^VmSize:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]);
  execFileSync("prlimit", ["--pid", String(pid), `--as=${kilobytes * 1024 - 2 ** 26}`]);
  const deadline = performance.now() + 5000;
  while (server.workers().includes(pid) && performance.now() < deadline) await delay(50);
  if (server.workers().includes(pid)) process.kill(pid, "SIGKILL");
}

/** Stops the process for good, in the middle of whatever it does. */
async function hang(server, pid) {
  process.kill(pid, "SIGSTOP");
  if (!(await within(60_000, async () => !server.workers().includes(pid))))
    throw new Error("a hung process was not replaced");
}

async function vanished(server, model, plain, pcm) {
  const failures = [];
  rmSync(model);
  process.kill(server.workers()[0], "SIGKILL");
  if (!(await within(10_000, async () => !(await server.ready())))) failures.push("/readyz said ready without a model");
  const during = await speakThrough({ targets: [server.port], pcm: pcm.subarray(0, 32 * 3500), speed: SPEED });
  const told = during.warnings.filter(({ code }) => code === "model_not_found" || code === "engine_failed");
  if (told.length === 0 || during.text !== "") failures.push(`told: ${JSON.stringify(during)}`);
  copyFileSync(micro, model);
  await becomesReady(server).catch((error) => failures.push(error.message));
  failures.push(...differences(plain, await speakThrough({ targets: [server.port], pcm, speed: SPEED })));
  return row(
    "model file gone when the inference process has to start again",
    "file removed, kill -9, file put back",
    1,
    failures,
    "the utterances said meanwhile, each told to its speaker; /readyz answers 503",
  );
}

async function becomesReady(server) {
  if (!(await within(60_000, () => server.ready()))) throw new Error("the server did not become ready again");
}

async function within(ms, condition) {
  const deadline = performance.now() + ms;
  while (performance.now() < deadline) {
    if (await condition()) return true;
    await delay(50);
  }
  return false;
}
