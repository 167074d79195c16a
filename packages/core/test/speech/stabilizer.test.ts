import { describe, expect, it } from "vitest";
import { Stabilizer } from "../../src/speech/stabilizer.js";
import { seededRandom } from "../../src/testing/index.js";
import { timed, untimed } from "./support.js";

describe.each([
  ["with times", timed],
  ["without times", untimed],
])("agreement %s", (_, words) => {
  it("commits what two hypotheses in a row agree on", () => {
    const stabilizer = new Stabilizer();
    expect(stabilizer.push(words("the quick"))).toMatchObject({ committed: "", tentative: "the quick" });
    expect(stabilizer.push(words("the quick brown"))).toMatchObject({ committed: "the quick", tentative: "brown" });
    expect(stabilizer.push(words("the quick crown fox"))).toMatchObject({
      committed: "the quick",
      tentative: "crown fox",
    });
    expect(stabilizer.push(words("the quick crown fox jumps"))).toMatchObject({
      committed: "the quick crown fox",
      tentative: "jumps",
    });
  });

  it("compares without case and punctuation and writes as the newer hypothesis does", () => {
    const stabilizer = new Stabilizer();
    stabilizer.push(words("привет мир. ещё"));
    expect(stabilizer.push(words("Привет, мир! еще раз")).committed).toBe("Привет, мир! еще");
  });

  it("does not take back or repeat a committed word that is heard differently later", () => {
    const stabilizer = new Stabilizer();
    stabilizer.push(words("one two three"));
    stabilizer.push(words("one two three four"));
    stabilizer.push(words("won too three four five"));
    expect(stabilizer.push(words("one to three four five six"))).toMatchObject({
      committed: "one two three four five",
      tentative: "six",
    });
  });

  it("keeps a word that is really said twice", () => {
    const stabilizer = new Stabilizer();
    stabilizer.push(words("very"));
    stabilizer.push(words("very very"));
    stabilizer.push(words("very very good"));
    expect(stabilizer.push(words("very very good indeed")).committed).toBe("very very good");
  });

  it("flushes the rest at the end of the utterance", () => {
    const stabilizer = new Stabilizer();
    stabilizer.push(words("one two"));
    stabilizer.push(words("one two three"));
    const flushed = stabilizer.flush();
    expect(flushed).toMatchObject({ committed: "one two three", tentative: "" });
    expect(flushed.newlyCommitted.map((word) => word.text)).toEqual(["three"]);
    expect(stabilizer.flush().newlyCommitted).toEqual([]);
  });

  it("lets nothing agree that the filter refuses", () => {
    const stabilizer = new Stabilizer({ accept: (heard) => !heard.some((word) => word.text === "phantom") });
    stabilizer.push(words("real words"));
    stabilizer.push(words("phantom phantom"));
    expect(stabilizer.push(words("phantom phantom"))).toMatchObject({ committed: "", tentative: "real words" });
    expect(stabilizer.push(words("real words here")).committed).toBe("real words");
  });

  it("never changes what is committed, whatever it is told", () => {
    const vocabulary = ["a", "b", "b", "c", "Да,", "да", "...", "x"];
    for (let seed = 1; seed <= 200; seed++) {
      const random = seededRandom(seed);
      const stabilizer = new Stabilizer({ maxBufferMs: 3000 });
      let committed = "";
      let text: string[] = [];
      let trimMs = 0;
      for (let turn = 0; turn < 30; turn++) {
        text = [...text.slice(0, Math.floor(random() * (text.length + 1))), ...text.slice(-2)];
        for (let n = random() * 4; n > 0; n--) text.push(vocabulary[Math.floor(random() * vocabulary.length)]!);
        const jitter = Math.floor(random() * 300);
        const result =
          random() < 0.05 ? stabilizer.flush() : stabilizer.push(words(text.join(" "), trimMs + jitter), {});
        expect(result.committed.startsWith(committed), `${committed} -> ${result.committed}`).toBe(true);
        expect(result.trimMs).toBeGreaterThanOrEqual(trimMs);
        committed = result.committed;
        trimMs = result.trimMs;
      }
    }
  });
});

