import { describe, expect, it } from "vitest";
import { createHarness, exchange, fileOf, microphoneOf, pcm, stateOf } from "./support/harness.js";

/** The first retry's delay with jitter 1. */
const FIRST_DELAY_MS = 500;

describe("a token that ends in mid-session", () => {
  function tokenEnds({ session, socket }: ReturnType<typeof createHarness>): Promise<void> {
    session.send({ type: "error", code: "unauthorized", message: "The token has expired.", fatal: true });
    socket.close(4401, "unauthorized");
    return exchange();
  }

  it("is followed by the provider's next one, and nothing is lost", async () => {
    let asked = 0;
    const harness = createHarness({ token: async () => `t${++asked}` });
    const { client, clock, requests, sessions } = harness;
    await client.start();
    client.push(pcm(1300));
    await exchange();
    await tokenEnds(harness);
    client.push(pcm(400));
    await clock.advanceAsync(FIRST_DELAY_MS);
    await exchange();
    expect(requests.map(({ token }) => token)).toEqual(["t1", "t2"]);
    expect(sessions[1]?.start?.resume).toMatchObject({ fromSample: 1000 });
    expect(await client.stop()).toBe("0-1000 1000-1700");
  });

  it("ends the recording where it is the only one", async () => {
    const harness = createHarness({ token: "t1" });
    await harness.client.start();
    await tokenEnds(harness);
    expect(harness.client.getSnapshot()).toMatchObject({ status: "failed", error: { code: "unauthorized" } });
    expect(harness.requests).toHaveLength(1);
  });

  it("ends the recording when the next one is refused too", async () => {
    const harness = createHarness({ token: async () => "stale" });
    const { client, clock, script, requests } = harness;
    await client.start();
    script.sendReady = false;
    await tokenEnds(harness);
    await clock.advanceAsync(FIRST_DELAY_MS);
    await exchange();
    await tokenEnds(harness);
    expect(client.getSnapshot()).toMatchObject({ status: "failed", error: { code: "unauthorized" } });
    expect(requests).toHaveLength(2);
  });
});

