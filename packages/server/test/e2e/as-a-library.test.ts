import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** Runs a program from the repository root; `@stt/...` are the built packages. */
async function run(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, timeout: 30_000 });
  return stdout;
}

describe("a program that uses the packages as a library", () => {
  it("serves a session with an engine of its own making, as the example does, and ends by itself", async () => {
    expect(await run("examples/custom-engine/main.mjs")).toMatch(/^[12]\.\d seconds of speech\.\n$/);
  });

  it("ends by itself after the real engine has decoded in its own process", async () => {
    const stdout = await run(
      "--input-type=module",
      "-e",
      `
      import { createServer } from "@stt/server";
      import { createSttClient, fileSource } from "@stt/client-node";

      const server = createServer({ config: { controlPort: 0, dataPort: 0, whisperModel: "micro", whisperThreads: 1 } });
      const { dataPort } = await server.listen();
      const client = createSttClient({ url: "ws://127.0.0.1:" + dataPort, language: "en" });
      console.log(await client.transcribe(await fileSource("samples/en_01.wav")));
      await client.close();
      await server.close();
      console.log("closed");
    `,
    );
    expect(stdout).toBe("What is on my calendar at two fifteen?\nclosed\n");
  });
});
