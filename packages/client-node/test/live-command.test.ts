/** The built program as a script uses it: audio on standard input, a real server, pipes. */
import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FakeEngine } from "@stt/core/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recording } from "../../server/test/support/recordings.js";
import { createTestServer, type TestServer } from "../../server/test/support/test-server.js";
import { type CliRun, startCli } from "./support/run-cli.js";

const TIMER = "Set a timer for eleven minutes.";
const wav = readFileSync(recording("en_05").path);
/** The samples alone: 16 kHz mono, 16 bits. */
const raw = wav.subarray(44);
const silence = (ms: number) => Buffer.alloc(ms * 32);
/** Bytes up to the middle of the last word. */
const CUT = 1300 * 32;
const RAW = ["--rate", "16000"];

let server: TestServer;
let folder: string;
beforeAll(async () => {
  server = await createTestServer();
  folder = mkdtempSync(join(tmpdir(), "stt-live-"));
}, 60_000);
afterAll(async () => {
  await server?.server.close();
  rmSync(folder, { recursive: true, force: true });
});

function listen(...args: string[]): CliRun {
  return startCli(["-", "--url", server.url, "--language", "en", ...args]);
}

describe("mic-stream -", { timeout: 60_000 }, () => {
  it("prints only finals on a pipe, each as soon as it is there", async () => {
    const run = listen(...RAW);
    run.child.stdin.write(Buffer.concat([raw, silence(2500)]));
    // The stream is still open: nothing has been held back for its end.
    await expect.poll(() => run.output.stdout, { timeout: 20_000 }).toBe(`${TIMER}\n`);
    run.child.stdin.end(raw);
    const { code, stdout, stderr } = await run.result;
    expect(stdout).toBe(`${TIMER}\n${TIMER}\n`);
    expect(stderr).toBe("");
    expect(code).toBe(0);
  });

  it("takes a WAV file as it is", async () => {
    const run = listen();
    // In pieces, one of which ends within the head and one within a sample.
    run.child.stdin.write(wav.subarray(0, 21));
    run.child.stdin.write(wav.subarray(21, 4097));
    run.child.stdin.end(wav.subarray(4097));
    expect(await run.result).toEqual({ code: 0, stdout: `${TIMER}\n`, stderr: "" });
  });

  it("says what standard input should have been", async () => {
    const run = listen();
    run.child.stdin.end("this is text");
    const { code, stdout, stderr } = await run.result;
    expect(stderr).toMatch(/^What comes from standard input is not a WAV file: .* \(for raw .* --rate\)\.\n$/);
    expect(stdout).toBe("");
    expect(code).toBe(1);
  });

  it("prints with --json one object a line, of the documented types and fields", async () => {
    const run = listen("--json", "--words", ...RAW);
    run.child.stdin.write(raw.subarray(0, CUT));
    await expect.poll(() => run.output.stdout, { timeout: 20_000 }).toContain('"type":"partial"');
    run.child.stdin.end(raw.subarray(CUT));
    const { code, stdout } = await run.result;
    const events = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown> & { type: string });
    const of = (type: string) => events.find((event) => event.type === type);
    expect(of("status")).toEqual({ type: "status", status: "connecting", previous: "idle" });
    expect(of("ready")).toMatchObject({ model: "micro", device: "cpu", sessionId: expect.any(String) });
    expect(of("speech_start")).toEqual({ type: "speech_start", utterance: 0, atMs: expect.any(Number) });
    expect(of("partial")).toMatchObject({
      utterance: 0,
      revision: expect.any(Number),
      committed: expect.any(String),
      tentative: expect.any(String),
    });
    expect(of("final")).toMatchObject({
      utterance: 0,
      text: TIMER,
      language: "en",
      startMs: expect.any(Number),
      endMs: expect.any(Number),
      words: expect.arrayContaining([
        expect.objectContaining({ text: expect.any(String), startMs: expect.any(Number) }),
      ]),
    });
    expect(of("end")).toEqual({ type: "end", audioMs: expect.any(Number), utterances: 1 });
    expect(code).toBe(0);
  });

  it("writes subtitles to stdout, and JSON once it is whole", async () => {
    const [srt, json] = ["srt", "json"].map((format) => listen("--format", format)) as [CliRun, CliRun];
    for (const run of [srt, json]) run.child.stdin.end(wav);
    expect((await srt.result).stdout).toMatch(
      /^1\n00:00:0\d,\d{3} --> 00:00:0\d,\d{3}\nSet a timer for eleven minutes\.\n$/,
    );
    expect(JSON.parse((await json.result).stdout)).toMatchObject({ text: TIMER, segments: [{ text: TIMER }] });
  });

  it("flushes the last utterance on Ctrl+C", async () => {
    const run = listen("--json", ...RAW);
    // In mid-word: there is no silence that would end the utterance.
    run.child.stdin.write(raw.subarray(0, CUT));
    await expect.poll(() => run.output.stdout, { timeout: 20_000 }).toContain('"type":"partial"');
    expect(run.output.stdout).not.toContain('"type":"final"');
    run.child.kill("SIGINT");
    const { code, stdout, stderr } = await run.result;
    expect(stdout).toMatch(/"type":"final","utterance":0,"text":"Set a timer for/);
    expect(stderr).toBe("Finishing: press Ctrl+C again to quit at once.\n");
    expect(code).toBe(0);
  });

  it("ends by itself after silence, though the stream goes on", async () => {
    const run = listen("--until-silence", "2s", ...RAW);
    run.child.stdin.write(Buffer.concat([raw, silence(4000)]));
    const { code, stdout } = await run.result;
    expect(stdout).toBe(`${TIMER}\n`);
    expect(code).toBe(0);
  });

  it("obeys a spoken command: it ends at one, says of the others that they are not for it, and writes none", async () => {
    let said = "Hello there. Delete that.";
    const { server: fake, url } = await createTestServer(
      { enableRealtimeTranscription: false },
      { engine: new FakeEngine({ answers: () => said }) },
    );
    try {
      const run = listen("--url", url, "--commands", ...RAW);
      run.child.stdin.write(Buffer.concat([raw, silence(2500)]));
      await expect.poll(() => run.output.stdout, { timeout: 20_000 }).toBe("Hello there. Delete that.\n");
      said = "Delete that.";
      run.child.stdin.write(Buffer.concat([raw, silence(2500)]));
      await expect.poll(() => run.output.stderr, { timeout: 20_000 }).toContain('Heard the command "Delete that"');
      said = "Stop listening.";
      // The stream stays open.
      run.child.stdin.write(Buffer.concat([raw, silence(2500)]));
      expect(await run.result).toMatchObject({ code: 0, stdout: "Hello there. Delete that.\n" });
    } finally {
      await fake.close();
    }
  });

  it("waits longer for the first word than for the next", async () => {
    const run = listen("--until-silence", "1s", ...RAW);
    run.child.stdin.end(Buffer.concat([silence(4000), raw]));
    expect(await run.result).toMatchObject({ code: 0, stdout: `${TIMER}\n` });
  });

  it("passes the vocabulary on, and refuses one that is too long", async () => {
    const good = join(folder, "names.txt");
    writeFileSync(good, "# people\nАнна Петровна\n\nKubernetes, cooper netties\r\n");
    const run = listen("--vocabulary", good, "--term", "Silero", "--term", "Grafana, graph anna");
    run.child.stdin.end(wav);
    expect((await run.result).code).toBe(0);
    const bad = join(folder, "long.txt");
    writeFileSync(bad, "word\n".repeat(501));
    expect(await listen("--vocabulary", bad).result).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("at most 500 terms of together 20,000 characters are taken, there are 501"),
    });
  });
});