describe("a connection that is cut", () => {
  it("before ready is made again within the same start", async () => {
    const { client, clock, cut, script, sessions } = createHarness();
    script.sendReady = false;
    const starting = client.start();
    client.push(pcm(500));
    await exchange();
    expect(sessions).toHaveLength(1);
    cut();
    await exchange();
    expect(client.getSnapshot().status).toBe("connecting");
    script.sendReady = true;
    await clock.advanceAsync(FIRST_DELAY_MS);
    await starting;
    expect(sessions[1]?.start?.resume).toBeUndefined();
    expect(await client.stop()).toBe("0-500");
  });

  it("in mid-audio is resumed from the first sample without a final", async () => {
    const { client, clock, cut, sessions, finals, events } = createHarness();
    await client.start();
    client.push(pcm(1300));
    await exchange();
    cut();
    await exchange();
    expect(client.getSnapshot()).toMatchObject({
      status: "reconnecting",
      reconnect: { attempt: 1, nextDelayMs: FIRST_DELAY_MS, code: "connection_failed" },
    });
    client.push(pcm(400));
    await clock.advanceAsync(FIRST_DELAY_MS);
    await exchange();
    expect(client.getSnapshot()).toMatchObject({ status: "listening", reconnect: null });
    expect(sessions[1]?.start?.resume).toEqual({
      sessionId: "session-1",
      fromSample: 1000,
      nextUtterance: 1,
    });
    expect(await client.stop()).toBe("0-1000 1000-1700");
    expect(finals()).toEqual(["0-1000", "1000-1700"]);
    expect(events.filter((event) => event.type === "ready").map((event) => event.resumed)).toEqual([false, true]);
    expect(sessions.flatMap((session) => session.violations)).toEqual([]);
  });

  it("lets the next server hear what came before, and says up to where it is text", async () => {
    const { client, clock, cut, sessions } = createHarness({ warmUpMs: 1000 }, { utteranceSamples: 30_000 });
    await client.start();
    client.push(pcm(35_000));
    await exchange();
    cut();
    await clock.advanceAsync(FIRST_DELAY_MS);
    await exchange();
    // A second before the final, on the grid of 160 ms.
    expect(sessions[1]?.start?.resume).toMatchObject({
      fromSample: 12_800,
      finalizedSamples: 30_000,
      nextUtterance: 1,
    });
    expect(sessions[1]?.receivedSamples).toBe(35_000);
    expect(await client.stop()).toBe("0-30000 30000-35000");
    expect(sessions.flatMap((session) => session.violations)).toEqual([]);
  });

  it.each([true, false])("gives the text as context only to an utterance that continues it: %s", async (continues) => {
    const { client, clock, cut, session, sessions } = await recording({}, { utteranceSamples: 1e9 });
    client.push(pcm(500));
    await exchange();
    const final = { utterance: 0, text: "so far", startMs: 0, endMs: 25, language: "en", confidence: 1 };
    session.send({ type: "final", ...final, finalizedSamples: 400, continues });
    await exchange();
    cut();
    await clock.advanceAsync(FIRST_DELAY_MS);
    await exchange();
    expect(sessions[1]?.start?.resume?.context).toBe(continues ? "so far" : undefined);
    await client.close();
  });

  it("after a final and before its ack does not replay what the final covers", async () => {
    const { client, clock, cut, sessions, finals, script } = createHarness({}, { sendAcks: false });
    await client.start();
    client.push(pcm(1000));
    await exchange();
    expect(finals()).toEqual(["0-1000"]);
    cut();
    script.sendAcks = true;
    await clock.advanceAsync(FIRST_DELAY_MS);
    await exchange();
    expect(sessions[1]?.start?.resume).toMatchObject({ fromSample: 1000, nextUtterance: 1 });
    expect(sessions[1]?.frames).toBe(0);
    expect(await client.stop()).toBe("0-1000");
  });

  it("before the final arrived brings it from the next server, once", async () => {
    const { client, clock, socket, sessions, finals } = await recording();
    socket.pause();
    client.push(pcm(1000));
    await exchange();
    socket.terminate();
    await clock.advanceAsync(FIRST_DELAY_MS);
    await exchange();
    expect(finals()).toEqual(["0-1000"]);
    expect(sessions[1]?.start?.resume).toMatchObject({ fromSample: 0, nextUtterance: 0 });
    expect(await client.stop()).toBe("0-1000");
  });

  it("does not deliver again what a forgetful server repeats", async () => {
    const { client, session, finals, events } = await recording();
    client.push(pcm(1000));
    await exchange();
    const before = events.length;
    const range = { startMs: 0, endMs: 62, language: "en" };
    session.send({ type: "final", utterance: 0, text: "again", finalizedSamples: 1000, confidence: 1, ...range });
    session.send({ type: "partial", utterance: 0, revision: 9, committed: "", tentative: "again", ...range });
    session.send({ type: "speech_start", utterance: 0, atMs: 0 });
    await exchange();
    expect(events).toHaveLength(before);
    expect(finals()).toEqual(["0-1000"]);
    expect(await client.stop()).toBe("0-1000");
  });

  it("during stop still brings the last final and resolves", async () => {
    const { client, clock, socket, script, finals } = await recording();
    script.sendEnd = false;
    client.push(pcm(300));
    await exchange();
    socket.pause();
    const stopping = client.stop();
    socket.terminate();
    expect(await stateOf(stopping)).toBe("pending");
    expect(client.getSnapshot().status).toBe("reconnecting");
    script.sendEnd = true;
    await clock.advanceAsync(FIRST_DELAY_MS);
    expect(await stopping).toBe("0-300");
    expect(finals()).toEqual(["0-300"]);
  });

  it("after the last final and before end needs no further connection", async () => {
    const { client, cut, script, sessions } = await recording();
    script.sendEnd = false;
    client.push(pcm(300));
    const stopping = client.stop();
    await exchange();
    expect(await stateOf(stopping)).toBe("pending");
    cut();
    expect(await stopping).toBe("0-300");
    expect(sessions).toHaveLength(1);
    expect(client.getSnapshot().status).toBe("idle");
  });

  it.each(Array.from({ length: 45 }, (_, i) => i + 1))("is survived at event %i", async (cutAt) => {
    const harness = createHarness();
    const { client, clock, sessions, finals } = harness;
    let heard = 0;
    client.on("event", () => {
      if (++heard === cutAt) harness.socket?.terminate();
    });
    const transcribing = client.transcribe(fileOf(3500, 300));
    await exchange();
    await clock.advanceAsync(FIRST_DELAY_MS);
    expect(await transcribing).toBe("0-1000 1000-2000 2000-3000 3000-3500");
    expect(finals()).toEqual(["0-1000", "1000-2000", "2000-3000", "3000-3500"]);
    expect(sessions.flatMap((session) => session.violations)).toEqual([]);
    await client.close();
    expect(clock.pendingTimers).toBe(0);
  });

  it("keeps partials growing and committed text standing across servers", async () => {
    const { client, clock, cut, events } = await recording();
    client.push(pcm(300));
    client.push(pcm(300));
    await exchange();
    cut();
    await clock.advanceAsync(FIRST_DELAY_MS);
    await exchange();
    const partials = events.flatMap((event) => (event.type === "partial" ? [event] : []));
    expect(partials.map((partial) => partial.revision)).toEqual([0, 1, 2, 3]);
    expect(partials.every((partial) => partial.committed.startsWith("0-"))).toBe(true);
    expect(client.getSnapshot().interimText).toBe("600?");
  });

  it("sends cancel again at its place, so that a dropped utterance stays dropped", async () => {
    const { client, clock, socket, sessions, finals } = await recording();
    socket.pause();
    client.push(pcm(300));
    client.cancel();
    client.push(pcm(200));
    await exchange();
    socket.terminate();
    await clock.advanceAsync(FIRST_DELAY_MS);
    await exchange();
    expect(sessions[1]?.received.map((message) => message.type)).toContain("cancel");
    expect(await client.stop()).toBe("300-500");
    expect(finals()).toEqual(["300-500"]);
  });

  it("does not hold up a microphone", async () => {
    const { client, clock, cut } = createHarness();
    const mic = microphoneOf();
    await client.start(mic);
    mic.speak(200);
    await exchange();
    cut();
    await exchange();
    for (let i = 0; i < 10; i++) mic.speak(100);
    await exchange();
    await clock.advanceAsync(FIRST_DELAY_MS);
    await exchange();
    expect(await client.stop()).toBe("0-1000 1000-1200");
  });

  it("does not let a file run ahead", async () => {
    const { client, clock, cut } = createHarness({}, { maxBufferedMs: 100_000 });
    const file = fileOf(100_000);
    const transcribing = client.transcribe(file);
    await exchange();
    cut();
    await exchange();
    const { pulled } = file;
    await exchange();
    expect(file.pulled).toBe(pulled);
    await clock.advanceAsync(FIRST_DELAY_MS);
    const text = await transcribing;
    expect(text.split(" ")).toHaveLength(100);
  });

  it("backs off with full jitter, and starts small again after progress", async () => {
    const { client, clock, cut, refuse, events } = await recording();
    client.push(pcm(10));
    await exchange();
    refuse.status = 502;
    cut();
    await exchange();
    for (const delayMs of [500, 1000, 2000]) await clock.advanceAsync(delayMs);
    await exchange();
    refuse.status = undefined;
    await clock.advanceAsync(4000);
    await exchange();
    client.push(pcm(2000));
    await exchange();
    cut();
    await exchange();
    const delays = events.flatMap((event) => (event.type === "reconnecting" ? [[event.attempt, event.delayMs]] : []));
    expect(delays).toEqual([
      [1, 500],
      [2, 1000],
      [3, 2000],
      [4, 4000],
      [1, 500],
    ]);
  });

  it("keeps backing off while every connection dies of the same audio", async () => {
    const { client, clock, cut, events, script } = await recording({}, { sendAcks: false });
    script.utteranceSamples = 1e9;
    client.push(pcm(100));
    for (let i = 0; i < 3; i++) {
      cut();
      await exchange();
      await clock.advanceAsync(500 * 2 ** i);
      await exchange();
    }
    const attempts = events.flatMap((event) => (event.type === "reconnecting" ? [event.attempt] : []));
    expect(attempts).toEqual([1, 2, 3]);
  });

  it("fails when reconnecting takes longer than it may", async () => {
    const { client, clock, cut, refuse } = await recording({ reconnect: { giveUpAfterMs: 3000 } });
    refuse.status = 502;
    cut();
    await exchange();
    await clock.advanceAsync(3000);
    expect(client.getSnapshot()).toMatchObject({ status: "failed", error: { code: "connection_failed" } });
    await client.close();
    expect(clock.pendingTimers).toBe(0);
  });

  it("is not made again when reconnecting is switched off", async () => {
    const { client, cut } = await recording({ reconnect: { enabled: false } });
    cut();
    await exchange();
    expect(client.getSnapshot()).toMatchObject({ status: "failed" });
  });
});

