import { describe, expect, it } from "vitest";
import { createHarness, exchange, fileOf, microphoneOf, pcm, stateOf } from "./support/harness.js";

describe("a recording", () => {
  it("delivers every final of pushed audio and returns their text from stop", async () => {
    const { client, session, finals } = await started();
    client.push(pcm(2500));
    await exchange();
    expect(finals()).toEqual(["0-1000", "1000-2000"]);
    expect(await client.stop()).toBe("0-1000 1000-2000 2000-2500");
    expect(session.violations).toEqual([]);
    expect(client.getSnapshot()).toMatchObject({ status: "idle", text: "0-1000 1000-2000 2000-2500" });
  });

  it("sends the options of the session with start, and only those given", async () => {
    const { session } = await started({ language: "ru", words: true, endpointing: { silenceMs: 700 } });
    expect(session.start).toEqual({
      type: "start",
      protocol: 1,
      audio: { encoding: "pcm_s16le", sampleRate: 16_000, channels: 1 },
      language: "ru",
      words: true,
      endpointing: { silenceMs: 700 },
    });
  });

  it("goes through its states in order", async () => {
    const { client, events } = await started();
    client.push(pcm(100));
    await client.stop();
    await client.close();
    const statuses = events.flatMap((event) => (event.type === "status" ? [event.status] : []));
    expect(statuses).toEqual(["connecting", "listening", "finishing", "idle", "closed"]);
  });

  it("keeps audio from before the server is ready", async () => {
    const { client, sessions } = createHarness();
    const starting = client.start();
    client.push(pcm(300));
    await starting;
    expect(await client.stop()).toBe("0-300");
    expect(sessions[0]?.violations).toEqual([]);
  });

  it("can be followed by another one, whose text is its own and whose segments add up", async () => {
    const { client } = await started();
    client.push(pcm(500));
    expect(await client.stop()).toBe("0-500");
    await client.start();
    client.push(pcm(700));
    expect(await client.stop()).toBe("0-700");
    expect(client.getSnapshot().segments.map((segment) => segment.text)).toEqual(["0-500", "0-700"]);
  });

  it("refuses a second start while it runs, and closes the source it will not read", async () => {
    const { client } = await started();
    const file = fileOf(100);
    await expect(client.start(file)).rejects.toMatchObject({ code: "invalid_state" });
    expect(file.closed).toBe(true);
  });

  it("refuses push when the audio comes from a source, after stop, and for half a sample", async () => {
    const { client } = await started();
    expect(() => client.push(new Uint8Array(3))).toThrow(expect.objectContaining({ code: "invalid_argument" }));
    void client.stop();
    expect(() => client.push(pcm(1))).toThrow(expect.objectContaining({ code: "invalid_state" }));
    const other = createHarness();
    await other.client.start(microphoneOf());
    expect(() => other.client.push(pcm(1))).toThrow(expect.objectContaining({ code: "invalid_state" }));
  });

  it("reads a file to its end before stop resolves", async () => {
    const { client } = createHarness();
    const file = fileOf(2300);
    await client.start(file);
    expect(await client.stop()).toBe("0-1000 1000-2000 2000-2300");
    expect(file.closed).toBe(true);
  });

  it("cuts a file short when a second stop has no patience", async () => {
    const { client, sessions } = createHarness({}, { sendAcks: false, maxBufferedMs: 50 });
    const file = fileOf(100_000);
    await client.start(file);
    const stopping = client.stop();
    await exchange();
    expect(client.getSnapshot().status).toBe("listening");
    void client.stop({ drain: false });
    sessions[0]?.ack();
    expect(await stopping).toBe(`0-${file.pulled}`);
    expect(file.pulled).toBeLessThan(1000);
  });

  it("takes the tail that a microphone holds when it is told to stop", async () => {
    const { client } = createHarness();
    const mic = microphoneOf();
    await client.start(mic);
    mic.speak(400);
    mic.speak(50);
    expect(await client.stop()).toBe("0-450");
    expect(mic.closed).toBe(true);
  });

  it("does not wait for ever for a source that will not end", async () => {
    const { client, clock } = createHarness();
    const mic = {
      ...microphoneOf(),
      chunks: () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) }),
    };
    await client.start(mic);
    const stopping = client.stop();
    expect(await stateOf(stopping)).toBe("pending");
    await clock.advanceAsync(1000);
    await exchange();
    expect(await stateOf(stopping)).toBe("resolved");
  });

  it("flushes what there is and then fails when the source breaks", async () => {
    const { client, events } = createHarness();
    const mic = microphoneOf();
    await client.start(mic);
    mic.speak(600);
    await exchange();
    mic.fail(new Error("unplugged"));
    await exchange();
    expect(client.getSnapshot()).toMatchObject({
      status: "failed",
      text: "0-600",
      error: { message: "The source failed: unplugged" },
    });
    expect(events.at(-2)).toMatchObject({ type: "error", message: "The source failed: unplugged", fatal: true });
    await expect(client.stop()).rejects.toThrow("unplugged");
  });

  it("transcribes a whole source in one call", async () => {
    const { client } = createHarness();
    expect(await client.transcribe(fileOf(1500))).toBe("0-1000 1000-1500");
  });

  it("sends finalize between the samples where it was called", async () => {
    const { client, finals, session } = await started();
    client.push(pcm(300));
    client.finalize();
    client.push(pcm(300));
    await exchange();
    expect(finals()).toEqual(["0-300"]);
    expect(await client.stop()).toBe("0-300 300-600");
    expect(session.received.map((message) => message.type)).toEqual(["start", "ping", "finalize", "stop"]);
  });

  it("drops the current utterance on cancel, in the snapshot at once", async () => {
    const { client } = await started();
    client.push(pcm(300));
    await exchange();
    expect(client.getSnapshot()).toMatchObject({ isSpeaking: true, interimText: "300?" });
    client.cancel();
    expect(client.getSnapshot()).toMatchObject({ isSpeaking: false, text: "" });
    client.push(pcm(200));
    expect(await client.stop()).toBe("300-500");
  });

  it("applies update to the running session and to later ones", async () => {
    const { client, session, sessions } = await started({ language: "en" });
    client.update({ language: "de" });
    await exchange();
    expect(session.received.at(-1)).toEqual({ type: "update", language: "de" });
    await client.stop();
    await client.start();
    expect(sessions[1]?.start).toMatchObject({ language: "de" });
  });

  it("takes no audio while paused and finalises what was said before", async () => {
    const { client, finals } = await started();
    client.push(pcm(400));
    client.pause();
    client.push(pcm(5000));
    await exchange();
    expect(finals()).toEqual(["0-400"]);
    expect(client.getSnapshot().status).toBe("paused");
    client.resume();
    expect(client.getSnapshot().status).toBe("listening");
    client.push(pcm(100));
    expect(await client.stop()).toBe("0-400 400-500");
  });

  it("ends when the server ends it, and keeps the text", async () => {
    const { client, session, socket } = await started();
    client.push(pcm(1000));
    await exchange();
    session.send({ type: "end", audioMs: 62, utterances: 1 });
    socket.close(1000, "ended by an administrator");
    await exchange();
    expect(client.getSnapshot()).toMatchObject({ status: "idle", text: "0-1000" });
    expect(() => client.push(pcm(1))).toThrow(expect.objectContaining({ code: "invalid_state" }));
  });

  async function started(options: Parameters<typeof createHarness>[0] = {}) {
    const harness = createHarness(options);
    await harness.client.start();
    return { ...harness, session: harness.session, socket: harness.socket };
  }
});
