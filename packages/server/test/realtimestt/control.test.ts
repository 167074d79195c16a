import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { encodePcm } from "@stt/core";
import type { Config } from "@stt/core/config";
import { FakeEngine, FakeVad, toneSamples } from "@stt/core/testing";
import { afterEach, describe, expect, it, vi } from "vitest";
import { newApiKey } from "../../src/security/api-key.js";
import { RawSocket } from "../support/raw-socket.js";
import { RealtimeSttClient, type Reply, silence, WireSocket } from "../support/realtimestt-client.js";
import { createTestServer, type TestServer } from "../support/test-server.js";

const tone = (ms: number) => Buffer.from(encodePcm(toneSamples(300, ms), "pcm_s16le"));
const UTTERANCE = Buffer.concat([silence(300), tone(500), silence(2000)]);

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function serve(config: Partial<Config> = {}): Promise<TestServer & { engine: FakeEngine }> {
  const engine = new FakeEngine({ answers: "good morning" });
  const target = await createTestServer({ minLengthOfRecordingMs: 0, ...config }, { engine, vad: new FakeVad() });
  cleanups.push(() => target.server.close());
  return { ...target, engine };
}

async function connect(...args: Parameters<typeof RealtimeSttClient.connect>): Promise<RealtimeSttClient> {
  const client = await RealtimeSttClient.connect(...args);
  cleanups.push(() => client.close());
  return client;
}

async function control(port: number, headers: Record<string, string> = {}): Promise<WireSocket<Reply>> {
  const socket = await WireSocket.open<Reply>(port, headers);
  cleanups.push(() => socket.close());
  return socket;
}

async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe("what is no command", () => {
  it.each([
    ["not json", "Invalid JSON command"],
    ["5", "Invalid JSON command"],
    ["null", "Invalid JSON command"],
    ["[]", "Invalid JSON command"],
    ["{}", "Unknown command None"],
    ['{"command":"dance"}', "Unknown command dance"],
    ['{"command":true}', "Unknown command True"],
    [`{"command":"${"x".repeat(5000)}"}`, `Unknown command ${"x".repeat(200)}`],
  ])("%.30s is answered in the original's words", async (text, message) => {
    const { ports } = await serve();
    const socket = await control(ports.controlPort);
    socket.send(text);
    expect(await socket.next(() => true)).toEqual({ status: "error", message });
  });

  it("is answered with its number, which saves the client a wait", async () => {
    const { ports } = await serve();
    const client = await connect(ports);
    for (const id of [7, "seven"]) {
      client.post({ command: "get_parameter", parameter: "nothing", request_id: id });
      expect(await client.control.next(({ request_id }) => request_id === id)).toMatchObject({ status: "error" });
    }
  });

  it("binary means nothing, and a message beyond the limit costs only its own socket", async () => {
    const { ports } = await serve();
    const [one, other] = [await control(ports.controlPort), await control(ports.controlPort)];
    one.send(Buffer.from('{"command":"status"}'));
    one.send("x".repeat(100_000));
    expect(await one.ended()).toMatchObject({ code: 1009 });
    expect(one.messages).toEqual([]);
    other.send('{"command":"status"}');
    expect(await other.next(() => true)).toMatchObject({ status: "success" });
  });
});

describe("while models load", () => {
  it("requests wait and are answered in their order; the server's state can be asked for at once", async () => {
    const engine = new FakeEngine({ answers: "good morning", latencyMs: "manual" });
    const [controlPort, dataPort] = [await freePort(), await freePort()];
    const starting = createTestServer({ controlPort, dataPort }, { engine, vad: new FakeVad() });
    await vi.waitFor(() => expect(engine.running).toBe(1));
    const watcher = await control(controlPort);
    watcher.send('{"command":"status","request_id":1}');
    expect(await watcher.next(() => true)).toMatchObject({ value: { ready: false, reason: "models are loading" } });
    const client = await connect({ controlPort, dataPort });
    client.sendPcm(UTTERANCE);
    const asked = [
      client.set("language", "ru"),
      client.get("language"),
      client.ask({ command: "get_parameter", parameter: "nothing" }),
    ];
    expect(client.control.messages).toEqual([]);
    engine.finishNext();
    const target = await starting;
    cleanups.push(() => target.server.close());
    expect(await Promise.all(asked)).toMatchObject([{ status: "success" }, "ru", { status: "error" }]);
    expect(client.control.messages.map(({ request_id }) => request_id)).toEqual([undefined, undefined, 1, 2, 3]);
    await vi.waitFor(() => expect(engine.finishNext()).toBe(true));
    await client.type("fullSentence");
  });
});