describe("close codes", () => {
  it.each([
    [1008, "unauthorized"],
    [4400, "protocol_error"],
    [4401, "unauthorized"],
    [1009, "protocol_error"],
  ])("%i ends the recording with %s", async (code, expected) => {
    const { client, socket, requests } = await recording();
    socket.close(code, "");
    await exchange();
    expect(client.getSnapshot()).toMatchObject({ status: "failed", error: { code: expected } });
    expect(requests).toHaveLength(1);
  });

  it.each([1001, 1011, 1012, 1013, 4413])("%i is followed by a resume", async (code) => {
    const { client, clock, socket, sessions } = await recording();
    client.push(pcm(100));
    await exchange();
    socket.close(code, "");
    await exchange();
    await clock.advanceAsync(FIRST_DELAY_MS);
    await exchange();
    expect(sessions).toHaveLength(2);
    expect(await client.stop()).toBe("0-100");
  });

  it("carry the server's own words when a fatal error came before", async () => {
    const { client, session, socket } = await recording();
    session.send({ type: "error", code: "bad_frame", message: "An odd frame.", fatal: true });
    socket.close(4400, "");
    await exchange();
    expect(client.getSnapshot().error).toMatchObject({ code: "bad_frame", message: "An odd frame." });
  });

  it("come back no sooner than a full server asked for", async () => {
    const { client, clock, session, socket, requests } = await recording();
    const message = "Full.";
    session.send({ type: "error", code: "capacity", message, fatal: true, retryAfterMs: 5000 });
    socket.close(1013, "capacity");
    await exchange();
    expect(client.getSnapshot()).toMatchObject({
      status: "reconnecting",
      reconnect: { code: "capacity", nextDelayMs: 5000 + FIRST_DELAY_MS },
    });
    await clock.advanceAsync(5000);
    expect(requests).toHaveLength(1);
    await clock.advanceAsync(FIRST_DELAY_MS);
    expect(requests).toHaveLength(2);
  });

  it("of idleness let the recording sleep until there is something to say", async () => {
    const { client, clock, socket, requests } = await recording();
    client.push(pcm(1000));
    await exchange();
    socket.close(4408, "idle");
    await exchange();
    await clock.advanceAsync(60_000);
    expect(requests).toHaveLength(1);
    expect(client.getSnapshot().status).toBe("listening");
    client.push(pcm(200));
    await exchange();
    expect(requests).toHaveLength(2);
    expect(await client.stop()).toBe("0-1000 1000-1200");
  });
});

