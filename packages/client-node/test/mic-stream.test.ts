import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { runCli, startCli } from "./support/run-cli.js";
import { createTestServer, type TestServer } from "./support/ws-server.js";

const sample = (name: string) => fileURLToPath(new URL(`../../../samples/${name}`, import.meta.url));
const ONE = sample("en_01.wav");
const TWO = sample("en_02.wav");

describe("mic-stream transcribe", () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await createTestServer();
  });
  afterEach(() => server.close());

  it("prints finals, one a line, and nothing else on stdout", async () => {
    const { code, stdout, stderr } = await runCli(["transcribe", ONE, "--url", server.url]);
    expect(stdout).toBe("0-16000\n16000-32000\n32000-35633\n");
    expect(stderr).toBe("");
    expect(code).toBe(0);
  });

  it("names the file before each line when there are several, and goes on after a bad one", async () => {
    const { code, stdout, stderr } = await runCli([
      "transcribe",
      ONE,
      "nothing.wav",
      TWO,
      "--url",
      server.url,
      "--parallel",
      "2",
    ]);
    const lines = stdout.trim().split("\n");
    expect(lines.filter((line) => line.startsWith(`${ONE}: `))).toHaveLength(3);
    expect(lines.filter((line) => line.startsWith(`${TWO}: `))).toHaveLength(3);
    expect(stderr).toBe("nothing.wav does not exist.\n1 of 3 files failed: nothing.wav\n");
    expect(code).toBe(1);
  });

  it("prints every event as a JSON line with its file", async () => {
    const { code, stdout } = await runCli(["transcribe", ONE, "--json", "--words", "--url", server.url]);
    const events = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events.every((event) => event.file === ONE)).toBe(true);
    expect(events.filter((event) => event.type === "final")).toHaveLength(3);
    expect(events.find((event) => event.type === "final")).toMatchObject({ utterance: 0, words: [{ startMs: 0 }] });
    expect(code).toBe(0);
  });

  it("prints words with their times", async () => {
    const { stdout } = await runCli(["transcribe", ONE, "--words", "--url", server.url]);
    expect(stdout.split("\n")[0]).toBe("0.00\t1.00\t0-16000");
  });

  it("passes language, prompt and token on", async () => {
    await runCli(["transcribe", ONE, "--language", "ru", "--prompt", "о погоде", "--url", server.url], {
      STT_TOKEN: "secret",
    });
    expect(server.sessions[0]?.start).toMatchObject({ language: "ru", prompt: "о погоде" });
    expect(server.upgrades[0]?.authorization).toBe("Bearer secret");
  });

  it.each([
    ["nb", { language: "no" }],
    ["EN", { language: "en" }],
    ["en-US", { language: "en" }],
    ["pt_BR", { language: "pt" }],
    ["iw", { language: "he" }],
    ["EN,ru_RU", { language: "auto", languages: ["en", "ru"] }],
  ])("understands --language %s", async (written, asked) => {
    await runCli(["transcribe", ONE, "--language", written, "--url", server.url]);
    expect(server.sessions[0]?.start).toMatchObject(asked);
  });

  it("sends a file at the speed of speech with --pace 1", async () => {
    const began = Date.now();
    const { stdout } = await runCli(["transcribe", ONE, "--pace", "1", "--url", server.url]);
    expect(Date.now() - began).toBeGreaterThan(2200);
    expect(stdout).toBe("0-16000\n16000-32000\n32000-35633\n");
  });

  it("flushes what was said so far on Ctrl+C", async () => {
    const run = startCli(["transcribe", sample("en_paragraph_1.wav"), "--pace", "1", "--url", server.url]);
    await expect.poll(() => server.sessions[0]?.frames ?? 0, { timeout: 10_000 }).toBeGreaterThan(20);
    run.child.kill("SIGINT");
    const { code, stdout, stderr } = await run.result;
    expect(stdout.trim().split("\n").at(-1)).toMatch(new RegExp(`-${server.sessions[0]?.receivedSamples}$`));
    expect(stderr).toContain("Ctrl+C");
    expect(code).toBe(130);
  });

  it("survives a server that is restarted in mid-file", async () => {
    const run = startCli(["transcribe", ONE, "--pace", "1", "--url", server.url]);
    await expect.poll(() => server.sessions[0]?.frames ?? 0, { timeout: 10_000 }).toBeGreaterThan(10);
    server.cut();
    const { code, stdout, stderr } = await run.result;
    expect(server.sessions.length).toBeGreaterThan(1);
    const offsets = stdout
      .trim()
      .split("\n")
      .map((line) => line.split("-").map(Number));
    expect(offsets.every(([from], i) => from === (i === 0 ? 0 : offsets[i - 1]?.[1]))).toBe(true);
    expect(stderr).toContain("closed the connection");
    expect(code).toBe(0);
  });
});

