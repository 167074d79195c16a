/** The real program in a real terminal, against a real server, with recorded speech. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { freePort, killServer, startServer } from "../../../packages/client-node/test/support/server-process.js";
import {
  type SoundServer,
  soundServerMissing,
  startSoundServer,
} from "../../../packages/client-node/test/support/sound-server.js";
import {
  statusOf,
  type TerminalOptions,
  TmuxTerminal,
  textOf,
} from "../../../packages/client-node/test/support/tmux.js";
import { recording } from "../../../packages/server/test/support/recordings.js";
import { createTestServer, type TestServer } from "../../../packages/server/test/support/test-server.js";
import { edit, stateOf } from "./support/edit.js";

let server: TestServer;
let terminal: TmuxTerminal;

beforeAll(async () => {
  server = await createTestServer();
}, 60_000);

afterAll(() => server?.server.close());

afterEach(() => terminal?.close());

async function open(options?: TerminalOptions): Promise<TmuxTerminal> {
  terminal = await TmuxTerminal.open(options);
  return terminal;
}

const speaking = (name: string, language = "en") => [
  ...["--url", server.url, "--language", language, "--file", recording(name).path],
];

it("writes speech at the caret, in the middle of typed text, and copies it; undo takes it back as one", async () => {
  const screen = await open();
  await edit(screen, ...speaking("en_05"));
  await screen.type("Please  when the tea is in");
  for (let i = 0; i < " when the tea is in".length; i++) await screen.keys("Left");
  await screen.keys("F1");
  await screen.until((now) => /◉ Hearing you {2}[▁-█]+ {2}micro/.test(statusOf(now)));
  await screen.until((now) => /set a/i.test(textOf(now)));
  await screen.keys("End");
  await screen.type("!");
  const done = "Please set a timer for eleven minutes when the tea is in!";
  await screen.until((now) => textOf(now) === done && statusOf(now).startsWith("○ Ready"));
  expect(await screen.clipboard()).toBe("Set a timer for eleven minutes.");
  await screen.keys("C-z", "C-z");
  await screen.until((now) => textOf(now) === "Please when the tea is in");
  await screen.keys("C-y", "C-y");
  await screen.until((now) => textOf(now) === done);
}, 40_000);

it("fits a window of 20 columns and 4 rows", async () => {
  const screen = await open({ columns: 20, rows: 4 });
  await edit(screen);
  await screen.paste("Widths: 日本語 and\n\nПривет, мир, и всем доброго дня");
  expect(await screen.until((now) => now.includes("дня"))).toBe("\nПривет, мир, и всем\nдоброго дня\n○ Ready");
  await screen.keys("C-Home");
  expect(await screen.until((now) => now.includes("Widths"))).toBe(
    "Widths: 日本語 and\n\nПривет, мир, и всем\n○ Ready",
  );
  await screen.resize(40, 5);
  expect(await screen.until((now) => now.includes("дня"))).toBe(
    "Widths: 日本語 and\n\nПривет, мир, и всем доброго дня\n\n○ Ready  F1 speak  F3 copy all  F4 help",
  );
});

it("copies what the mouse selects, over wrapped rows, exactly as it was written", async () => {
  const screen = await open({ columns: 20, rows: 6 });
  await edit(screen);
  await screen.paste("The quick brown fox jumps over\nthe «lazy» dog");
  await screen.until((now) => now.includes("dog"));
  await screen.drag([0, 4], [2, 9]);
  await vi.waitFor(async () => expect(await screen.clipboard()).toBe("quick brown fox jumps over\nthe «lazy»"), 5000);
  await screen.keys("F3");
  await vi.waitFor(
    async () => expect(await screen.clipboard()).toBe("The quick brown fox jumps over\nthe «lazy» dog"),
    5000,
  );
});

it("loses nothing when the server is killed in mid-sentence: it says so, and goes on when the server is back", async () => {
  const ports = { control: await freePort(), data: await freePort() };
  let child = await startServer(ports);
  try {
    const screen = await open();
    const url = `ws://127.0.0.1:${ports.data}`;
    await edit(screen, "--url", url, "--language", "en", "--file", recording("en_10").path);
    await screen.type("Notes: ");
    await screen.keys("F1");
    await screen.until((now) => textOf(now).length > "Notes: wake me".length);
    await killServer(child);
    await screen.until((now) => statusOf(now).startsWith("↻ Reconnecting, nothing is lost"));
    await screen.type(" ok");
    child = await startServer(ports);
    const wanted = "Notes: wake me up at quarter past nine ok";
    await screen.until((now) => textOf(now) === wanted && statusOf(now).startsWith("○ Ready"), 30_000);
  } finally {
    await killServer(child);
  }
}, 80_000);

it("goes on recording while the last recording is still being written: F1, F1, and no word is lost", async () => {
  const ports = { control: await freePort(), data: await freePort() };
  let child = await startServer(ports);
  try {
    const screen = await open({ columns: 72 });
    const url = `ws://127.0.0.1:${ports.data}`;
    await edit(screen, "--url", url, "--language", "en", "--file", recording("en_05").path);
    await screen.keys("F1");
    await screen.until((now) => /set a/i.test(textOf(now)));
    await killServer(child);
    await screen.until((now) => statusOf(now).startsWith("↻ Reconnecting"));
    // The first recording can only be finished when the server is back.
    await screen.keys("F1");
    await screen.keys("F1");
    await screen.until((now) => /^● Listening {2}[▁-█]/.test(statusOf(now)));
    // The second one has heard all of the sentence by then, and waits too.
    await screen.until((now) => !statusOf(now).startsWith("● Listening"));
    child = await startServer(ports);
    // The first recording ends in the middle of the sentence.
    const wanted = /^Set a\b.*\bset a timer for eleven minutes[.]$/i;
    await screen.until((now) => wanted.test(textOf(now)) && statusOf(now).startsWith("○ Ready"), 40_000);
  } finally {
    await killServer(child);
  }
}, 90_000);

it("asks before it overwrites what another program wrote, and changes no line that was not edited", async () => {
  const screen = await open({ columns: 80 });
  const file = path.join(screen.folder, "notes.txt");
  writeFileSync(file, "\uFEFFone\r\ntwo\n");
  await edit(screen, file);
  await screen.type("three");
  await screen.until((now) => textOf(now).endsWith("three"));
  writeFileSync(file, "theirs");
  await screen.keys("C-s");
  await screen.until((now) => statusOf(now).includes("notes.txt was changed elsewhere: Ctrl+S again overwrites it"));
  expect(readFileSync(file, "utf8")).toBe("theirs");
  await screen.keys("C-s");
  await screen.until((now) => statusOf(now).includes("Saved"));
  expect(readFileSync(file, "utf8")).toBe("\uFEFFone\r\ntwo\nthree");
});

it("copies the selection with Ctrl+C, and quits with it when nothing is selected", async () => {
  const screen = await open();
  await edit(screen);
  await screen.type("precious");
  await screen.keys("C-a");
  await screen.keys("C-c");
  await vi.waitFor(async () => expect(await screen.clipboard()).toBe("precious"), 10_000);
  expect(textOf(await screen.screen())).toBe("precious");
  await screen.keys("End");
  await screen.keys("C-c");
  await screen.until((now) => now.includes("The text is kept"));
});

it("writes Russian for Russians, and keeps the text for the next time", async () => {
  const screen = await open({ env: { LANG: "ru_RU.UTF-8" } });
  await edit(screen, ...speaking("ru_05", "ru"));
  await screen.type("Итак: ");
  await screen.keys("F1");
  await screen.until((now) => statusOf(now).startsWith("◉ Слышу вас"));
  await screen.until((now) => textOf(now) === "Итак: план был полезный и очень хороший." && /○ Готов/.test(now));
  await screen.keys("C-q");
  await screen.until((now) => now.includes("Текст сохранён: stt-editor --draft откроет его."));
  await edit(screen, ...speaking("ru_05", "ru"));
  expect(statusOf(await screen.screen())).toContain("F2 откроет черновик");
  await screen.keys("F2");
  await screen.until((now) => textOf(now) === "Итак: план был полезный и очень хороший.");
}, 40_000);

it.each([
  ["fails in JavaScript", "SIGUSR2", "Error: boom"],
  ["is told to end", "SIGTERM", ""],
  ["is killed", "SIGKILL", ""],
] as const)("leaves the terminal as it was when it %s, and the text with it", async (_, signal, message) => {
  const boom = 'process.on("SIGUSR2",()=>{throw(new(Error)("boom"))})';
  const screen = await open({ env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(boom)}` } });
  await edit(screen);
  await screen.type("precious");
  await screen.until((now) => now.startsWith("precious"));
  const drafts = () => readdirSync(stateOf(screen)).filter((name) => name.endsWith(".txt"));
  await vi.waitFor(() => expect(drafts()).toHaveLength(1), 5000);
  process.kill(screen.pid, signal);
  const modes = "#{alternate_on}#{mouse_any_flag}#{mouse_sgr_flag}#{cursor_flag}#{wrap_flag}";
  await vi.waitFor(async () => expect(await screen.value(modes)).toBe("00011"), 5000);
  await screen.until((now) => now.includes(message));
  // A shell that was quicker than the cleaning has written its prompt onto the screen that is gone.
  await screen.keys("Enter");
  await screen.until((now) => /[$#]$/.test(now));
  await screen.type("stty -a | grep -o -e ' icanon' -e ' echo '");
  await screen.keys("Enter");
  await screen.until((now) => /^ icanon$/m.test(now) && /^ echo$/m.test(now));
  await edit(screen, "--draft");
  await screen.until((now) => now.startsWith("precious"));
  expect(readFileSync(path.join(stateOf(screen), drafts().at(-1)!), "utf8")).toBe("precious");
});

it("shows every key on F4 and what was said before on F5, to be found and written once more", async () => {
  const screen = await open({ columns: 80, rows: 24 });
  await edit(screen, ...speaking("en_05"));
  await screen.keys("F4");
  await screen.until((now) => now.includes("F3  copy everything") && now.includes("stop listening"));
  await screen.keys("Escape");
  await screen.keys("F1");
  await screen.until((now) => textOf(now) === "Set a timer for eleven minutes." && statusOf(now).startsWith("○ Ready"));
  await screen.keys("C-q");
  await screen.until((now) => !now.includes("○ Ready"));

  await edit(screen, ...speaking("en_05"));
  await screen.keys("F5");
  await screen.until((now) => /\d\d:\d\d {2}Set a timer for eleven minutes\./.test(now));
  await screen.type("hours");
  await screen.until((now) => now.includes("Nothing with these letters was said."));
  for (let i = 0; i < "hours".length; i++) await screen.keys("BSpace");
  await screen.type("ELEVEN");
  await screen.until((now) => /\d\d:\d\d {2}Set a timer for eleven minutes\./.test(now));
  await screen.keys("C-c");
  await screen.until((now) => statusOf(now).includes("Copied, 31 characters"));
  await screen.keys("Enter");
  await screen.until((now) => textOf(now) === "Set a timer for eleven minutes.");
  expect(await screen.clipboard()).toBe("Set a timer for eleven minutes.");
}, 60_000);

it("records as long as F1 is held, where the terminal tells of the release", async () => {
  const screen = await open({ columns: 80 });
  await edit(screen, ...speaking("en_paragraph_1"));
  await screen.keys("F1");
  await screen.until((now) => /^[●◉]/.test(statusOf(now)));
  await screen.type("\x1b[1;1:2P");
  await screen.until((now) => textOf(now) !== "");
  expect(statusOf(await screen.screen())).toMatch(/^[●◉]/);
  await screen.type("\x1b[1;1:3P");
  await screen.until((now) => statusOf(now).startsWith("○ Ready"));
  expect(textOf(await screen.screen())).not.toBe("");
}, 40_000);

const missing = soundServerMissing();
if (missing) process.stderr.write(`skipped: dictating through a real microphone; ${missing}\n`);

it.skipIf(missing)(
  "writes what is spoken into a real microphone",
  async () => {
    const sound: SoundServer = await startSoundServer();
    try {
      const { HOME: _home, ...env } = sound.env;
      const screen = await open({ env, columns: 72 });
      await edit(screen, "--url", server.url, "--language", "en");
      await screen.type("Note: ");
      await screen.keys("F1");
      await screen.until((now) => statusOf(now).startsWith("● Listening"));
      await sound.play(recording("en_05").path);
      await screen.until((now) => /set a timer for eleven minutes/i.test(textOf(now)));
      await screen.keys("F1");
      await screen.until((now) => statusOf(now).startsWith("○ Ready"));
      expect(textOf(await screen.screen())).toBe("Note: set a timer for eleven minutes.");
    } finally {
      sound.stop();
    }
  },
  60_000,
);
