/** `mic-stream mcp` with the official client, as hosts of agents have it. */
import { copyFile, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { wordErrorRate } from "@stt/core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { BASE_MODEL, human } from "../../server/test/support/human.js";
import { createTestServer, type TestServer } from "../../server/test/support/test-server.js";
import { type SoundServer, soundServerMissing, startSoundServer } from "./support/sound-server.js";

const program = fileURLToPath(new URL("../bin/mic-stream.js", import.meta.url));
const clients: Client[] = [];
let server: TestServer;
let folder: string;

beforeAll(async () => {
  server = await createTestServer(BASE_MODEL);
  folder = await realpath(await mkdtemp(path.join(tmpdir(), "stt-mcp-")));
  await mkdir(path.join(folder, "open"));
  await copyFile(human("en_austen_amiable").path, path.join(folder, "open/amiable.wav"));
  await copyFile(human("ru_invalid_number").path, path.join(folder, "open/number.wav"));
  await writeFile(path.join(folder, "secret.txt"), "no audio of yours");
  await symlink(path.join(folder, "secret.txt"), path.join(folder, "open/link.wav"));
}, 120_000);
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
});
afterAll(async () => {
  await server?.server.close();
  await rm(folder, { recursive: true, force: true });
});

async function connect(args: string[] = [], env: Record<string, string> = {}): Promise<Client> {
  const client = new Client({ name: "test", version: "1" });
  clients.push(client);
  const command = ["mcp", "--url", server.url, "--folder", path.join(folder, "open"), ...args];
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [program, ...command],
    env: { PATH: process.env.PATH ?? "", ...env },
  });
  await client.connect(transport);
  return client;
}

async function call(client: Client, name: string, args: object): Promise<{ text: string; isError: boolean }> {
  const result = await client.callTool({ name, arguments: args as Record<string, unknown> });
  const [content] = result.content as { type: string; text: string }[];
  return { text: content!.text, isError: result.isError === true };
}

describe("mic-stream mcp", { timeout: 90_000 }, () => {
  it("transcribes files of its folders, and remembers them", async () => {
    const client = await connect();
    const { tools } = await client.listTools();
    // The microphone is for those alone who were given it.
    expect(tools.map(({ name }) => name)).toEqual(["transcribe_file", "history"]);
    expect(tools[0]!.description).toContain(path.join(folder, "open"));
    const english = await call(client, "transcribe_file", { path: "amiable.wav", language: "en" });
    expect(wordErrorRate(human("en_austen_amiable").text, english.text).errors, english.text).toBe(0);
    const absolute = path.join(folder, "open/number.wav");
    const russian = await call(client, "transcribe_file", { path: absolute, language: "ru", format: "srt" });
    expect(russian.text).toMatch(/^1\n00:00:0\d,\d{3} --> .*\nИзвините/);
    const history = JSON.parse((await call(client, "history", { limit: 5 })).text);
    expect(history).toMatchObject([{ source: absolute }, { source: path.join(folder, "open/amiable.wav") }]);
    expect(history[1].text).toBe(english.text);
  });

  it.each([
    ["../secret.txt", "outside"],
    ["/etc/passwd", "outside"],
    ["link.wav", "no file link.wav that may"],
    ["nothing.wav", "no file nothing.wav that may"],
    [".", "outside"],
  ])("reads nothing else: %s", async (asked, told) => {
    const client = await connect();
    const { text, isError } = await call(client, "transcribe_file", { path: asked });
    expect(isError).toBe(true);
    expect(text).toContain(told);
  });

  it("refuses what the tools do not take, and says so when the server is not there", async () => {
    const client = await connect();
    expect((await call(client, "transcribe_file", { path: "amiable.wav", format: "docx" })).isError).toBe(true);
    expect((await call(client, "transcribe_file", { path: "amiable.wav", language: "klingon" })).text).toContain(
      "klingon",
    );
    const lost = await connect(["--url", "ws://127.0.0.1:9"]);
    expect(await call(lost, "transcribe_file", { path: "amiable.wav" })).toMatchObject({ isError: true });
  });
});

const missing = soundServerMissing();
describe.skipIf(missing && process.env.CI !== "true")(`listen${missing ? ` (left out: ${missing})` : ""}`, () => {
  let sound: SoundServer;
  beforeAll(async () => {
    sound = await startSoundServer();
  });
  afterAll(() => sound?.stop());

  it("hears what is said until there is silence", { timeout: 90_000 }, async () => {
    const recording = human("en_austen_amiable");
    const client = await connect(["--microphone"], sound.env);
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain("listen");
    const heard = call(client, "listen", { language: "en", silence_seconds: 1, max_seconds: 60 });
    // Said again until it is heard: the microphone opens a moment after the call.
    let isOver = false;
    void heard.finally(() => {
      isOver = true;
    });
    await sound.play(recording.path);
    if (!isOver) await Promise.race([heard, sound.play(recording.path)]);
    const { text, isError } = await heard;
    expect(isError, text).toBe(false);
    expect(text).toContain("made amiable himself");
  });

  it("ends after its longest time, also when nobody speaks", { timeout: 60_000 }, async () => {
    const client = await connect(["--microphone"], sound.env);
    expect(await call(client, "listen", { max_seconds: 1 })).toEqual({ text: "", isError: false });
  });
});
