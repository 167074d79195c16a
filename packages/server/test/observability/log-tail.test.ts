import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { LogTail } from "../../src/observability/log-tail.js";
import { createLogger } from "../../src/observability/logger.js";

const nowhere = () => new Writable({ write: (_chunk, _encoding, done) => done() });

describe("the end of the log", () => {
  it("is what was written, of the levels that are written, without secrets", () => {
    const log = createLogger({ level: "info", format: "json", destination: nowhere() });
    log.debug({}, "too fine");
    log.warn({ token: "abc", session: "s1" }, "Authorization was Bearer 0123456789abcdefghij");
    log.level = "debug";
    log.debug({}, "now it counts");
    expect(log.tail!.since()).toMatchObject([
      {
        seq: 0,
        level: "warn",
        message: "Authorization was Bearer [secret]",
        fields: { token: "[secret]", session: "s1" },
      },
      { seq: 1, level: "debug", message: "now it counts", fields: {} },
    ]);
  });

  it("is bounded in lines and in their length", () => {
    const tail = new LogTail(3);
    for (let i = 0; i < 5; i++) tail.take(JSON.stringify({ level: 30, time: "t", msg: `line ${i}` }));
    expect(tail.since().map(({ message }) => message)).toEqual(["line 2", "line 3", "line 4"]);
    expect(tail.since(4).map(({ seq }) => seq)).toEqual([4]);

    tail.take(JSON.stringify({ level: 50, time: "t", dump: "x".repeat(100_000), msg: "y".repeat(5000) }));
    const [, , cut] = tail.since();
    expect(cut).toMatchObject({ level: "error", fields: {} });
    expect(cut!.message).toMatch(/^y{1000} …$/);
  });
});
