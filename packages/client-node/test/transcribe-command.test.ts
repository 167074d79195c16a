/** Many files through the built program and a real server. */
import { execFile, execFileSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { wordErrorRate } from "@stt/core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { recording } from "../../server/test/support/recordings.js";
import { createTestServer, type TestServer } from "../../server/test/support/test-server.js";
import { runCli, startCli } from "./support/run-cli.js";
import { TmuxTerminal } from "./support/tmux.js";

const NAMES = ["en_01", "en_02", "en_03", "en_04", "en_05", "en_06"];
const files = NAMES.map((name) => recording(name).path);

let server: TestServer;
let folder: string;
let out: string;
beforeAll(async () => {
  server = await createTestServer();
}, 60_000);
afterAll(() => server?.server.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "stt-transcribe-"));
  out = join(folder, "texts/");
  return () => rmSync(folder, { recursive: true, force: true });
});

const transcribe = (...args: string[]) => ["transcribe", "--url", server.url, "--language", "en", ...args];

describe("mic-stream transcribe", { timeout: 90_000 }, () => {
  it("writes a file for each recording, several at a time, a bad one among them, and tells at the end", async () => {
    const bad = join(folder, "broken.wav");
    writeFileSync(bad, "RIFF no more");
    const { code, stdout, stderr } = await runCli(
      transcribe(files[0]!, bad, ...files.slice(1, 4), "--output", out, "--parallel", "3"),
    );
    expect(readdirSync(out).sort()).toEqual(["en_01.txt", "en_02.txt", "en_03.txt", "en_04.txt"]);
    for (const name of NAMES.slice(0, 4)) {
      const text = readFileSync(join(out, `${name}.txt`), "utf8");
      // The built-in model may mistake a word; it does not mistake a recording for another.
      expect(wordErrorRate(recording(name).text, text).rate, text).toBeLessThan(0.35);
    }
    expect(stdout).toBe("");
    expect(stderr).toMatch(/broken\.wav is not a WAV file[\s\S]*1 of 5 files failed: .*broken\.wav\n$/);
    expect(code).toBe(1);
  });

  it("cuts a recording at its pauses, which are shorter than those that end a live utterance", async () => {
    const { path, text } = recording("en_paragraph_1");
    const { code, stdout } = await runCli(transcribe(path));
    const lines = stdout.trim().split("\n");
    expect(lines).toHaveLength(text.split(/[.?]/).filter(Boolean).length);
    expect(wordErrorRate(text, lines.join(" ")).rate, stdout).toBeLessThan(0.15);
    expect(code).toBe(0);
  });

  it("goes on where a kill -9 stopped it: what is complete is not done again", async () => {
    const args = transcribe(...files, "--output", out, "--format", "json");
    const run = startCli(args);
    await expect.poll(() => outputs(out).length, { timeout: 60_000, interval: 5 }).toBeGreaterThan(0);
    run.child.kill("SIGKILL");
    await run.result;
    const done = outputs(out);
    expect(done.length).toBeLessThan(files.length);
    const before = done.map((name) => readFileSync(join(out, name), "utf8"));
    // Whole, every one of them.
    for (const text of before) expect(JSON.parse(text)).toMatchObject({ segments: expect.any(Array) });
    const { code, stderr } = await runCli([...args, "--json"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(outputs(out)).toEqual(NAMES.map((name) => `${name}.json`));
    expect(done.map((name) => readFileSync(join(out, name), "utf8"))).toEqual(before);
    const again = await runCli([...args, "--json"]);
    const events = again.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { type: string });
    expect(events.map(({ type }) => type)).toEqual(NAMES.map(() => "skipped"));
  });

  it("writes over nothing that is there: not over a file that was named, not over what is older than its recording", async () => {
    const file = join(folder, "memo.wav");
    copyFileSync(recording("en_05").path, file);
    const notes = join(folder, "notes.txt");
    writeFileSync(notes, "my notes");
    for (const mtime of [new Date(1000), new Date(Date.now() + 5000)]) {
      utimesSync(notes, mtime, mtime);
      const { code, stdout, stderr } = await runCli(transcribe(file, "--output", notes));
      expect({ code, stdout, text: readFileSync(notes, "utf8") }).toEqual({ code: 2, stdout: "", text: "my notes" });
      expect(stderr).toContain(`${notes} holds something already: name another file, or give --force to replace it.`);
    }
    const text = join(folder, "memo.txt");
    writeFileSync(text, "edited by hand");
    utimesSync(text, new Date(1000), new Date(1000));
    const refused = await runCli(transcribe(file, "--output", `${folder}/`));
    expect(refused).toEqual({
      code: 1,
      stdout: "",
      stderr: `${text} is older than ${file} and may hold something else: --force writes over it.\n`,
    });
    expect(readFileSync(text, "utf8")).toBe("edited by hand");
    writeFileSync(text, "");
    expect((await runCli(transcribe(file, "--output", text))).code).toBe(0);
    expect(readFileSync(text, "utf8")).toBe("Set a timer for eleven minutes.\n");
    writeFileSync(text, "edited by hand");
    expect((await runCli(transcribe(file, "--output", text, "--force"))).code).toBe(0);
    expect(readFileSync(text, "utf8")).toBe("Set a timer for eleven minutes.\n");
  });

  it("gives the text elsewhere when somebody has written to the file meanwhile", async () => {
    const text = join(folder, "late.txt");
    const run = startCli(transcribe("-", "--rate", "16000", "--output", text, "--json"));
    run.child.stdin.write(readFileSync(recording("en_05").path).subarray(44));
    await expect.poll(() => run.output.stdout, { timeout: 20_000 }).toContain('"type":"ready"');
    writeFileSync(text, "theirs");
    run.child.stdin.end();
    const { code, stdout, stderr } = await run.result;
    expect({ code, text: readFileSync(text, "utf8") }).toEqual({ code: 1, text: "theirs" });
    expect(stdout).toContain('"text":"Set a timer for eleven minutes."');
    expect(stderr).toContain(`${text} has been changed meanwhile and is left as it is.`);
  });

  it.each([
    ["standard output by its name", "/dev/stdout"],
    ["standard output by its number", "/dev/fd/1"],
    ["a dash", "-"],
  ])("writes to %s as if nothing had been named", async (_, output) => {
    const { code, stdout, stderr } = await runCli(transcribe(recording("en_05").path, "--output", output));
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "Set a timer for eleven minutes.\n", stderr: "" });
    expect(existsSync("-")).toBe(false);
  });

  it.skipIf(process.platform === "win32")("writes into a named pipe, and leaves it one", async () => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    const reading = new Promise<string>((resolve, reject) => {
      execFile("cat", [pipe], (error, read) => (error ? reject(error) : resolve(read)));
    });
    expect(await runCli(transcribe(recording("en_05").path, "--output", pipe))).toEqual({
      code: 0,
      stdout: "",
      stderr: "",
    });
    expect(await reading).toBe("Set a timer for eleven minutes.\n");
    expect(statSync(pipe).isFIFO()).toBe(true);
  });

  it.skipIf(process.platform === "win32")(
    "waits for a pipe's reader until Ctrl+C, and prints the text then",
    async () => {
      const pipe = join(folder, "lonely-pipe");
      execFileSync("mkfifo", [pipe]);
      const run = startCli(transcribe(recording("en_05").path, "--output", pipe));
      await expect.poll(() => run.output.stderr, { timeout: 20_000 }).toContain("Nobody reads from");
      run.child.kill("SIGINT");
      expect(await run.result).toMatchObject({ code: 130, stdout: "Set a timer for eleven minutes.\n" });
    },
  );

  it.skipIf(!existsSync("/dev/full"))("prints what a full disk does not take, and says so in a sentence", async () => {
    const { code, stdout, stderr } = await runCli(transcribe(recording("en_05").path, "--output", "/dev/full"));
    expect({ code, stdout }).toEqual({ code: 1, stdout: "Set a timer for eleven minutes.\n" });
    expect(stderr).toMatch(/\/dev\/full cannot be written: ENOSPC.* The text goes to standard output instead\.\n$/);
  });

  it.skipIf(!existsSync("/dev/full"))("says in a sentence that standard output is full", async () => {
    const bin = new URL("../bin/mic-stream.js", import.meta.url).pathname;
    const args = [bin, ...transcribe(recording("en_05").path)].map((word) => `'${word}'`).join(" ");
    const failure = await new Promise<{ code: number; stderr: string }>((resolve) => {
      execFile("sh", ["-c", `'${process.execPath}' ${args} >/dev/full`], (error, _, stderr) =>
        resolve({ code: Number(error?.code ?? 0), stderr }),
      );
    });
    expect(failure.code).toBe(1);
    expect(failure.stderr).toMatch(/^Standard output cannot be written: .*ENOSPC.*\n$/);
  });

  it("keeps the old text of a recording that cannot be done", async () => {
    const file = join(folder, "memo.wav");
    const text = join(folder, "memo.txt");
    writeFileSync(file, "not audio any more");
    writeFileSync(text, "precious");
    expect((await runCli(transcribe(file, "--output", text, "--force"))).code).toBe(1);
    expect(readFileSync(text, "utf8")).toBe("precious");
  });

  it.each([
    [["a/x.wav", "b/x.wav", "--output", "texts/"], "a/x.wav and b/x.wav would both be written to texts/x.txt"],
    [["a.wav", "b.wav", "--output", "one.txt"], "Several files need a folder"],
    [["a.wav", "b.wav", "--format", "srt"], "--format srt of several files needs --output FOLDER."],
    [["-", "a.wav", "-"], "Standard input (-) can be given once."],
  ])("refuses %j before anything is done", async (args, sentence) => {
    const { code, stdout, stderr } = await runCli(["transcribe", ...args]);
    expect(stderr).toContain(sentence);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });

  it("shows progress on a terminal only, and leaves nothing of it behind", async () => {
    const screen = await TmuxTerminal.open({ columns: 70, rows: 12 });
    try {
      const bin = new URL("../bin/mic-stream.js", import.meta.url).pathname;
      await screen.run(process.execPath, bin, ...transcribe(...files, "--output", out, "--pace", "1"));
      await screen.until((now) => /[━─]{24} \d+ % {2}[1-5]\/6 files/.test(now), 30_000);
      await screen.until((now) => /^[$#] *$/.test(now.split("\n").at(-1) ?? ""), 40_000);
      expect(await screen.screen()).not.toContain("━");
      expect(outputs(out)).toHaveLength(6);
    } finally {
      await screen.close();
    }
  });
});

/** Complete files; what is being written has another name. */
function outputs(path: string): string[] {
  try {
    return readdirSync(path)
      .filter((name) => !name.endsWith(".tmp"))
      .sort();
  } catch {
    return [];
  }
}
