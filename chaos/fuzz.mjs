/** Malformed input on every wire: the server lives, a witness does not notice, and everything is given back. */
import fc from "fast-check";
import { pcmOf } from "./lib/audio.mjs";
import { backAt, measure } from "./lib/baseline.mjs";
import { FOREIGN_ROUTES, FOREIGN_WIRES } from "./lib/foreign-mutations.mjs";
import { WIRES as FIRST_WIRES, isOpenAiRefusal, upgradeGarbage, uploads } from "./lib/mutations.mjs";
import { row } from "./lib/report.mjs";
import { differences, speakThrough } from "./lib/resume.mjs";
import { startServer } from "./lib/server.mjs";
import { dial, freePort, upgradeRequest } from "./lib/wire.mjs";

const WIDTH = 8;
const HEAP_SLACK_BYTES = 16 * 2 ** 20;
/** How long a connection may go on after its last byte. */
const LINGER_MS = 30;

const WIRES = { ...FIRST_WIRES, ...FOREIGN_WIRES };
/** Where files are posted. */
const ROUTES = { rest: { isRefusal: isOpenAiRefusal }, ...FOREIGN_ROUTES };
export const NAMES = [...Object.keys(WIRES), "http", ...Object.keys(ROUTES)];
/** Longest that the answer to seconds of audio may take, on a busy machine. */
const ANSWER_MS = 20_000;

/** @param {{ short: boolean, runs?: number, wires?: string[], seed?: number }} options */
export async function run({ short, runs = short ? 60 : 1500, wires = NAMES, seed = Date.now() % 2 ** 31 }) {
  const ports = await foreignPorts();
  const settings = Object.assign({}, ...Object.values(FOREIGN_WIRES).map(({ settings = {} }) => settings));
  const server = await startServer({ settings: { MAX_SESSIONS: "200", ...settings, ...ports } });
  const pcm = pcmOf(["en_05", "en_01"], 900);
  try {
    const witness = () => speakThrough({ targets: [server.port], pcm, speed: 3 });
    const plain = await witness();
    const rows = [];
    for (const wire of wires) {
      // What is allocated once, on the first use of anything, is no leak.
      await attack(portOf(wire, server, ports), wire, 20, seed);
      if (!server.alive) {
        rows.push(
          row(`malformed input: ${wire}`, `seed ${seed}`, 20, [`the server died: ${server.log.slice(-8).join("\n")}`]),
        );
        break;
      }
      const before = await measure(server);
      const witnessed = witness();
      const failures = await attack(portOf(wire, server, ports), wire, runs, seed + 1);
      failures.push(...differences(plain, await witnessed).map((difference) => `the witness: ${difference}`));
      if (server.alive) failures.push(...(await backAt(server, before, HEAP_SLACK_BYTES)).failures);
      else failures.push(`the server died: ${server.log.slice(-8).join("\n")}`);
      rows.push(
        row(
          `malformed input: ${wire}`,
          `generated and mutated, seed ${seed}; a witness speaks meanwhile`,
          runs,
          failures,
        ),
      );
      if (!server.alive) break;
    }
    return rows;
  } finally {
    if (server.alive) await server.stop("SIGKILL");
  }
}

/** A free port for each wire that has one of its own. */
async function foreignPorts() {
  const variables = Object.values(FOREIGN_WIRES).flatMap(({ variable = [] }) => variable);
  const found = await Promise.all(variables.map(async (variable) => [variable, String(await freePort())]));
  return Object.fromEntries(found);
}

function portOf(wire, server, ports) {
  const variable = WIRES[wire]?.variable;
  return variable ? Number(ports[variable]) : server.port;
}

/** @returns {Promise<string[]>} what was answered wrongly */
async function attack(port, wire, runs, seed) {
  const failures = new Set();
  const inputs = fc.sample(arbitraryOf(wire), { numRuns: runs, seed });
  let next = 0;
  const lane = async () => {
    while (next < inputs.length) {
      const number = next++;
      const failure = await send(port, wire, inputs[number]);
      if (failure) failures.add(`input ${number}: ${failure}`);
    }
  };
  await Promise.all(Array.from({ length: WIDTH }, lane));
  return [...failures];
}

function arbitraryOf(wire) {
  if (wire === "http") return upgradeGarbage;
  if (ROUTES[wire]) return uploads(FOREIGN_ROUTES[wire]);
  const found = WIRES[wire];
  if (!found) throw new Error(`There is no wire "${wire}"; there are ${NAMES.join(", ")}.`);
  return found.script;
}

/** @returns {Promise<string | undefined>} what is wrong with the answer */
async function send(port, wire, input) {
  if (ROUTES[wire]) {
    const line = dial(port, input);
    await settled(line, ANSWER_MS);
    return wrongOf(line.state.text, ROUTES[wire]);
  }
  if (wire === "http") {
    await settled(dial(port, input), LINGER_MS);
    return undefined;
  }
  const { path, protocol, variable, headers } = WIRES[wire];
  const line = variable ? dial(port) : dial(port, upgradeRequest(path, protocol, { headers }));
  if (!variable) await line.opened;
  for (const bytes of input) {
    if (line.state.closed) break;
    line.socket.write(bytes);
  }
  await settled(line, LINGER_MS);
  return undefined;
}

/** A file is answered, and whoever is refused reads why, as the clients of the route read it. */
function wrongOf(answer, { isRefusal }) {
  const status = Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
  const body = answer.slice(answer.indexOf("\r\n\r\n") + 4);
  if (!(status >= 200)) return `no answer: ${JSON.stringify(answer.slice(0, 200))}`;
  if (status < 300) return undefined;
  if (status >= 500 && status !== 503) return `${status}: ${body.slice(0, 200)}`;
  try {
    return isRefusal(JSON.parse(body)) ? undefined : `${status} in another manner: ${body.slice(0, 200)}`;
  } catch {
    return `${status} without words: ${body.slice(0, 200)}`;
  }
}

/** Waits for the server's close, but not for long; then the connection is cut. */
async function settled({ socket, closed }, ms) {
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([closed, late]);
  clearTimeout(timer);
  socket.resetAndDestroy();
}