const two = { url: ["ws://one:8012", "ws://two:8012"] };
const urls = ({ requests }: { requests: { url: string }[] }) => requests.map(({ url }) => new URL(url).hostname);

describe("a server that refuses a client which comes back", () => {
  it("is left at once for the next one, and waited for only after all have refused", async () => {
    const harness = await recording(two);
    const { client, clock, refuse, cut } = harness;
    cut();
    refuse.status = 503;
    await exchange();
    await clock.advanceAsync(FIRST_DELAY_MS);
    await exchange();
    expect(urls(harness)).toEqual(["one", "two", "one"]);
    expect(client.getSnapshot()).toMatchObject({
      status: "reconnecting",
      reconnect: { attempt: 2, nextDelayMs: 2 * FIRST_DELAY_MS, code: "capacity" },
    });
    refuse.status = undefined;
    await clock.advanceAsync(2 * FIRST_DELAY_MS);
    await exchange();
    expect(urls(harness)).toEqual(["one", "two", "one", "two"]);
    expect(client.getSnapshot().status).toBe("listening");
    await client.close();
  });

  it("is left at once also when it says so on an open socket, as to a page", async () => {
    const harness = createHarness(two);
    const { client, clock, script, cut } = harness;
    await client.start();
    script.sendReady = false;
    cut();
    await exchange();
    await clock.advanceAsync(FIRST_DELAY_MS);
    await exchange();
    harness.session.send({ type: "error", code: "capacity", message: "Full.", fatal: true, retryAfterMs: 5000 });
    script.sendReady = true;
    harness.socket.close(1013, "capacity");
    await exchange();
    expect(urls(harness)).toEqual(["one", "two", "one"]);
    expect(client.getSnapshot().status).toBe("listening");
    await client.close();
  });
});