describe("a control socket and its data socket", () => {
  it.each(["control", "data"] as const)("find each other when %s comes first", async (first) => {
    const { ports } = await serve();
    const [one, two] = [await connect(ports, { first }), await connect(ports, { first })];
    one.sendPcm(Buffer.concat([silence(300), tone(500)]));
    await vi.waitFor(async () => expect(await one.get("is_recording")).toBe(true));
    expect(await two.get("is_recording")).toBe(false);
    await two.call("abort");
    await one.call("stop");
    await one.type("fullSentence");
    expect(two.course).toEqual(["vad_detect_start"]);
  });

  it("parameters that were set before the data socket came apply to it", async () => {
    const { ports, engine } = await serve();
    const socket = await control(ports.controlPort);
    socket.send('{"command":"set_parameter","parameter":"language","value":"fr"}');
    socket.send('{"command":"get_parameter","parameter":"language","request_id":1}');
    expect(await socket.next(({ request_id }) => request_id === 1)).toMatchObject({ value: "fr" });
    const data = await WireSocket.open(ports.dataPort);
    cleanups.push(() => data.close());
    const client = { sendPcm: RealtimeSttClient.prototype.sendPcm, data };
    client.sendPcm.call(client as never, UTTERANCE);
    await vi.waitFor(() => expect(engine.calls.at(-1)?.options.language).toBe("fr"));
  });

  it("somebody who only watches the server does not take a client's data socket away", async () => {
    const { ports } = await serve();
    const watcher = await control(ports.controlPort);
    watcher.send('{"command":"status"}');
    await watcher.next(() => true);
    const client = await connect(ports);
    client.sendPcm(Buffer.concat([silence(300), tone(500)]));
    await vi.waitFor(async () => expect(await client.get("is_recording")).toBe(true));
  });

  it("a client that comes back finds its new data socket", async () => {
    const { ports } = await serve();
    const before = await connect(ports);
    before.sendPcm(Buffer.concat([silence(300), tone(500)]));
    await before.type("recording_start");
    before.close();
    const after = await connect(ports);
    expect(await after.get("is_recording")).toBe(false);
    after.sendPcm(UTTERANCE);
    await after.type("fullSentence");
  });
});

describe("equal port numbers", () => {
  it("the first message of a socket says what it is", async () => {
    const port = await freePort();
    const { ports, engine } = await serve({ controlPort: port, dataPort: port });
    expect(ports.controlPort).toBe(ports.dataPort);
    const client = await connect(ports, { language: "fr" });
    expect(await client.get("language")).toBe("fr");
    client.sendPcm(UTTERANCE);
    await client.type("fullSentence");
    expect(await client.get("recording_stop_time")).toBeGreaterThan(0);
    expect(engine.calls.at(-1)?.options.language).toBe("fr");
    expect(client.control.messages.every(({ status }) => status === "success")).toBe(true);
  });
});

