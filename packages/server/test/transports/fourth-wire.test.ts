import { once } from "node:events";
import { type AudioFormat, CloseCode, encodePcm, SttError, systemClock } from "@stt/core";
import { createConfig } from "@stt/core/config";
import { concatSamples, FakeEngine, FakeVad, silenceSamples, toneSamples } from "@stt/core/testing";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { drain } from "../../src/lifecycle/drain.js";
import { Listeners } from "../../src/lifecycle/listeners.js";
import { silentLog } from "../../src/observability/log.js";
import { Readiness } from "../../src/observability/readiness.js";
import { Tracing } from "../../src/observability/tracing.js";
import { Scheduler } from "../../src/scheduler/scheduler.js";
import { Security } from "../../src/security/security.js";
import type { SessionEvent } from "../../src/session/events.js";
import { SessionHost } from "../../src/session/session-host.js";
import { defaultSettings } from "../../src/settings/session-settings.js";
import { SessionSocket, type SocketContext } from "../../src/transports/socket/session-socket.js";
import type { Wire } from "../../src/transports/socket/wire.js";
import { UpgradeRouter } from "../../src/transports/upgrade-router.js";
import type { ConnectionRequest, WebSocketEndpoint } from "../../src/transports/websocket-endpoint.js";
import { idleMetrics } from "../support/idle-metrics.js";

/*
 * A wire of its own on the common socket, all of it: raw 16 kHz PCM in, JSON lines out. Whatever it needs of limits, order,
 * back-pressure, pings, drain and close, it has without a line.
 */
const FORMAT: AudioFormat = { encoding: "pcm_s16le", sampleRate: 16_000, channels: 1 };

function rawPcmEndpoint(context: SocketContext): WebSocketEndpoint {
  return {
    path: "/raw",
    scope: "transcribe",
    opensSession: true,
    maxPayloadBytes: 4 * context.maxFrameBytes,
    selectProtocol: () => false,
    accept: (socket, request) => {
      new RawPcmWire(socket, request, context);
    },
  };
}

class RawPcmWire implements Wire<object> {
  readonly name = "raw-pcm";
  readonly #socket: SessionSocket<object>;
  #sent = 0;

  constructor(webSocket: WebSocket, request: ConnectionRequest, context: SocketContext) {
    this.#socket = new SessionSocket(webSocket, request, context, this);
    this.#socket.enqueue(async () => void (await this.#socket.open({ format: FORMAT, options: {} })));
  }

  encode(message: object): string {
    return `${JSON.stringify(message)}\n`;
  }

  onMessage(pcm: Buffer, isBinary: boolean): void {
    if (!isBinary) {
      if (String(pcm) === "done") this.#socket.stop();
      return;
    }
    if (pcm.length % 2 !== 0) throw new SttError("bad_frame", `${pcm.length} bytes are no whole samples.`);
    this.#socket.session?.push({ offset: this.#sent, pcm, samples: pcm.length / 2 });
    this.#sent += pcm.length / 2;
  }

  onEvent(event: SessionEvent): void {
    if (event.type === "final") this.#socket.send({ text: event.text });
  }

  onError(error: SttError): void {
    this.#socket.end(error, CloseCode.PROTOCOL_ERROR);
  }
}

const MAX_FRAME_BYTES = 200_000;
const IDLE_MS = 300;

let security: Security;
let readiness: Readiness;
let host: SessionHost;
let router: UpgradeRouter;
let listeners: Listeners;
let url: string;
let messagesPerSecond: number;
let engine: FakeEngine;

async function serve(options: { maxBufferedMs?: number; idleTimeoutMs?: number; vad?: FakeVad } = {}): Promise<void> {
  const config = createConfig({ maxMessagesPerSecond: messagesPerSecond });
  security = new Security(config, systemClock, silentLog);
  readiness = new Readiness();
  host = new SessionHost({
    clock: systemClock,
    log: silentLog,
    readiness,
    defaults: () => ({ ...defaultSettings(config), hallucinationFilter: false }),
    maxBufferedMs: options.maxBufferedMs ?? 60_000,
    metrics: idleMetrics(),
    tracing: new Tracing(),
    maxSessions: () => 0,
  });
  engine = new FakeEngine({ answers: (call) => `${Math.round(call.audio.length / 16_000)} seconds` });
  host.setServices({
    clock: systemClock,
    log: silentLog,
    scheduler: new Scheduler({ lanes: 1, clock: systemClock }),
    finalEngine: engine,
    partialEngine: engine,
    vad: options.vad ?? new FakeVad(),
    cadenceMs: () => 0,
  });
  const context: SocketContext = {
    host,
    maxFrameBytes: MAX_FRAME_BYTES,
    maxSendBufferBytes: 1_000_000,
    idleTimeoutMs: () => options.idleTimeoutMs ?? 0,
  };
  router = new UpgradeRouter({ host, security, metrics: idleMetrics(), endpoints: [rawPcmEndpoint(context)] });
  listeners = new Listeners();
  const { dataPort } = await listeners.listen("127.0.0.1", 0, 0, {
    request: (_request, response) => response.end(),
    upgrade: (request, socket, head, role) => router.upgrade(request, socket, head, role),
  });
  url = `ws://127.0.0.1:${dataPort}/raw`;
}

