/** The plugin in the real @livekit/agents, on people's voices. Runs what is built: `npm run build` first. */
import { execFile } from "node:child_process";
import { copyFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { wordErrorRate } from "@stt/core";
import { FakeEngine } from "@stt/core/testing";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BASE_MODEL, human } from "../../server/test/support/human.js";
import { createTestServer, type TestServer } from "../../server/test/support/test-server.js";
import { breakingWire } from "./support/breaking-wire.js";
import { livekitFolder } from "./support/livekit-folder.js";

const run = promisify(execFile);
const KEY = "livekit-agents-test-0123456789abcdef";

interface Heard {
  type?: string;
  requestId?: string;
  speechEndTime?: number;
  alternatives?: {
    text: string;
    language: string;
    startTime: number;
    endTime: number;
    confidence: number;
    words?: { text: string; startTime: number; endTime: number; confidence: number }[];
  }[];
  [key: string]: unknown;
}

const found = await livekitFolder();
const missing = "missing" in found ? found.missing : undefined;

describe.skipIf(missing)(
  `the plugin in @livekit/agents${missing ? ` (left out: ${missing})` : ""}`,
  { timeout: 120_000 },
  () => {
    const { folder } = found as { folder: string };
    let target: TestServer;
    beforeAll(async () => {
      copyFileSync(path.join(import.meta.dirname, "support/agent.mjs"), path.join(folder, "agent.mjs"));
      target = await createTestServer({ ...BASE_MODEL, apiKeys: `agent:${KEY}` });
    }, 120_000);
    afterAll(() => target?.server.close());

    async function agent(settings: object): Promise<Heard[]> {
      const { stdout } = await run(process.execPath, ["agent.mjs", JSON.stringify(settings)], {
        cwd: folder,
        timeout: 60_000,
      });
      return stdout
        .trim()
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line));
    }
    const server = (options: object = {}) => ({ url: target.url, token: KEY, ...options });
    const textOf = (heard: Heard[], type = "FINAL_TRANSCRIPT") =>
      heard
        .filter((event) => event.type === type)
        .map(({ alternatives }) => alternatives![0]!.text)
        .join(" ");
    const typesOf = (heard: Heard[]) => heard.flatMap(({ type }) => type ?? []);

    it.each([
      ["en_austen_selfish", 16_000],
      ["ru_invalid_number", 48_000],
    ])("gives the text of %s, pushed at %i Hz, in the order of a turn", async (name, sampleRate) => {
      const { path: wav, text, language } = human(name);
      const heard = await agent({ options: server({ language }), wav, sampleRate, pace: 1 });
      expect(wordErrorRate(text, textOf(heard)).errors, textOf(heard)).toBe(0);

      const types = typesOf(heard);
      expect(types[0]).toBe("START_OF_SPEECH");
      expect(types).toContain("INTERIM_TRANSCRIPT");
      expect(types.filter((type) => type !== "RECOGNITION_USAGE").at(-1)).toBe("END_OF_SPEECH");
      expect(types.filter((type) => type === "END_OF_SPEECH")).toHaveLength(
        types.filter((type) => type === "START_OF_SPEECH").length,
      );

      const finals = heard.filter(({ type }) => type === "FINAL_TRANSCRIPT");
      for (const { alternatives, requestId, speechEndTime } of finals) {
        const [said] = alternatives!;
        expect(said).toMatchObject({ language });
        expect(said!.confidence).toBeGreaterThan(0.3);
        expect(said!.words!.length).toBeGreaterThan(0);
        expect(said!.words![0]!.startTime).toBeGreaterThanOrEqual(said!.startTime - 0.3);
        expect(said!.words!.at(-1)!.endTime).toBeLessThanOrEqual(said!.endTime + 0.3);
        expect(requestId).toMatch(/./);
        expect(Math.abs(Date.now() - speechEndTime!)).toBeLessThan(120_000);
      }
      const metrics = heard.flatMap((event) => (event.metrics as { audioDurationMs: number; modelName: string }) ?? []);
      const seconds = metrics.reduce((sum, { audioDurationMs }) => sum + audioDurationMs, 0) / 1000;
      expect(seconds).toBeGreaterThan(finals.at(-1)!.alternatives![0]!.endTime);
      expect(metrics[0]).toMatchObject({
        streamed: true,
        modelProvider: "stt",
        modelName: expect.stringContaining("base"),
      });
    });

    it("tells a turn that is probably over before its final, with the same words", async () => {
      const { path: wav, text, language } = human("en_austen_selfish");
      // Its text has to be there before the end is certain, on a slow machine as well.
      const engine = new FakeEngine({ answers: () => text });
      const quick = await createTestServer({ endOfTurn: "model" }, { engine });
      try {
        const options = { url: quick.url, language, endpointing: { eagerness: "low" } };
        const heard = await agent({ options, wav, pace: 1 });
        const types = typesOf(heard);
        expect(types).toContain("PREFLIGHT_TRANSCRIPT");
        expect(types.lastIndexOf("PREFLIGHT_TRANSCRIPT")).toBeLessThan(types.lastIndexOf("FINAL_TRANSCRIPT"));
        const last = heard.findLast(({ type }) => type === "PREFLIGHT_TRANSCRIPT")!.alternatives![0]!;
        expect(last.text).toBe(textOf(heard));
        expect(last.endTime).toBeGreaterThan(last.startTime);
      } finally {
        await quick.server.close();
      }
    });

    it("recognizes a buffer", async () => {
      const { path: wav, text, language } = human("en_austen_amiable");
      const heard = await agent({ options: server({ language }), wav, steps: ["recognize"] });
      const { recognized } = heard.find(({ recognized }) => recognized) as { recognized: Heard };
      const [said] = recognized.alternatives!;
      expect(wordErrorRate(text, said!.text).errors).toBe(0);
      expect(said).toMatchObject({ language: "en" });
      expect(said!.words!.length).toBeGreaterThan(3);
    });

    it("changes the options of a stream that runs, and flushes what was said", async () => {
      const { path: wav, text, language } = human("en_austen_selfish");
      const heard = await agent({ options: server({ language }), wav, steps: ["stream", "update", "flush"], pace: 4 });
      expect(wordErrorRate(text, textOf(heard)).errors).toBe(0);
      expect(new Set(heard.flatMap(({ requestId }) => requestId ?? [])).size).toBe(1);
    });

    it("has no interim text where none is asked for", async () => {
      const { path: wav, language } = human("en_austen_amiable");
      const heard = await agent({ options: server({ language, interimResults: false }), wav });
      expect(typesOf(heard)).toContain("FINAL_TRANSCRIPT");
      expect(typesOf(heard)).not.toContain("INTERIM_TRANSCRIPT");
    });

    it.each([
      ["at once", 0],
      ["only after LiveKit has tried again", 2500],
    ])("loses nothing when the connection breaks and comes back %s", async (_, awayMs) => {
      const { path: wav, text, language } = human("en_austen_selfish");
      const wire = await breakingWire(target.ports.dataPort, 60_000, awayMs);
      try {
        const options = { url: wire.url, token: KEY, language };
        const connOptions = { maxRetry: 8, retryIntervalMs: 500, timeoutMs: awayMs > 0 ? 1000 : 10_000 };
        const heard = await agent({ options, wav, connOptions, pace: 1 });
        expect(wire.hasBroken).toBe(true);
        expect(wire.refused > 0).toBe(awayMs > 0);
        expect(wordErrorRate(text, textOf(heard)).errors, textOf(heard)).toBe(0);
        expect(heard.filter(({ error }) => error)).toEqual([]);
      } finally {
        wire.close();
      }
    });

    it("takes a wrong key for a failure that no second try mends, and an absent server for one that may pass", async () => {
      const { path: wav } = human("en_austen_amiable");
      const refused = await agent({ options: server({ token: "wrong" }), wav, steps: ["recognize", "stream"] });
      expect(refused).toEqual([
        { thrown: expect.objectContaining({ name: "APIStatusError", statusCode: 401, retryable: false }) },
        { error: expect.objectContaining({ name: "APIStatusError", statusCode: 401, recoverable: false }) },
      ]);
      const connOptions = { maxRetry: 1, retryIntervalMs: 50, timeoutMs: 500 };
      const absent = await agent({ options: { url: "ws://127.0.0.1:9" }, wav, connOptions });
      expect(absent).toEqual([{ error: expect.objectContaining({ name: "APIConnectionError", retryable: true }) }]);
    });

    it("is typed as the real package asks", () => {
      const config = path.join(import.meta.dirname, "../../../tsconfig.base.json");
      const { options } = ts.parseJsonConfigFileContent(
        ts.readConfigFile(config, ts.sys.readFile).config,
        ts.sys,
        path.dirname(config),
      );
      const program = ts.createProgram([path.join(import.meta.dirname, "../src/index.ts")], {
        ...options,
        types: ["node"],
        typeRoots: [path.join(path.dirname(config), "node_modules/@types")],
        paths: {
          ...options.paths,
          "@livekit/agents": [path.join(folder, "node_modules/@livekit/agents/dist/index.d.ts")],
        },
      });
      const wrong = ts
        .getPreEmitDiagnostics(program)
        .filter(({ file }) => file?.fileName.includes("livekit-agents/src"));
      expect(wrong.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "))).toEqual([]);
    });
  },
);