describe("the server's own commands", () => {
  it("status, models and sessions tell what there is", async () => {
    const { ports, url } = await serve();
    const client = await connect(ports);
    const native = await RawSocket.start(url);
    cleanups.push(() => native.close());
    expect(await client.ask({ command: "status" })).toMatchObject({
      status: "success",
      command: "status",
      value: { ready: true, sessions: 2, speaking: 0, load: { lanes: 1 }, models: { final: { model: "fake" } } },
    });
    const { value: models } = await client.ask({ command: "models" });
    expect(models).toContainEqual({ name: "base", bytes: 81_768_585, usedFor: [] });
    expect(models).toContainEqual({ name: "fake", usedFor: ["final", "partial"] });
    const { value: sessions } = await client.ask({ command: "sessions" });
    expect(sessions.map(({ wire }: { wire: string }) => wire).sort()).toEqual(["realtimestt", "stream"]);
  });

  it("get_config tells every variable in the environment's units, and set_config changes what is live", async () => {
    const { ports } = await serve();
    const client = await connect(ports);
    const { value: all } = await client.ask({ command: "get_config" });
    expect(all).toContainEqual(expect.objectContaining({ name: "CONTROL_PORT", live: false }));
    expect(JSON.stringify(all)).not.toContain("STT_TOKEN");
    const values = { POST_SPEECH_SILENCE_DURATION: 0.4 };
    expect(await client.ask({ command: "set_config", values })).toMatchObject({
      status: "success",
      value: [{ name: "POST_SPEECH_SILENCE_DURATION", value: "0.4", unit: "s" }],
    });
    expect(await client.ask({ command: "get_config", names: ["POST_SPEECH_SILENCE_DURATION"] })).toMatchObject({
      value: [{ value: "0.4" }],
    });
  });

  it.each([
    [{ command: "get_config", names: "BEAM_SIZE" }, /list of texts/],
    [{ command: "get_config", names: ["NOTHING"] }, /no variable "NOTHING"/],
    [{ command: "set_config" }, /needs values/],
    [{ command: "set_config", values: { BEAM_SIZE: 0 } }, /BEAM_SIZE is 0; allowed is/],
    [{ command: "set_config", values: { DATA_PORT: 1 } }, /cannot be changed while the server runs/],
    [{ command: "close_session", id: "nobody" }, /no open session "nobody"/],
    [{ command: "close_session", id: 5 }, /id that is a text/],
  ])("%j is refused with a reason", async (command, says) => {
    const { ports } = await serve();
    const client = await connect(ports);
    expect(await client.ask(command)).toMatchObject({ status: "error", message: expect.stringMatching(says) });
  });

  it("a changed variable counts for running sessions from their next utterance on, unless they have their own", async () => {
    const { ports } = await serve({ postSpeechSilenceDurationMs: 1500 });
    const [client, own] = [await connect(ports), await connect(ports)];
    await own.set("post_speech_silence_duration", 1.5);
    await client.ask({ command: "set_config", values: { POST_SPEECH_SILENCE_DURATION: 0.3 } });
    expect(await client.get("post_speech_silence_duration")).toBe(0.3);
    expect(await own.get("post_speech_silence_duration")).toBe(1.5);
    const twice = Buffer.concat([silence(300), tone(500), silence(600), tone(500), silence(1600)]);
    client.sendPcm(twice);
    own.sendPcm(twice);
    await client.type("fullSentence", 2);
    await own.type("fullSentence");
    expect(own.data.messages.filter(({ type }) => type === "recording_start")).toHaveLength(1);
  });
});

describe("with keys", () => {
  const [app, boss] = [newApiKey(), newApiKey()];
  const headersOf = (key: string) => ({ authorization: `Bearer ${key}` });
  const served = () => serve({ apiKeys: `app:${app},boss:${boss}:admin` });

  it("nobody comes in without one", async () => {
    const { ports } = await served();
    await expect(WireSocket.open(ports.controlPort)).rejects.toThrow("401");
    await expect(WireSocket.open(ports.dataPort)).rejects.toThrow("401");
  });

  it("one that may only transcribe sees and ends its own session, and nothing of others or of the server", async () => {
    const { ports } = await served();
    const other = await connect(ports, { headers: headersOf(boss) });
    const client = await connect(ports, { headers: headersOf(app) });
    await client.type("vad_detect_start");
    await client.get("is_recording");
    const { value } = await client.ask({ command: "sessions" });
    expect(value).toMatchObject([{ principal: "app" }]);
    const { value: everything } = await other.ask({ command: "sessions" });
    expect(everything).toHaveLength(2);
    const theirs = everything.find(({ principal }: { principal: string }) => principal === "boss").id;
    for (const command of [
      { command: "get_config" },
      { command: "set_config", values: { BEAM_SIZE: 1 } },
      { command: "close_session", id: theirs },
    ]) {
      expect(await client.ask(command)).toMatchObject({
        status: "error",
        message: expect.stringMatching(/needs the scope admin/),
      });
    }
    expect(await client.ask({ command: "close_session" })).toMatchObject({ status: "success", value: value[0].id });
    expect(await client.data.ended()).toMatchObject({ code: 1000 });
    expect(other.data.closed).toBeUndefined();
    expect(await other.ask({ command: "close_session", id: theirs })).toMatchObject({ status: "success" });
  });

  it("sockets of two keys are never one client", async () => {
    const { ports } = await served();
    const stranger = await control(ports.controlPort, headersOf(boss));
    const data = await WireSocket.open<{ type: string }>(ports.dataPort, headersOf(app));
    cleanups.push(() => data.close());
    await data.next(({ type }) => type === "vad_detect_start");
    stranger.send('{"command":"call_method","method":"stop"}');
    stranger.send('{"command":"get_parameter","parameter":"listen_start","request_id":1}');
    expect(await stranger.next(({ request_id }) => request_id === 1)).toMatchObject({ value: 0 });
  });
});
