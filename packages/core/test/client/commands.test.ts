import { describe, expect, it } from "vitest";
import { encodeMessage, type ServerMessageOf } from "../../src/index.js";
import { exchange, FIRST_DELAY_MS, pcm, startedHarness } from "./support/harness.js";

const UNDO = { command: "undo", text: "undo", startMs: 20, endMs: 60 };
const COPY = { command: "copy", text: "copy", startMs: 60, endMs: 90 };

describe("commands that were spoken", () => {
  it("are told behind the text of their utterance", async () => {
    const { client, socket, events } = await startedHarness();
    socket.send(final({ text: "Hello.", commands: [UNDO, COPY] }));
    await exchange();
    const told = events.filter(({ type }) => type === "final" || type === "command");
    expect(told).toMatchObject([
      { type: "final", text: "Hello." },
      { type: "command", utterance: 0, ...UNDO },
      { type: "command", utterance: 0, ...COPY },
    ]);
    expect(client.getSnapshot().text).toBe("Hello.");
  });

  it("are no final where nothing else was said, and take the live text away", async () => {
    const { client, socket, events, finals } = await startedHarness();
    socket.send(
      encodeMessage({
        type: "partial",
        utterance: 0,
        revision: 1,
        committed: "",
        tentative: "Undo",
        startMs: 0,
        endMs: 60,
        language: "en",
      }),
    );
    await exchange();
    expect(client.getSnapshot().text).toBe("Undo");
    socket.send(final({ text: "", commands: [UNDO] }));
    await exchange();
    expect(finals()).toEqual([]);
    expect(events.slice(-2)).toMatchObject([
      { type: "discarded", utterance: 0, rule: "command" },
      { type: "command", command: "undo" },
    ]);
    expect(client.getSnapshot().text).toBe("");
  });

  it("are told once when the connection breaks behind them", async () => {
    const { client, clock, cut, socket, sessions, events } = await startedHarness({}, { utteranceSamples: 1e9 });
    client.push(pcm(800));
    await exchange();
    socket.send(final({ text: "", commands: [UNDO], finalizedSamples: 500 }));
    await exchange();
    cut();
    await clock.advanceAsync(FIRST_DELAY_MS);
    await exchange();
    expect(sessions[1]?.start?.resume).toMatchObject({ nextUtterance: 1, fromSample: 500 });
    expect(events.filter(({ type }) => type === "command")).toHaveLength(1);
  });
});

function final(fields: Partial<ServerMessageOf<"final">>): string {
  const usual = { utterance: 0, text: "", startMs: 0, endMs: 100, finalizedSamples: 0, language: "en", confidence: 1 };
  return encodeMessage({ type: "final", ...usual, ...fields });
}
