/** Wyoming's wire to the event. Its words are a fake engine's. */
import { encodePcm } from "@stt/core";
import { concatSamples, FakeEngine, FakeVad, silenceSamples, toneSamples } from "@stt/core/testing";
import { afterEach, describe, expect, it, vi } from "vitest";
import { readWyomingEvent, WyomingFramer } from "../../src/transports/wyoming/wyoming-framer.js";
import { freePort } from "../support/free-port.js";
import { tcpClient } from "../support/tcp-client.js";
import { createTestServer, EXACT_ENDS, type TestServer } from "../support/test-server.js";

const KEY = "wyoming-test-0123456789abcdef0123";
const FORMAT = { rate: 16_000, width: 2, channels: 1 };

/** A machine that does much else answers late. */
const PATIENCE = { timeout: 10_000 };

let target: TestServer;
let port: number;
afterEach(() => target?.server.close());

async function serve(config: Parameters<typeof createTestServer>[0] = {}): Promise<void> {
  port = await freePort();
  const engine = new FakeEngine({ answers: (call) => `${Math.round(call.audio.length / 16_000)} seconds` });
  target = await createTestServer(
    { ...EXACT_ENDS, hallucinationFilter: false, wyomingPort: port, ...config },
    { engine, vad: new FakeVad() },
  );
}

const speech = (ms: number) =>
  Buffer.from(encodePcm(concatSamples(toneSamples(300, ms), silenceSamples(600)), "pcm_s16le"));

/** An event in the older of the two forms, with its data on the line. */
function event(type: string, data: object = {}, payload = Buffer.alloc(0)): Buffer {
  const line = JSON.stringify({ type, data, ...(payload.length > 0 && { payload_length: payload.length }) });
  return Buffer.concat([Buffer.from(`${line}\n`), payload]);
}

async function connect() {
  const { socket, received, closed } = await tcpClient(port);
  const events = () => new WyomingFramer(1000).push(received()).map(({ data }) => readWyomingEvent(data));
  const heard = (type: string) =>
    vi.waitFor(() => {
      const found = events().find((each) => each.type === type);
      expect(found, received().toString()).toBeDefined();
      return found!;
    }, PATIENCE);
  return { socket, closed, events, heard };
}

describe("a transcription", () => {
  it("streams the text of each utterance, and ends with all of it; several follow on one connection", async () => {
    await serve();
    const { socket, events, heard } = await connect();
    socket.write(event("transcribe", { language: "en", vad_sensitivity: "relaxed" }));
    socket.write(event("audio-start", FORMAT));
    socket.write(event("audio-chunk", FORMAT, speech(1000)));
    socket.write(event("audio-chunk", FORMAT, speech(2000)));
    socket.write(event("audio-stop"));
    await heard("transcript-stop");
    expect(events().map(({ type }) => type)).toEqual([
      "transcript-start",
      "transcript-chunk",
      "transcript-chunk",
      "transcript",
      "transcript-stop",
    ]);
    const [start, ...rest] = events();
    expect(start!.data).toEqual({ language: "en", ignored: ["vad_sensitivity"] });
    const chunks = rest.slice(0, 2).map(({ data }) => data.text);
    expect(rest[2]!.data).toEqual({ text: chunks.join(""), language: "en", ignored: ["vad_sensitivity"] });
    expect(target.server.sessions).toBe(0);

    socket.write(event("audio-chunk", FORMAT, speech(1000)));
    socket.write(event("audio-stop"));
    await vi.waitFor(() => expect(events().filter(({ type }) => type === "transcript")).toHaveLength(2));
    expect(events().at(-2)!.data).not.toHaveProperty("ignored");
    socket.destroy();
  });

  it("has an empty text where nobody spoke", async () => {
    await serve();
    const { socket, heard } = await connect();
    socket.write(event("audio-start", FORMAT));
    socket.write(event("audio-chunk", FORMAT, Buffer.alloc(32_000)));
    socket.write(event("audio-stop"));
    expect((await heard("transcript")).data.text).toBe("");
    socket.destroy();
  });

  it("comes as it is so far when the server ends", async () => {
    await serve({ drainTimeoutMs: 2000 });
    const { socket, heard, closed } = await connect();
    socket.write(event("audio-start", FORMAT));
    socket.write(event("audio-chunk", FORMAT, speech(1000).subarray(0, 34_000)));
    await vi.waitFor(() => expect(target.server.sessions).toBe(1));
    await target.server.drain();
    expect((await heard("transcript")).data.text).toBe("1 seconds.");
    await closed;
  });
});

describe("bad input is answered by an error", () => {
  it.each([
    ["an unknown event", event("dance"), "dance"],
    ["a language that is none", event("transcribe", { language: "klingon" }), "language"],
    ["audio of 8 bits", event("audio-start", { ...FORMAT, width: 1 }), "width"],
    ["an end without a beginning", event("audio-stop"), "audio-stop"],
  ])("and the connection goes on: %s", async (_, bytes, part) => {
    await serve();
    const { socket, heard } = await connect();
    socket.write(bytes);
    expect((await heard("error")).data.text).toContain(part);
    socket.write(event("ping", { text: "still there" }));
    expect((await heard("pong")).data).toEqual({ text: "still there" });
    socket.destroy();
  });

  it.each([
    ["no JSON", Buffer.from("GET / HTTP/1.1\r\n"), "JSON"],
    ["a line without end", Buffer.alloc(70_000, "x"), "longer"],
    [
      "a payload beyond every bound",
      event("audio-chunk", FORMAT).subarray(0, -2).toString().concat(',"payload_length":99999999}\n'),
      "MAX_FRAME_BYTES",
    ],
  ])("and ends the connection: %s", async (_, bytes, part) => {
    await serve();
    const { socket, heard, closed } = await connect();
    socket.write(bytes);
    expect((await heard("error")).data.text).toContain(part);
    await closed;
  });
});

describe("a server with keys", () => {
  it("refuses who cannot show one, and says why", async () => {
    await serve({ apiKeys: `home:${KEY}` });
    const { heard, closed } = await connect();
    expect((await heard("error")).data.code).toBe("unauthorized");
    await closed;
  });

  it("counts them as the key WYOMING_KEY, with its limits", async () => {
    await serve({ apiKeys: `home:${KEY}`, wyomingKey: KEY, keyMaxSessions: 1 });
    const first = await connect();
    first.socket.write(event("describe"));
    await first.heard("info");
    const second = await connect();
    expect((await second.heard("error")).data.code).toBe("rate_limited");
    await second.closed;
    first.socket.destroy();
  });
});
