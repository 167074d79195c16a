import { describe, expect, it } from "vitest";
import { createHarness, exchange, pcm } from "./support/harness.js";

describe("events", () => {
  it("reach every listener of a name, until it unsubscribes", async () => {
    const { client } = createHarness();
    const heard: string[] = [];
    const listener = () => heard.push("same");
    const off = client.on("final", () => heard.push("first"));
    const offSame = client.on("final", listener);
    client.on("final", listener);
    await client.start();
    client.push(pcm(1000));
    await exchange();
    expect(heard).toEqual(["first", "same", "same"]);
    off();
    offSame();
    offSame();
    client.push(pcm(1000));
    await exchange();
    expect(heard).toEqual(["first", "same", "same", "same"]);
  });

  it("keep one order for all, also when a listener calls back into the client", async () => {
    const { client } = createHarness();
    const early: string[] = [];
    const late: string[] = [];
    client.on("event", (event) => {
      early.push(event.type);
      if (event.type === "final") void client.stop();
    });
    client.on("event", (event) => late.push(event.type));
    await client.start();
    client.push(pcm(1000));
    await exchange();
    expect(late).toEqual(early);
    expect(early.slice(early.indexOf("final"))).toEqual(["final", "status", "end", "status"]);
  });

  it("find the snapshot up to date", async () => {
    const { client } = createHarness();
    const texts: string[] = [];
    client.on("final", () => texts.push(client.getSnapshot().text));
    await client.start();
    client.push(pcm(2000));
    await exchange();
    expect(texts).toEqual(["0-1000", "0-1000 1000-2000"]);
  });

  it("can be iterated; the iteration ends with the client", async () => {
    const { client } = createHarness();
    const types: string[] = [];
    const iterating = (async () => {
      for await (const event of client.events()) types.push(event.type);
    })();
    await client.start();
    client.push(pcm(1000));
    await exchange();
    await client.close();
    await iterating;
    expect(types).toContain("final");
    expect(types.at(-1)).toBe("status");
  });

  it("end an iteration when the client fails", async () => {
    const { client, refuse } = createHarness();
    refuse.status = 401;
    const iterating = (async () => {
      const seen = [];
      for await (const event of client.events()) seen.push(event);
      return seen;
    })();
    await client.start().catch(() => {});
    expect((await iterating).at(-1)).toEqual({ type: "status", status: "failed", previous: "connecting" });
  });

  it("stop being kept for an iteration that was left, or whose signal fired", async () => {
    const { client } = createHarness();
    const left = client.events();
    void client.start();
    for await (const event of left) {
      expect(event.type).toBe("status");
      break;
    }
    expect(await left.next()).toEqual({ done: true, value: undefined });
    const abort = new AbortController();
    const iterating = (async () => {
      for await (const event of client.events({ signal: abort.signal })) void event;
    })();
    abort.abort();
    await expect(iterating).rejects.toMatchObject({ code: "aborted" });
    await client.close();
  });

  it("reach a slow reader without superseded partials, and with every final", async () => {
    const { client } = createHarness();
    const events = client.events();
    await client.start();
    for (let i = 0; i < 20; i++) client.push(pcm(100));
    await exchange();
    await client.close();
    const types = [];
    for await (const event of events) types.push(event.type);
    expect(types.filter((type) => type === "final")).toHaveLength(2);
    expect(types.filter((type) => type === "partial").length).toBeLessThan(20);
  });

  it("are plain data", async () => {
    const { client, events } = createHarness();
    await client.start();
    client.push(pcm(1000));
    await client.stop();
    expect(JSON.parse(JSON.stringify(events))).toEqual(events);
  });
});

describe("the snapshot", () => {
  it("is the same object until something changes, and listeners hear of each change", async () => {
    const { client } = createHarness();
    const first = client.getSnapshot();
    expect(client.getSnapshot()).toBe(first);
    let changes = 0;
    const off = client.subscribe(() => {
      changes++;
    });
    await client.start();
    expect(client.getSnapshot()).not.toBe(first);
    expect(changes).toBeGreaterThan(0);
    off();
    const before = changes;
    client.push(pcm(1000));
    await exchange();
    expect(changes).toBe(before);
  });

  it("tells server, latency, speech and text", async () => {
    const { client } = createHarness();
    await client.start();
    client.push(pcm(500));
    await exchange();
    expect(client.getSnapshot()).toMatchObject({
      status: "listening",
      error: null,
      isListening: true,
      isSpeaking: true,
      committedText: "0-",
      interimText: "500?",
      text: "0- 500?",
      reconnect: null,
      latencyMs: 0,
      server: { url: "ws://one:8012/v1/stream", model: "scripted", device: "cpu", sessionId: "session-1" },
    });
  });
});
