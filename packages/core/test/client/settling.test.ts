import { describe, expect, it } from "vitest";
import { createHarness, exchange, fileOf, microphoneOf, pcm, startedHarness, stateOf } from "./support/harness.js";

describe("no promise hangs", () => {
  it("when the client is closed: start, stop, transcribe and the iteration end", async () => {
    const { client, clock, script } = createHarness({}, { sendReady: false });
    const starting = client.start();
    const stopping = client.stop();
    const iterating = (async () => {
      const seen = [];
      for await (const event of client.events()) seen.push(event.type);
      return seen;
    })();
    await exchange();
    await client.close();
    await expect(starting).rejects.toMatchObject({ code: "aborted" });
    expect(await stateOf(stopping)).not.toBe("pending");
    expect(await iterating).toEqual(["status"]);
    expect(clock.pendingTimers).toBe(0);
    script.sendReady = true;
  });

  it("when close is called twice, or before anything else", async () => {
    const { client, clock } = createHarness();
    await Promise.all([client.close(), client.close()]);
    await client.close();
    expect(client.getSnapshot().status).toBe("closed");
    expect(clock.pendingTimers).toBe(0);
    await expect(client.start()).rejects.toMatchObject({ code: "invalid_state" });
    await expect(client.connect()).rejects.toMatchObject({ code: "invalid_state" });
    for await (const event of client.events()) expect.unreachable(event.type);
  });

  it("when the server never ends the session: stop times out", async () => {
    const { client, clock } = createHarness({ stopTimeoutMs: 5000 }, { sendEnd: false });
    await client.start();
    client.push(pcm(100));
    const stopping = client.stop();
    await exchange();
    await clock.advanceAsync(4999);
    expect(await stateOf(stopping)).toBe("pending");
    await clock.advanceAsync(1);
    await expect(stopping).rejects.toMatchObject({ code: "timeout" });
    expect(client.getSnapshot().status).toBe("failed");
    await client.close();
    expect(clock.pendingTimers).toBe(0);
  });

  it("but a slow server that makes progress is waited for", async () => {
    const { client, clock, session } = await startedHarness({ stopTimeoutMs: 5000 }, { sendEnd: false });
    client.push(pcm(100));
    const stopping = client.stop();
    for (let i = 0; i < 4; i++) {
      await clock.advanceAsync(4000);
      session.ack();
      await exchange();
    }
    session.send({ type: "end", audioMs: 1, utterances: 1 });
    expect(await stopping).toBe("0-100");
  });

  it("when stop is called during an endless reconnect: it times out", async () => {
    const { client, clock, cut, refuse } = await startedHarness({ stopTimeoutMs: 5000 });
    client.push(pcm(100));
    await exchange();
    refuse.status = 502;
    cut();
    await exchange();
    const stopping = client.stop();
    await clock.advanceAsync(5000);
    await expect(stopping).rejects.toMatchObject({ code: "timeout" });
    expect(clock.pendingTimers).toBe(0);
  });

  it("when start is aborted: the source is closed and the client may start again", async () => {
    const { client, clock, script } = createHarness({}, { sendReady: false });
    const abort = new AbortController();
    const mic = microphoneOf();
    const starting = client.start(mic, { signal: abort.signal });
    await exchange();
    abort.abort();
    await expect(starting).rejects.toMatchObject({ code: "aborted" });
    expect(mic.closed).toBe(true);
    expect(client.getSnapshot()).toMatchObject({ status: "idle", error: null });
    expect(clock.pendingTimers).toBe(0);
    script.sendReady = true;
    await client.start();
    expect(client.getSnapshot().status).toBe("listening");
  });

  it("when a signal has fired before the call", async () => {
    const { client, requests } = createHarness();
    const file = fileOf(100);
    await expect(client.start(file, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "aborted" });
    expect(file.closed).toBe(true);
    expect(requests).toEqual([]);
  });

  it("when transcribe is aborted in the middle", async () => {
    const { client, clock } = createHarness({}, { sendAcks: false, maxBufferedMs: 100 });
    const abort = new AbortController();
    const file = fileOf(100_000);
    const transcribing = client.transcribe(file, { signal: abort.signal });
    await exchange();
    abort.abort();
    await expect(transcribing).rejects.toMatchObject({ code: "aborted" });
    expect(file.closed).toBe(true);
    expect(client.getSnapshot().status).toBe("idle");
    expect(clock.pendingTimers).toBe(0);
  });

  it("when stop is aborted: the recording is given up", async () => {
    const { client } = await startedHarness({}, { sendEnd: false });
    client.push(pcm(10));
    const abort = new AbortController();
    const stopping = client.stop({ signal: abort.signal });
    await exchange();
    abort.abort();
    await expect(stopping).rejects.toMatchObject({ code: "aborted" });
    expect(client.getSnapshot().status).toBe("idle");
  });

  it("when stop is called twice: both get the text", async () => {
    const { client } = await startedHarness();
    client.push(pcm(10));
    expect(await Promise.all([client.stop(), client.stop()])).toEqual(["0-10", "0-10"]);
    expect(await client.stop()).toBe("");
  });

  it("when the server sends nonsense", async () => {
    const { client, socket } = await startedHarness();
    client.push(pcm(100));
    await exchange();
    socket.send("{ nonsense");
    const stopping = client.stop();
    await expect(stopping).rejects.toMatchObject({ code: "protocol_error" });
  });

  it("and messages of a newer server are ignored", async () => {
    const { client, socket } = await startedHarness();
    socket.send('{"type":"weather","text":"sunny"}');
    socket.send(new Uint8Array(5));
    await exchange();
    expect(client.getSnapshot().status).toBe("listening");
  });
});
