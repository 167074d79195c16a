/** The first start, in a real terminal, with a real server and a microphone of PulseAudio's. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { freePort, killServer, startServer } from "../../../../packages/client-node/test/support/server-process.js";
import { soundServerMissing, startSoundServer } from "../../../../packages/client-node/test/support/sound-server.js";
import { statusOf, type TerminalOptions, TmuxTerminal } from "../../../../packages/client-node/test/support/tmux.js";
import { recording } from "../../../../packages/server/test/support/recordings.js";
import { createTestServer, type TestServer } from "../../../../packages/server/test/support/test-server.js";
import { BIN, stateOf } from "../support/edit.js";

let server: TestServer;
let terminal: TmuxTerminal;

beforeAll(async () => {
  server = await createTestServer();
}, 60_000);

afterAll(() => server?.server.close());

afterEach(() => terminal?.close());

async function open(options?: TerminalOptions): Promise<TmuxTerminal> {
  terminal = await TmuxTerminal.open({ columns: 100, rows: 24, ...options });
  return terminal;
}

const start = (screen: TmuxTerminal, ...args: string[]) => screen.run(process.execPath, BIN, ...args);

/** What stands beside a step, with its sign, on one line. */
function step(screen: string, title: string): string {
  const found = new RegExp(`^\\S ${title}.*(?:\\n {5,}\\S.*)*`, "m").exec(screen);
  return (found?.[0] ?? "").replace(/\s+/g, " ");
}

const missing = soundServerMissing();
if (missing) process.stderr.write(`skipped: the first run with a real microphone; ${missing}\n`);

it.skipIf(missing)(
  "leads from the server to a sentence that is read aloud, and never comes again",
  async () => {
    const sound = await startSoundServer();
    try {
      const { HOME: _home, ...env } = sound.env;
      const screen = await open({ env });
      await start(screen, "--url", server.url);
      await screen.until((now) => /^✓ The server 127.0.0.1:\d+, \d+ ms$/.test(step(now, "The server")));
      await screen.until((now) => step(now, "Its model").startsWith("! Its model micro"));
      await screen.until((now) => step(now, "Your microphone").endsWith("Say something: the bars should rise."));
      await screen.until((now) => step(now, "Read this aloud").endsWith("What is heard appears here."));
      await sound.play(recording("en_05").path);
      await screen.until((now) =>
        /^✓ Your microphone .* [▁-▇]*[▅-█][▁-█]* I hear you\.$/.test(step(now, "Your microphone")),
      );
      const result = "lit. set a timer for eleven minutes. Much of it is different";
      await screen.until((now) => step(now, "Read this aloud").toLowerCase().includes(result.toLowerCase()), 30_000);
      await screen.keys("F1");
      await screen.until((now) => step(now, "Read this aloud").endsWith("What is heard appears here."));
      await screen.keys("Enter");
      await screen.until((now) => statusOf(now).startsWith("○ Ready") && !now.includes("Read this aloud"));
      await screen.type("Mine.");
      await screen.until((now) => now.startsWith("Mine."));
      await screen.keys("C-q");
      await screen.until((now) => now.includes("The text is kept"));
      await start(screen, "--url", server.url);
      await screen.until((now) => statusOf(now).startsWith("○ Ready"));
      expect(await screen.screen()).not.toContain("Read this aloud");
      await screen.keys("C-q");
      await screen.until((now) => /[$#]$/.test(now));
      await start(screen, "--url", server.url, "--first-run");
      await screen.until((now) => now.includes("Read this aloud"));
    } finally {
      sound.stop();
    }
  },
  90_000,
);

it("says what is wrong with the microphone and what to do, and goes on to the editor with Esc", async () => {
  const screen = await open({ env: { PULSE_SERVER: "unix:/nonexistent" } });
  await start(screen, "--url", server.url);
  await screen.until((now) =>
    /^✕ Your microphone (The microphone cannot be opened: .*: choose another|The system lists no microphone: connect one)/.test(
      step(now, "Your microphone"),
    ),
  );
  expect(statusOf(await screen.screen())).toContain("Enter try again");
  await screen.keys("Escape");
  await screen.until((now) => statusOf(now).startsWith("○ Ready"));
  expect(JSON.parse(readFileSync(path.join(stateOf(screen), "first-run.json"), "utf8"))).toEqual({});
}, 30_000);

it("names a server that does not answer, with the remedy, and sees by itself when it is there", async () => {
  const ports = { control: await freePort(), data: await freePort() };
  const screen = await open();
  await start(screen, "--url", `ws://127.0.0.1:${ports.data}`);
  await screen.until((now) => step(now, "The server").startsWith("✕ The server"));
  const sentence = step(await screen.screen(), "The server");
  expect(sentence).toContain(`127.0.0.1:${ports.data} does not answer (ECONNREFUSED): start it there, or name another`);
  expect(step(await screen.screen(), "Its model")).toBe("· Its model known as soon as the server answers");
  const child = await startServer(ports);
  try {
    await screen.until((now) => step(now, "The server").startsWith("✓ The server"));
  } finally {
    await killServer(child);
  }
}, 60_000);

it("takes Ctrl+Q for quitting, in Russian and in a window of 20 columns", async () => {
  const screen = await open({ columns: 20, rows: 10, env: { LANG: "ru_RU.UTF-8", PULSE_SERVER: "unix:/nonexistent" } });
  await start(screen, "--url", server.url, "--file", recording("ru_05").path, "--first-run");
  const shown = await screen.until((now) => now.includes("Прочитайте вслух") && now.includes("Вчера мы гуляли"));
  expect(Math.max(...shown.split("\n").map((line) => line.length))).toBeLessThanOrEqual(20);
  await screen.keys("C-q");
  await screen.until((now) => /[$#]$/.test(now));
}, 30_000);