describe("mic-stream without a server", () => {
  it.each([
    [["transcribe", ONE, "--url", "ws://127.0.0.1:1"], {}],
    [["transcribe", ONE], { SERVER_HOST: "127.0.0.1", DATA_PORT: "1" }],
    [["client"], { SERVER_HOST: "127.0.0.1", DATA_PORT: "1" }],
    [[], { SERVER_HOST: "127.0.0.1", DATA_PORT: "1" }],
  ])("%j names the host and what to change", async (args, env) => {
    const { code, stdout, stderr } = await runCli(args, env);
    expect(stderr).toContain("127.0.0.1:1 cannot be reached");
    expect(stderr).toContain("--url or SERVER_HOST");
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stdout).toBe("");
    expect(code).toBe(1);
  });
});

describe("mic-stream on the command line", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "stt-cli-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each([
    [["transcribe"], "Name at least one audio file."],
    [["transcribe", ONE, "--pace", "2"], "--pace must be 0 or 1."],
    [["transcribe", ONE, "--parallel", "none"], "--parallel must be a whole number from 1 to 64."],
    [
      ["transcribe", ONE, "--language", "Russian"],
      "--language Russian: not a language that Whisper knows. Give auto, a code such as en or pt-BR, or several: en,ru.",
    ],
    [["transcribe", ONE, "--language", "en,klingon"], "--language en,klingon: not a language that Whisper knows."],
    [["transcribe", ONE, "--url", "localhost"], '"localhost" is not a server address'],
    [["transcribe", ONE, "--url"], "The option --url needs a value."],
    [["transcribe", ONE, "--loud"], "There is no option --loud."],
    [["sing"], "There is no command sing."],
  ])("%j is refused with code 2 and one sentence", async (args, sentence) => {
    const { code, stdout, stderr } = await runCli(args);
    expect(stderr).toContain(sentence);
    expect(stderr).toContain("See mic-stream --help.");
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });

  it("speaks Russian where the locale does", async () => {
    const help = await runCli(["--help"], { LANG: "ru_RU.UTF-8" });
    expect(help.stdout).toContain("Использование:");
    expect(help.code).toBe(0);
    const error = await runCli(["transcribe", ONE, "--pace", "2"], { LC_ALL: "ru_RU.UTF-8", LANG: "en_US.UTF-8" });
    expect(error.stderr).toContain("--pace: нужно 0 или 1.");
  });

  it("has help that fits a screen, less how text is written", async () => {
    for (const args of [[], ["transcribe"], ["client"], ["devices"], ["status"], ["doctor"], ["mcp"]]) {
      const writes = args[0] === "transcribe" || args[0] === "client";
      for (const LANG of ["en_US.UTF-8", "ru_RU.UTF-8"]) {
        const { stdout, code } = await runCli([...args, "--help"], { LANG });
        expect(code).toBe(0);
        expect(stdout.split("\n").length).toBeLessThanOrEqual(writes ? 40 : 25);
        expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
      }
    }
  });

  it("reads SERVER_HOST from .env in the working directory", async () => {
    await writeFile(join(folder, ".env"), "SERVER_HOST=127.0.0.1\nDATA_PORT=1 # nobody listens here\n");
    const { stderr } = await runCli(["transcribe", ONE], {}, folder);
    expect(stderr).toContain("127.0.0.1:1 cannot be reached");
  });

  it("says which variable is wrong, with code 2", async () => {
    const { code, stderr } = await runCli(["transcribe", ONE], { DATA_PORT: "eighty" });
    expect(stderr).toContain("DATA_PORT");
    expect(code).toBe(2);
  });
});
