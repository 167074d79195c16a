import { describe, expect, it } from "vitest";
import { exchange, FIRST_DELAY_MS, hostsOf, pcm, startedHarness, TWO_SERVERS } from "./support/harness.js";

describe("goaway", () => {
  it("between two utterances moves to the next server and resumes there", async () => {
    const harness = await startedHarness(TWO_SERVERS);
    const { client, clock, session } = harness;
    client.push(pcm(1000));
    await exchange();
    session.send({ type: "goaway", reason: "draining", resumeWithinMs: 200 });
    await exchange();
    expect(client.getSnapshot()).toMatchObject({ status: "reconnecting", reconnect: { nextDelayMs: 200 } });
    await clock.advanceAsync(200);
    await exchange();
    expect(hostsOf(harness)).toEqual(["one", "two"]);
    client.push(pcm(100));
    expect(await client.stop()).toBe("0-1000 1000-1100");
  });

  it("in mid-utterance is followed after its final", async () => {
    const harness = await startedHarness(TWO_SERVERS);
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
    expect(hostsOf(harness)).toEqual(["one", "two"]);
    expect(sessions[1]?.start?.resume).toMatchObject({ fromSample: 1000, nextUtterance: 1 });
    expect(await client.stop()).toBe("0-1000");
    expect(clock.pendingTimers).toBe(0);
  });

  it("in an utterance that does not end is followed when time is up, and the utterance replayed", async () => {
    const harness = await startedHarness(TWO_SERVERS);
    const { client, clock, session, sessions } = harness;
    client.push(pcm(100));
    await exchange();
    session.send({ type: "goaway", reason: "draining", resumeWithinMs: 10_000 });
    await exchange();
    await clock.advanceAsync(10_000);
    await exchange();
    expect(hostsOf(harness)).toEqual(["one", "two"]);
    expect(sessions[1]?.start?.resume).toMatchObject({ fromSample: 0 });
    expect(await client.stop()).toBe("0-100");
  });

  it("in an utterance without text is followed once its audio is done with", async () => {
    const harness = await startedHarness(TWO_SERVERS, { sendAcks: false, sendPartials: false });
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
    expect(hostsOf(harness)).toEqual(["one", "two"]);
    await client.close();
  });

  it("during stop lets the last finals come in", async () => {
    const harness = await startedHarness(TWO_SERVERS, { sendEnd: false });
    const { client, session } = harness;
    client.push(pcm(300));
    const stopping = client.stop();
    session.send({ type: "goaway", reason: "draining", resumeWithinMs: 10_000 });
    await exchange();
    expect(client.getSnapshot().status).toBe("finishing");
    session.send({ type: "end", audioMs: 0, utterances: 1 });
    expect(await stopping).toBe("0-300");
    expect(hostsOf(harness)).toEqual(["one"]);
    expect(harness.clock.pendingTimers).toBe(0);
  });
});
