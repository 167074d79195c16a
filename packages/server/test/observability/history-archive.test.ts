/** The past beyond the last minutes, in memory and on the disk. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { FakeClock } from "@stt/core/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Reading, SERIES } from "../../src/observability/history.js";
import { HistoryArchive, type LongRange } from "../../src/observability/history-archive.js";
import { HistoryFile } from "../../src/observability/history-file.js";
import { guardedServer } from "../support/secure-server.js";

const STEP_MS = 5000;
const HOUR_MS = 3_600_000;
/** A Monday at midnight, UTC. */
const START = Date.UTC(2026, 0, 5);
const NOTHING = Object.fromEntries(SERIES.map((name) => [name, null])) as Reading;

function archiveOf(...samples: [at: number, values: Partial<Reading>][]): HistoryArchive {
  const archive = new HistoryArchive(STEP_MS);
  for (const [at, values] of samples) archive.add({ ...NOTHING, ...values }, at);
  return archive;
}

describe("the archive", () => {
  it("keeps the highest value of a step, and of the processor the mean", () => {
    const archive = archiveOf(
      [START, { load: 0.2, serverCpu: 0.5 }],
      [START + 5000, { load: 0.9, serverCpu: 0.1 }],
      [START + 10_000, { load: 0.3, serverCpu: 0.3 }],
      [START + 20_000, { load: 0.4, serverCpu: 0.4 }],
    );
    const { at, series, stepMs, capacity } = archive.table("1h");
    expect({ at, stepMs, capacity }).toEqual({ at: [START, START + 20_000], stepMs: 20_000, capacity: 180 });
    expect(series.load).toEqual([0.9, 0.4]);
    expect(series.serverCpu).toEqual([0.3, 0.4]);
    expect(series.gpuUsedBytes).toEqual([null, null]);
    expect(archive.table("30d")).toMatchObject({ at: [START], stepMs: 4 * HOUR_MS, series: { load: [0.9] } });
  });

  it.each<[LongRange, number]>([
    ["1h", 1],
    ["6h", 6],
    ["24h", 24],
    ["7d", 168],
    ["30d", 720],
  ])("goes back %s and no further", (range, hours) => {
    const archive = new HistoryArchive(HOUR_MS / 36);
    const { stepMs } = archive.table(range);
    for (let i = 0; i < 400; i++) archive.add({ ...NOTHING, queued: i }, START + i * stepMs);
    const { at, series } = archive.table(range);
    expect(at).toHaveLength(180);
    expect(at.at(-1)! - at[0]! + stepMs).toBe(180 * stepMs);
    expect(series.queued.at(-1)).toBe(399);
    // As the server runs: 180 steps are the range.
    expect(180 * new HistoryArchive(STEP_MS).table(range).stepMs).toBe(hours * HOUR_MS);
  });

  it("has nothing where the server did not run", () => {
    const archive = archiveOf([START, { load: 0.1 }], [START + 60_000, { load: 0.2 }]);
    expect(archive.table("1h").series.load).toEqual([0.1, null, null, 0.2]);
    expect(new HistoryArchive(STEP_MS).table("1h").at).toEqual([]);
  });

  it("goes on in the newest step while the clock is set back", () => {
    const archive = archiveOf([START, { load: 0.1 }], [START - HOUR_MS, { load: 0.7 }]);
    expect(archive.table("1h")).toMatchObject({ at: [START], series: { load: [0.7] } });
  });

  it("is the same after being written and read, and goes on", () => {
    const before = archiveOf([START, { load: 0.25, serverCpu: 0.5 }]);
    const archive = new HistoryArchive(STEP_MS);
    archive.read(before.toText(), START + 1000);
    archive.add({ ...NOTHING, load: 0.1, serverCpu: 0.25 }, START + 5000);
    expect(archive.table("1h").series).toMatchObject({ load: [0.25], serverCpu: [0.375] });
    expect(archive.table("30d").series.load).toEqual([0.25]);
  });

  it("leaves out what is said to be of the future", () => {
    const archive = new HistoryArchive(STEP_MS);
    archive.read(archiveOf([START, { load: 1 }], [START + HOUR_MS, { load: 1 }]).toText(), START + 1000);
    expect(archive.table("1h").at).toEqual([START]);
  });

  it("takes less than 256 kB when it is full of the longest figures", () => {
    const archive = new HistoryArchive(STEP_MS);
    const longest = Object.fromEntries(SERIES.map((name) => [name, 0.000_012_34])) as Reading;
    // Two years in steps of an hour fill every range but that of an hour.
    for (let hour = 0; hour < 17_520; hour++) archive.add(longest, START + hour * HOUR_MS);
    for (let i = 0; i < 720; i++) archive.add(longest, START + 17_520 * HOUR_MS + i * STEP_MS);
    expect(archive.toText().length).toBeGreaterThan(50_000);
    expect(archive.toText().length).toBeLessThan(256 * 1024);
  });

  it.each([
    ["no JSON", "{"],
    ["something else", '{"ranges": []}'],
    [
      "another step",
      archiveOf([START, { load: 1 }])
        .toText()
        .replace('"stepMs":5000', '"stepMs":1000'),
    ],
  ])("takes over nothing of %s", (_, text) => {
    const archive = archiveOf([START, { load: 0.5 }]);
    expect(() => archive.read(text, START)).toThrow();
    expect(archive.table("1h").series.load).toEqual([0.5]);
  });
});

