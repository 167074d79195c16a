import { describe, expect, it } from "vitest";
import { exchange, FIRST_DELAY_MS, pcm, startedHarness } from "./support/harness.js";

describe("close codes", () => {
  it.each([
    [1008, "unauthorized"],
    [4400, "protocol_error"],
    [4401, "unauthorized"],
    [1009, "protocol_error"],
  ])("%i ends the recording with %s", async (code, expected) => {
    const { client, socket, requests } = await startedHarness();
    socket.close(code, "");
    await exchange();
    expect(client.getSnapshot()).toMatchObject({ status: "failed", error: { code: expected } });
    expect(requests).toHaveLength(1);
  });

  it.each([1001, 1011, 1012, 1013, 4413])("%i is followed by a resume", async (code) => {
    const { client, clock, socket, sessions } = await startedHarness();
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
    const { client, session, socket } = await startedHarness();
    session.send({ type: "error", code: "bad_frame", message: "An odd frame.", fatal: true });
    socket.close(4400, "");
    await exchange();
    expect(client.getSnapshot().error).toMatchObject({ code: "bad_frame", message: "An odd frame." });
  });

  it("come back no sooner than a full server asked for", async () => {
    const { client, clock, session, socket, requests } = await startedHarness();
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
    const { client, clock, socket, requests } = await startedHarness();
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
