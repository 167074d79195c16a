/** Words and replacements in the real program, against a real server, with recorded speech. */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { TmuxTerminal, textOf } from "../../../packages/client-node/test/support/tmux.js";
import { recording } from "../../../packages/server/test/support/recordings.js";
import { createTestServer, type TestServer } from "../../../packages/server/test/support/test-server.js";
import { edit, stateOf } from "./support/edit.js";

let server: TestServer;
let screen: TmuxTerminal;

beforeAll(async () => {
  server = await createTestServer();
}, 60_000);
afterAll(() => server?.server.close());

afterEach(() => screen?.close());

const kept = (name: string) => path.join(stateOf(screen), name);
const speaking = () => ["--url", server.url, "--language", "en", "--file", recording("en_05").path];

/** @param files of the user's, by name */
async function open(files: Record<string, string> = {}, ...args: string[]): Promise<void> {
  screen = await TmuxTerminal.open({ columns: 100, rows: 10 });
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(screen.folder, name), text);
  await edit(screen, ...speaking(), ...args);
}

const file = (name: string) => readFileSync(path.join(screen.folder, name), "utf8");

async function add(line: string): Promise<void> {
  await screen.type(line);
  await screen.keys("Enter");
}

it("lists, adds, changes and deletes them, keeps them for its user alone, and writes by them", async () => {
  await open();
  await screen.keys("F6");
  await screen.until((now) => now.includes("No words yet"));
  await add("Kubernetes, cooper netties");
  await screen.until((now) => /^ Kubernetes, cooper netties/m.test(now));
  await add("set a timer = start the\\nclock");
  await add("gone = away");
  await screen.until((now) => /^ gone = away/m.test(now));
  await screen.keys("DC");
  await screen.until((now) => !now.includes("gone"));
  await add("/(\\w+) minutes/ = $1 min");
  await screen.until((now) => /^ .*= \$1 min$/m.test(now));
  await screen.keys("Enter");
  await screen.until((now) => now.includes("> /(\\w+) minutes/ = $1 min"));
  await screen.keys("BSpace", "BSpace", "BSpace");
  await add("m");
  await screen.until((now) => /^ .*= \$1 m$/m.test(now));
  expect(readFileSync(kept("words.txt"), "utf8")).toBe("Kubernetes, cooper netties\n");
  expect(readFileSync(kept("replacements.txt"), "utf8")).toBe(
    "set a timer = start the\\nclock\n/(\\w+) minutes/ = $1 m\n",
  );
  expect(statSync(kept("words.txt")).mode & 0o777).toBe(0o600);
  // The model of the tests takes a word to expect for one that was said.
  await screen.keys("PPage", "DC");
  await screen.until((now) => !/^ Kubernetes/m.test(now));
  expect(readFileSync(kept("words.txt"), "utf8")).toBe("");
  await screen.keys("Escape");
  await screen.keys("F1");
  await screen.until((now) => textOf(now) === "Start the clock for eleven m." && /^clock/m.test(now), 30_000);
}, 60_000);

it("tells what is wrong with a pattern, and sends none that the server cannot read", async () => {
  await open({ "mine.txt": "# mine\n/(open/ = x\nset a timer = stop\n" }, "--replace", "mine.txt");
  await screen.keys("F6");
  await screen.until((now) => /\/\(open\/ = x +The server cannot read this pattern: missing closing \)/.test(now));
  await add("/a[/ = b");
  await screen.until((now) => /> \/a\[\/ = b +The server cannot read this pattern: missing closing \]/.test(now));
  await screen.keys("Escape");
  await screen.keys("Escape");
  await screen.keys("F1");
  await screen.until((now) => textOf(now).includes("Stop for eleven minutes."), 30_000);
  expect(file("mine.txt")).toContain("# mine\n");
}, 60_000);

it("reads what the editor in the browser exports, and the other way round", async () => {
  const words = 'Kubernetes, cooper netties\n"Tallinn, Estonia"\n';
  const rules = 'find,replace\r\nset a timer,"start\nthe clock"\r\n';
  await open({ "words.csv": words, "mine.csv": rules }, "--vocabulary", "words.csv", "--replace", "mine.csv");
  await screen.keys("F6");
  await screen.until((now) => now.includes('"Tallinn, Estonia"') && now.includes("set a timer = start\\nthe clock"));
  await add("Oslo, os low");
  await add("omw = on my way");
  await screen.until((now) => now.includes("omw = on my way"));
  expect(file("words.csv")).toBe(`${words}Oslo, os low\n`);
  expect(file("mine.csv")).toBe(`${rules}omw,on my way\r\n`);
}, 60_000);
