/** The live view of the built program in a real terminal, against a real server. */
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { recording } from "../../server/test/support/recordings.js";
import { createTestServer, type TestServer } from "../../server/test/support/test-server.js";
import { TmuxTerminal } from "./support/tmux.js";

const BIN = fileURLToPath(new URL("../bin/mic-stream.js", import.meta.url));
const TIMER = "Set a timer for eleven minutes.";

let server: TestServer;
let screen: TmuxTerminal;
beforeAll(async () => {
  server = await createTestServer();
}, 60_000);
afterAll(() => server?.server.close());
afterEach(() => screen?.close());

it("shows one status line while somebody speaks, and leaves the finished sentence alone behind", async () => {
  screen = await TmuxTerminal.open({ columns: 72 });
  await screen.run(
    ...[process.execPath, BIN, "transcribe", recording("en_05").path],
    ...["--pace", "1", "--url", server.url, "--language", "en"],
  );
  await screen.until((now) => /(◉ Hearing you|● Listening) {2}micro/.test(now));
  await screen.until((now) => now.startsWith(TIMER) && /^[$#]$/m.test(now), 30_000);
  expect(await screen.screen()).toMatch(/^Set a timer for eleven minutes\.\n[$#]$/);
}, 60_000);

it("copies the text through the terminal with --clipboard", async () => {
  screen = await TmuxTerminal.open({ columns: 72 });
  const command = `tail -c +45 '${recording("en_05").path}' | '${process.execPath}' '${BIN}' - --rate 16000`;
  await screen.type(`clear; ${command} --clipboard --url ${server.url} --language en`);
  await screen.keys("Enter");
  await vi.waitFor(async () => expect(await screen.clipboard()).toBe(TIMER), 30_000);
}, 60_000);