describe("mic-stream - --output", { timeout: 60_000 }, () => {
  const into = async (file: string, ...args: string[]) => {
    const run = listen("--output", file, ...args);
    run.child.stdin.end(wav);
    return run.result;
  };

  it("appends text to what is there, and prints nothing", async () => {
    const file = join(folder, "notes.txt");
    writeFileSync(file, "no newline at the end");
    expect(await into(file)).toEqual({ code: 0, stdout: "", stderr: "" });
    await into(file);
    expect(readFileSync(file, "utf8")).toBe(`no newline at the end\n${TIMER}\n${TIMER}\n`);
  });

  it("writes subtitles, and never over something without --force", async () => {
    const file = join(folder, "talk.srt");
    await into(file, "--format", "srt");
    const first = readFileSync(file, "utf8");
    expect(first).toMatch(/^1\n.* --> .*\nSet a timer/);
    const refused = await into(file, "--format", "vtt");
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("--force") });
    expect(readFileSync(file, "utf8")).toBe(first);
    await into(file, "--format", "vtt", "--force");
    expect(readFileSync(file, "utf8")).toMatch(/^WEBVTT\n\n.* --> .*\nSet a timer/);
  });

  it("leaves the old file alone when there is no server to replace its text", async () => {
    const file = join(folder, "precious.json");
    writeFileSync(file, "precious");
    const run = startCli(["-", "--url", "ws://127.0.0.1:1", "--output", file, "--format", "json", "--force"]);
    run.child.stdin.end(wav);
    expect((await run.result).code).toBe(1);
    expect(readFileSync(file, "utf8")).toBe("precious");
  });

  it("says at once that a file cannot be written", async () => {
    const { code, stderr } = await into(join(folder, "no", "folder", "notes.txt"));
    expect(stderr).toMatch(/notes\.txt cannot be written: ENOENT/);
    expect(code).toBe(1);
  });

  it.skipIf(!existsSync("/dev/full"))("prints what a full disk does not take", async () => {
    const { code, stdout, stderr } = await into("/dev/full");
    expect(stdout).toBe(`${TIMER}\n`);
    expect(stderr).toMatch(/ENOSPC.* The text goes to standard output instead\.\n$/);
    expect(code).toBe(1);
    expect(statSync("/dev/full").isCharacterDevice()).toBe(true);
  });

  it.each(["txt", "json", "srt"])("writes %s into a named pipe, and leaves it one", async (format) => {
    const pipe = join(folder, `pipe-${format}`);
    execFileSync("mkfifo", [pipe]);
    const reading = new Promise<string>((resolve, reject) => {
      execFile("cat", [pipe], (error, read) => (error ? reject(error) : resolve(read)));
    });
    expect(await into(pipe, "--format", format)).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(await reading).toContain(TIMER);
    expect(statSync(pipe).isFIFO()).toBe(true);
  });

  it.skipIf(process.platform === "win32")("waits for the reader of a named pipe, and says so", async () => {
    const pipe = join(folder, "late-pipe");
    execFileSync("mkfifo", [pipe]);
    const run = listen("--output", pipe);
    run.child.stdin.end(wav);
    await expect
      .poll(() => run.output.stderr, { timeout: 20_000 })
      .toBe(`Nobody reads from ${pipe} yet: the text waits for it.\n`);
    expect(execFileSync("cat", [pipe], { encoding: "utf8" })).toBe(`${TIMER}\n`);
    expect(await run.result).toMatchObject({ code: 0, stdout: "" });
  });

  it.skipIf(process.platform === "win32")("prints what nobody reads from a pipe when Ctrl+C ends it", async () => {
    const pipe = join(folder, "lonely-pipe");
    execFileSync("mkfifo", [pipe]);
    const run = listen("--output", pipe);
    run.child.stdin.end(wav);
    await expect.poll(() => run.output.stderr, { timeout: 20_000 }).toContain("Nobody reads from");
    run.child.kill("SIGINT");
    const { code, stdout, stderr } = await run.result;
    expect({ code, stdout }).toEqual({ code: 1, stdout: `${TIMER}\n` });
    expect(stderr).toContain(
      `${pipe} cannot be written: nobody reads from this pipe. The text goes to standard output instead.`,
    );
  });

  it.skipIf(process.platform === "win32")(
    "tells another failure at once, though nobody reads from the pipe",
    async () => {
      const pipe = join(folder, "unused-pipe");
      execFileSync("mkfifo", [pipe]);
      const run = startCli(["-", "--url", "ws://127.0.0.1:1", "--output", pipe, "--format", "json"]);
      run.child.stdin.end(wav);
      const { code, stderr } = await run.result;
      expect(code).toBe(1);
      expect(stderr).toContain("127.0.0.1:1");
    },
  );

  it("goes on in the encoding and with the line ends of the file", async () => {
    const file = join(folder, "notepad.txt");
    writeFileSync(file, Buffer.from("\uFEFFПривет\r\nмир", "utf16le"));
    expect(await into(file)).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(readFileSync(file, "utf16le")).toBe(`\uFEFFПривет\r\nмир\r\n${TIMER}\r\n`);
  });

  it("refuses to write behind what is no text", async () => {
    const file = join(folder, "old.txt");
    const bytes = Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2, 0x0a]);
    writeFileSync(file, bytes);
    expect(await into(file)).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining("no text in UTF-8"),
    });
    expect(readFileSync(file)).toEqual(bytes);
  });

  it("writes to standard output by its name once", async () => {
    expect(await into("/dev/stdout")).toEqual({ code: 0, stdout: `${TIMER}\n`, stderr: "" });
  });

  it("leaves a file alone that somebody else has written to since it began", async () => {
    const file = join(folder, "shared.json");
    const run = listen("--output", file, "--format", "json");
    await expect.poll(() => existsSync(file), { timeout: 20_000 }).toBe(true);
    writeFileSync(file, "theirs");
    run.child.stdin.end(wav);
    const { code, stdout, stderr } = await run.result;
    expect({ code, stdout, text: readFileSync(file, "utf8") }).toEqual({
      code: 1,
      stdout: `${TIMER}\n`,
      text: "theirs",
    });
    expect(stderr).toContain(
      "has been changed meanwhile and is left as it is. The text goes to standard output instead.",
    );
  });
});
