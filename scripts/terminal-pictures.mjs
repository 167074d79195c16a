/**
 * The pictures in docs/images: the real programs in a real terminal (tmux), with a real server and recorded speech. After
 * `npm run build`: node scripts/terminal-pictures.mjs
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { root } from "./lib.mjs";
import { terminalSvg } from "./terminal-svg.mjs";

// biome-ignore-start lint/suspicious/noControlCharactersInRegex: a terminal's styles are what these read
/** Dim text that may change; in the editor between text that stands and the status line. */
const HALF_SPOKEN = /\x1b\[2m\w/;
const HALF_SPOKEN_ABOVE_STATUS = /\w \x1b\[2m\w[^\n]*\n[\s\S]*\x1b\[36m/;
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: end

const COLUMNS = 64;
/** Before the samples of a WAV file of ours. */
const HEAD_BYTES = 44;
const TIMEOUT_MS = 60_000;

const folder = mkdtempSync(path.join(tmpdir(), "stt-pictures-"));
const env = { PATH: process.env.PATH, HOME: folder, LANG: "en_US.UTF-8", TERM: "xterm-256color" };
const [control, data] = [await freePort(), await freePort()];
const server = spawn(process.execPath, [path.join(root, "packages/server/bin/stt-server.js")], {
  cwd: folder,
  env: { ...process.env, WHISPER_MODEL: "micro", REALTIME_MODEL_TYPE: "micro", CONTROL_PORT: control, DATA_PORT: data },
  stdio: "ignore",
});
const url = `ws://localhost:${data}`;

try {
  await until(() => fetch(`http://localhost:${control}/readyz`).then(({ ok }) => ok));
  await picture(
    "editor",
    8,
    "stt-editor: speech is written at the caret, in the middle of typed text",
    async (tmux) => {
      const file = path.join(root, "samples/en_paragraph_1.wav");
      tmux.type(
        `${command("examples/cli-editor/bin/stt-editor.js")} --url ${url} --language en --file ${file}`,
        "Enter",
      );
      await until(() => /Ready/.test(tmux.screen()));
      tmux.type("Please  because the train leaves at ten.");
      tmux.keys(...Array.from("because the train leaves at ten.", () => "Left"), "Left", "F1");
      await until(() => {
        const styled = tmux.styled();
        return /Hearing you/.test(styled) && HALF_SPOKEN_ABOVE_STATUS.test(styled);
      });
    },
  );
  await picture("mic-stream", 5, "mic-stream: finished sentences above, the one being spoken below", async (tmux) => {
    const file = spoken("en_05", "en_01", "en_10", "en_02");
    const program = command("packages/client-node/bin/mic-stream.js");
    tmux.type(`clear; PS1=; ${program} transcribe ${file} --pace 1 --url ${url} --language en`, "Enter");
    await until(() => {
      const rows = tmux.styled().split("\n");
      const status = rows.findIndex((row) => row.includes("Hearing you"));
      // A sentence that is finished, and one that is partly so.
      return status > 1 && HALF_SPOKEN.test(rows[status - 1]);
    });
  });
} finally {
  server.kill();
  rmSync(folder, { recursive: true, force: true });
}

/** Opens a terminal, brings it where it is to be, and writes it down. */
async function picture(name, rows, title, play) {
  const socket = `stt-pictures-${process.pid}-${name}`;
  const run = (...args) =>
    execFileSync("tmux", ["-u", "-L", socket, "-f", "/dev/null", ...args], { env, encoding: "utf8" });
  run("new-session", "-d", "-x", `${COLUMNS}`, "-y", `${rows}`, "-c", folder, "sh");
  let caught = "";
  const tmux = {
    keys: (...names) => run("send-keys", ...names),
    type: (text, ...names) => {
      run("send-keys", "-l", "--", text);
      if (names.length > 0) run("send-keys", ...names);
    },
    screen: () => run("capture-pane", "-p"),
    /** What is shown is what was looked at last. */
    styled: () => {
      caught = run("capture-pane", "-e", "-p").trimEnd();
      return caught;
    },
  };
  try {
    await play(tmux).catch((error) => {
      process.stderr.write(`${caught}\n`);
      throw error;
    });
    // No port of a test server in a picture.
    const shown = caught.replaceAll(`localhost:${data}`, "localhost:8012");
    const file = path.join(root, "docs/images", `terminal-${name}.svg`);
    writeFileSync(file, terminalSvg(shown, { columns: COLUMNS, rows, title }));
    process.stdout.write(`${path.relative(root, file)}\n`);
  } finally {
    run("kill-server");
  }
}

/** Several recordings as one, with a pause after each. @returns its path */
function spoken(...names) {
  const pause = Buffer.alloc(2 * 16_000 * 1.4);
  const samples = names.map((name) => readFileSync(path.join(root, `samples/${name}.wav`)));
  const head = Buffer.from(samples[0].subarray(0, HEAD_BYTES));
  // A length that the writer did not know: it is read to its end.
  head.writeUInt32LE(0xffffffff, HEAD_BYTES - 4);
  const file = path.join(folder, "speech.wav");
  writeFileSync(file, Buffer.concat([head, ...samples.flatMap((bytes) => [bytes.subarray(HEAD_BYTES), pause])]));
  return file;
}

function command(program) {
  return `${process.execPath} ${path.join(root, program)}`;
}

async function until(isSo) {
  const end = performance.now() + TIMEOUT_MS;
  for (;;) {
    try {
      if (await isSo()) return;
    } catch {
      // Not there yet.
    }
    if (performance.now() > end) throw new Error(`It did not come to ${isSo}.`);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => probe.once("listening", resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