describe("word times that wander", () => {
  it("removes a committed run that is heard again a little later", () => {
    const stabilizer = new Stabilizer();
    stabilizer.push(timed("the quick brown"));
    stabilizer.push(timed("the quick brown"));
    expect(stabilizer.push(timed("the quick brown fox", 350)).tentative).toBe("fox");
    // Only the end is heard again, as after a cut.
    expect(stabilizer.push(timed("quick brown fox jumps", 700))).toMatchObject({
      committed: "the quick brown fox",
      tentative: "jumps",
    });
  });

  it("drops words that lie before the committed end even if they read differently", () => {
    const stabilizer = new Stabilizer();
    stabilizer.push(timed("the quick brown"));
    stabilizer.push(timed("the quick brown"));
    expect(stabilizer.push(timed("a thick crown fox")).tentative).toBe("fox");
  });

  it("does not take a later word for the last committed one because it is the same", () => {
    const stabilizer = new Stabilizer();
    stabilizer.push(timed("go the"));
    stabilizer.push(timed("go the"));
    expect(stabilizer.push(timed("a thee cat and the dog")).tentative).toBe("cat and the dog");
  });

  it("falls back to the words when the engine fills in zeros", () => {
    const stabilizer = new Stabilizer();
    const zeros = (text: string) => untimed(text).map((word) => ({ ...word, startMs: 0, endMs: 0 }));
    stabilizer.push(zeros("one two"));
    stabilizer.push(zeros("one two three"));
    expect(stabilizer.push(zeros("one two three four"))).toMatchObject({
      committed: "one two three",
      tentative: "four",
    });
  });
});

describe("trimming the audio", () => {
  /** 50 words: 20 s. */
  const long = Array.from({ length: 50 }, (_, i) => `w${i}`).join(" ");

  it("advises no cut while the buffer is short", () => {
    const stabilizer = new Stabilizer({ startMs: 2000 });
    stabilizer.push(timed("a b c", 2000));
    expect(stabilizer.push(timed("a b c", 2000), { audioEndMs: 11_900 }).trimMs).toBe(2000);
  });

  it("cuts at the last segment end inside committed audio, never the newest", () => {
    const stabilizer = new Stabilizer();
    stabilizer.push(timed(long));
    const { trimMs } = stabilizer.push(timed(long), {
      audioEndMs: 20_000,
      segmentEndsMs: [4000, 9000, 14_000, 20_000],
    });
    expect(trimMs).toBe(14_000);
  });

  it("does not cut at a segment end beyond what is committed", () => {
    const stabilizer = new Stabilizer();
    stabilizer.push(timed("w0 w1 w2 w3 w4 w5 w6 w7 w8 w9 w10 w11"));
    const { trimMs } = stabilizer.push(timed(long), { segmentEndsMs: [4000, 9000, 20_000] });
    expect(trimMs).toBe(4000);
  });

  it("cuts at the last committed word when no segment end is there", () => {
    const stabilizer = new Stabilizer();
    stabilizer.push(timed(long));
    expect(stabilizer.push(timed(`${long} more`), { segmentEndsMs: [20_400] }).trimMs).toBe(20_000);
  });

  it("prompts with the end of what scrolled out, in whole words, and of what was said before", () => {
    const stabilizer = new Stabilizer({ context: "Said before.", promptCharacters: 19 });
    expect(stabilizer.push([]).prompt).toBe("Said before.");
    stabilizer.push(timed(long));
    const { prompt } = stabilizer.push(timed(long), { segmentEndsMs: [4000, 20_000] });
    expect(prompt).toBe("w4 w5 w6 w7 w8 w9");
    expect(prompt.length).toBeLessThanOrEqual(19);
  });

  it("prompts with every word once, however often it cuts", () => {
    const stabilizer = new Stabilizer({ promptCharacters: 1000 });
    stabilizer.push(timed(long));
    stabilizer.push(timed(long), { segmentEndsMs: [4000, 20_000] });
    const { trimMs, prompt } = stabilizer.push(timed(`${long} x`), { segmentEndsMs: [4000, 6000, 20_400] });
    expect(trimMs).toBe(6000);
    expect(prompt).toBe(long.split(" ").slice(0, 15).join(" "));
  });

  it("goes on seamlessly after the cut", () => {
    const stabilizer = new Stabilizer();
    stabilizer.push(timed(long));
    const { trimMs, committed } = stabilizer.push(timed(long), { segmentEndsMs: [18_000, 20_000] });
    expect(trimMs).toBe(18_000);
    // The next decode hears the words from the cut on, slightly misplaced.
    stabilizer.push(timed("w45 w46 w47 w48 w49 new words", trimMs + 90));
    expect(stabilizer.push(timed("w45 w46 w47 w48 w49 new words here", trimMs + 30))).toMatchObject({
      committed: `${committed} new words`,
      tentative: "here",
    });
  });

  it("advises no cut when words carry no times", () => {
    const stabilizer = new Stabilizer();
    stabilizer.push(untimed(long));
    expect(stabilizer.push(untimed(long), { audioEndMs: 20_000, segmentEndsMs: [9000, 20_000] }).trimMs).toBe(0);
  });
});

describe("languages without spaces", () => {
  it("joins their words without spaces", () => {
    const stabilizer = new Stabilizer({ language: "zh" });
    stabilizer.push(untimed("今 天 天"));
    expect(stabilizer.push(untimed("今 天 天 气 好"))).toMatchObject({ committed: "今天天", tentative: "气好" });
  });
});
