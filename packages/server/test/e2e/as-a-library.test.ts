import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** Runs a module from the repository root; `@stt/...` are the built packages. */
async function runModule(source: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", source], {
    cwd: root,
    timeout: 30_000,
  });
  return stdout;
}

describe("a program that uses the packages as a library", () => {
  it("serves a session with an engine of its own making, closes, and ends by itself", async () => {
    const stdout = await runModule(`
      import { createServer } from "@stt/server";
      import { createSttClient, fileSource } from "@stt/client-node";

      const engine = {
        info: { name: "echo", model: "echo", multilingual: true, requestedDevice: "cpu", actualDevice: "cpu", concurrency: 1,
          capabilities: { beamSearch: false, prompt: false, wordTimestamps: false, languageDetection: false,
            translation: false, abort: false, audioContext: false, maxAudioMs: 30000 } },
        transcribe: async (audio, { language }) => ({ text: "heard you", language, audioMs: audio.length / 16, computeMs: 0,
          segments: [{ text: "heard you", startMs: 0, endMs: audio.length / 16, noSpeechProbability: 0,
            averageLogProbability: -0.1, tokenCount: 2 }] }),
        close: async () => {},
      };
      const server = createServer({ engine, config: { controlPort: 0, dataPort: 0 } });
      const { dataPort } = await server.listen();
      const client = createSttClient({ url: "ws://127.0.0.1:" + dataPort, language: "en" });
      console.log(await client.transcribe(await fileSource("samples/en_01.wav")));
      await client.close();
      await server.close();
      console.log("closed");
    `);
    expect(stdout).toBe("Heard you.\nclosed\n");
  });

  it("ends by itself after the real engine has decoded in its own process", async () => {
    const stdout = await runModule(`
      import { createServer } from "@stt/server";
      import { createSttClient, fileSource } from "@stt/client-node";

      const server = createServer({ config: { controlPort: 0, dataPort: 0, whisperModel: "micro", whisperThreads: 1 } });
      const { dataPort } = await server.listen();
      const client = createSttClient({ url: "ws://127.0.0.1:" + dataPort, language: "en" });
      console.log(await client.transcribe(await fileSource("samples/en_01.wav")));
      await client.close();
      await server.close();
      console.log("closed");
    `);
    expect(stdout).toBe("What is on my calendar at two fifteen?\nclosed\n");
  });
});
