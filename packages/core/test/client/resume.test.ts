import { describe, expect, it } from "vitest";
import { createHarness, exchange, FIRST_DELAY_MS, fileOf, pcm, startedHarness, stateOf } from "./support/harness.js";

describe("a connection that is cut", () => {
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
    const { client, clock, cut, session, sessions } = await startedHarness({}, { utteranceSamples: 1e9 });
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
    const { client, clock, socket, sessions, finals } = await startedHarness();
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
    const { client, session, finals, events } = await startedHarness();
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
    const { client, clock, socket, script, finals } = await startedHarness();
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
    const { client, cut, script, sessions } = await startedHarness();
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
    const { client, clock, cut, events } = await startedHarness();
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
    const { client, clock, socket, sessions, finals } = await startedHarness();
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
});

describe("a resume", () => {
  it("names its session before the server decides about its place", async () => {
    const { client, clock, requests, cut } = await startedHarness();
    const { sessionId } = client.getSnapshot().server!;
    cut();
    await exchange();
    await clock.advanceAsync(FIRST_DELAY_MS);
    expect(requests.map(({ protocols }) => protocols)).toEqual([["stt.v1"], ["stt.v1", `stt.resume.${sessionId}`]]);
    await client.close();
  });

  it("tells the language that the last server had settled on", async () => {
    const { client, clock, session, sessions, cut } = await startedHarness();
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