describe("a resume", () => {
  it("names its session before the server decides about its place", async () => {
    const { client, clock, requests, cut } = await recording();
    const { sessionId } = client.getSnapshot().server!;
    cut();
    await exchange();
    await clock.advanceAsync(FIRST_DELAY_MS);
    expect(requests.map(({ protocols }) => protocols)).toEqual([["stt.v1"], ["stt.v1", `stt.resume.${sessionId}`]]);
    await client.close();
  });

  it("tells the language that the last server had settled on", async () => {
    const { client, clock, session, sessions, cut } = await recording();
    client.push(pcm(500));
    await exchange();
    const final = { type: "final", text: "да", startMs: 0, endMs: 1, confidence: 1 } as const;
    session.send({ ...final, utterance: 0, finalizedSamples: 100, language: "ru", languageSettled: true });
    session.send({ ...final, utterance: 1, finalizedSamples: 200, language: "en" });
    await exchange();
    cut();
    await exchange();
    await clock.advanceAsync(FIRST_DELAY_MS);
    await exchange();
    expect(sessions[1]?.start?.resume).toMatchObject({ fromSample: 200, nextUtterance: 2, language: "ru" });
    await client.close();
  });
});

describe("goaway", () => {
  it("between two utterances moves to the next server and resumes there", async () => {
    const harness = await recording(two);
    const { client, clock, session } = harness;
    client.push(pcm(1000));
    await exchange();
    session.send({ type: "goaway", reason: "draining", resumeWithinMs: 200 });
    await exchange();
    expect(client.getSnapshot()).toMatchObject({ status: "reconnecting", reconnect: { nextDelayMs: 200 } });
    await clock.advanceAsync(200);
    await exchange();
    expect(urls(harness)).toEqual(["one", "two"]);
    client.push(pcm(100));
    expect(await client.stop()).toBe("0-1000 1000-1100");
  });

  it("in mid-utterance is followed after its final", async () => {
    const harness = await recording(two);
    const { client, clock, session, sessions } = harness;
    client.push(pcm(100));
    await exchange();
    session.send({ type: "goaway", reason: "draining", resumeWithinMs: 10_000 });
    await exchange();
    expect(client.getSnapshot().status).toBe("listening");
    client.push(pcm(900));
    await exchange();
    expect(client.getSnapshot().status).toBe("reconnecting");
    await clock.advanceAsync(FIRST_DELAY_MS);
    await exchange();
    expect(urls(harness)).toEqual(["one", "two"]);
    expect(sessions[1]?.start?.resume).toMatchObject({ fromSample: 1000, nextUtterance: 1 });
    expect(await client.stop()).toBe("0-1000");
    expect(clock.pendingTimers).toBe(0);
  });

  it("in an utterance that does not end is followed when time is up, and the utterance replayed", async () => {
    const harness = await recording(two);
    const { client, clock, session, sessions } = harness;
    client.push(pcm(100));
    await exchange();
    session.send({ type: "goaway", reason: "draining", resumeWithinMs: 10_000 });
    await exchange();
    await clock.advanceAsync(10_000);
    await exchange();
    expect(urls(harness)).toEqual(["one", "two"]);
    expect(sessions[1]?.start?.resume).toMatchObject({ fromSample: 0 });
    expect(await client.stop()).toBe("0-100");
  });

  it("in an utterance without text is followed once its audio is done with", async () => {
    const harness = await recording(two, { sendAcks: false, sendPartials: false });
    const { client, clock, session } = harness;
    client.push(pcm(500));
    session.send({ type: "speech_start", utterance: 0, atMs: 0 });
    session.send({ type: "speech_end", utterance: 0, atMs: 25 });
    session.send({ type: "goaway", reason: "draining", resumeWithinMs: 10_000 });
    session.send({ type: "ack", receivedSamples: 500, finalizedSamples: 0 });
    await exchange();
    expect(client.getSnapshot().status).toBe("listening");
    session.send({ type: "ack", receivedSamples: 500, finalizedSamples: 400 });
    await exchange();
    await clock.advanceAsync(FIRST_DELAY_MS);
    await exchange();
    expect(urls(harness)).toEqual(["one", "two"]);
    await client.close();
  });

  it("during stop lets the last finals come in", async () => {
    const harness = await recording(two, { sendEnd: false });
    const { client, session } = harness;
    client.push(pcm(300));
    const stopping = client.stop();
    session.send({ type: "goaway", reason: "draining", resumeWithinMs: 10_000 });
    await exchange();
    expect(client.getSnapshot().status).toBe("finishing");
    session.send({ type: "end", audioMs: 0, utterances: 1 });
    expect(await stopping).toBe("0-300");
    expect(urls(harness)).toEqual(["one"]);
    expect(harness.clock.pendingTimers).toBe(0);
  });
});

async function recording(...args: Parameters<typeof createHarness>) {
  const harness = createHarness(...args);
  await harness.client.start();
  return { ...harness, session: harness.session, socket: harness.socket };
}