interface Client {
  socket: WebSocket;
  lines: { text?: string }[];
  closed: Promise<{ code: number; reason: string }>;
}

async function connect(): Promise<Client> {
  const socket = new WebSocket(url);
  const lines: Client["lines"] = [];
  socket.on("message", (data) => lines.push(JSON.parse(String(data))));
  const closed = once(socket, "close").then(([code, reason]) => ({ code: code as number, reason: String(reason) }));
  await once(socket, "open");
  return { socket, lines, closed };
}

const speech = (ms: number) => encodePcm(toneSamples(300, ms), "pcm_s16le");

beforeEach(() => {
  messagesPerSecond = 100;
});

afterEach(async () => {
  host.registry.close();
  await router.close();
  await listeners.close();
  security.close();
});

describe("a wire of its own on the common socket", () => {
  it("gives text for audio, and closes when its client is done; audio before the models are loaded waits", async () => {
    await serve();
    const { socket, lines, closed } = await connect();
    socket.send(speech(1000));
    socket.send(speech(1000));
    socket.send("done");
    expect(lines).toEqual([]);
    readiness.markReady();
    expect(await closed).toEqual({ code: CloseCode.NORMAL, reason: "done" });
    expect(lines).toEqual([{ text: "2 seconds." }]);
  });

  it("keeps the bounds: frames that are too large, wrong frames, too many messages", async () => {
    messagesPerSecond = 1;
    await serve();
    readiness.markReady();
    const large = await connect();
    large.socket.send(Buffer.alloc(MAX_FRAME_BYTES + 2));
    expect(await large.closed).toEqual({
      code: CloseCode.PROTOCOL_ERROR,
      reason: `An audio frame has ${MAX_FRAME_BYTES + 2} bytes; this server takes at most ${MAX_FRAME_BYTES}.`,
    });
    const odd = await connect();
    odd.socket.send(Buffer.alloc(3));
    expect(await odd.closed).toEqual({ code: CloseCode.PROTOCOL_ERROR, reason: "3 bytes are no whole samples." });
    const chatty = await connect();
    for (let i = 0; i < 20; i++) chatty.socket.send("hm");
    expect((await chatty.closed).code).toBe(CloseCode.LIMIT_REACHED);
  });

  it("does not read a client that sends faster than its audio is judged, and loses nothing", async () => {
    const vad = new FakeVad({ manual: true });
    await serve({ maxBufferedMs: 1000, vad });
    readiness.markReady();
    const { socket, lines, closed } = await connect();
    // Far more than the session takes at once: it would be an error if the socket were read on.
    for (let second = 0; second < 8; second++) socket.send(speech(1000));
    socket.send("done");
    await vi.waitFor(() => expect(vad.backlog).toBeGreaterThan(0));
    const judging = setInterval(() => vad.release(10), 1);
    expect((await closed).code).toBe(CloseCode.NORMAL);
    clearInterval(judging);
    expect(lines).toEqual([{ text: "8 seconds." }]);
  });

  it("turns what was said into text before the server ends", async () => {
    await serve();
    readiness.markReady();
    const { socket, lines, closed } = await connect();
    socket.send(encodePcm(concatSamples(toneSamples(300, 1000), silenceSamples(100)), "pcm_s16le"));
    await vi.waitFor(() => expect(host.registry.speaking).toBe(1));
    expect(host.registry.summaries()).toMatchObject([{ wire: "raw-pcm", principal: "anonymous", audioMs: 1100 }]);
    const options = { readiness, clock: systemClock, log: silentLog, requests: () => 0, timeoutMs: 500 };
    await drain({ ...options, sessions: host.registry });
    expect(await closed).toEqual({ code: CloseCode.SERVICE_RESTART, reason: "shutting down" });
    expect(lines).toEqual([{ text: "1 seconds." }]);
    expect(host.registry.size).toBe(0);
  });

  it("closes a client that is idle", async () => {
    await serve({ idleTimeoutMs: IDLE_MS });
    readiness.markReady();
    const { closed } = await connect();
    expect((await closed).code).toBe(CloseCode.IDLE_TIMEOUT);
  });
});