function directory(): string {
  const made = mkdtempSync(path.join(tmpdir(), "stt-history-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

function fileOf(file: string, archive = new HistoryArchive(STEP_MS)) {
  const lines: string[] = [];
  const note = (_: object, message: string) => lines.push(message);
  const clock = new FakeClock(0);
  const log = { debug: note, info: note, warn: note, error: note };
  return { archive, lines, clock, kept: new HistoryFile({ archive, path: file, clock, log }) };
}

describe("the file of the archive", () => {
  it("is written every minute and at the end, for its owner only, and is read at the next start", async () => {
    const file = path.join(directory(), "made", "history-8011.json");
    const first = fileOf(file);
    await first.kept.open();
    first.archive.add({ ...NOTHING, load: 0.5 }, START);
    await first.clock.advanceAsync(60_000);
    await expect.poll(() => readFileSync(file, "utf8")).toContain("0.5");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    first.archive.add({ ...NOTHING, load: 0.75 }, START);
    await first.kept.close();
    expect(first.clock.pendingTimers).toBe(0);
    const second = fileOf(file);
    await second.kept.open();
    expect(second.kept.isKept).toBe(true);
    expect(second.archive.table("30d").series.load).toEqual([0.75]);
    await second.kept.close();
  });

  it.each([
    ["cut off", '{"version":1,"stepMs":5000,"ser'],
    ["of bytes", "\0\u0001\u0002"],
    ["far too large", " ".repeat(600_000)],
  ])("that is %s begins anew, with a line in the log", async (_, text) => {
    const file = path.join(directory(), "history-8011.json");
    writeFileSync(file, text);
    const { kept, lines, archive } = fileOf(file);
    await kept.open();
    expect(lines).toEqual([expect.stringContaining("The graphs begin anew")]);
    expect(archive.table("1h").at).toEqual([]);
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ version: 1 });
    await kept.close();
  });

  it("leaves no drafts, and takes away those of a server that was killed", async () => {
    const folder = directory();
    writeFileSync(path.join(folder, "history-8011.json.0198.tmp"), "{");
    writeFileSync(path.join(folder, "history-8012.json.0198.tmp"), "of another server");
    const { kept } = fileOf(path.join(folder, "history-8011.json"));
    await kept.open();
    await kept.close();
    expect(readdirSync(folder).sort()).toEqual(["history-8011.json", "history-8012.json.0198.tmp"]);
  });

  it("is none where nothing can be written; the server goes on, and the log says it once", async () => {
    const folder = directory();
    // A file in the place of the directory: nobody can write there, root neither.
    writeFileSync(path.join(folder, "history"), "");
    const { kept, lines, clock } = fileOf(path.join(folder, "history", "history-8011.json"));
    await kept.open();
    expect(kept.isKept).toBe(false);
    await clock.advanceAsync(180_000);
    await kept.close();
    expect(lines).toEqual([expect.stringContaining("kept in memory only")]);
  });

  it("is not written over by a server that did not start", async () => {
    const file = path.join(directory(), "history-8011.json");
    writeFileSync(file, archiveOf([START, { load: 0.5 }]).toText());
    const before = readFileSync(file, "utf8");
    await fileOf(file).kept.close();
    expect(readFileSync(file, "utf8")).toBe(before);
  });
});

describe("the history over REST", () => {
  it("is given in every range, and no other", async () => {
    const { http } = await guardedServer({}, { historyStepMs: 50 });
    const tableOf = async (range: string) =>
      (await (await fetch(`${http}/v1/admin/history?range=${range}`)).json()) as { at: number[] };
    await expect.poll(async () => (await tableOf("1h")).at.length).toBeGreaterThan(1);
    expect(await tableOf("1h")).toMatchObject({ stepMs: 200, capacity: 180 });
    expect(await tableOf("15m")).toMatchObject({ stepMs: 50, capacity: 180 });
    const refused = await fetch(`${http}/v1/admin/history?range=1y`);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ error: { message: expect.stringContaining("15m, 1h, 6h, 24h") } });
  });
});
