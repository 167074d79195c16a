import { describe, expect, it } from "vitest";
import { LanguageLock } from "../../src/speech/language-lock.js";

const heard = (language: string, seconds: number, probability = 1) => ({
  language,
  probability,
  speechMs: seconds * 1000,
});

describe("LanguageLock", () => {
  it("locks after enough confident speech, in one utterance or several", () => {
    expect(new LanguageLock().observe(heard("ru", 4))).toBe("ru");
    const lock = new LanguageLock();
    expect(lock.observe(heard("ru", 2))).toBeUndefined();
    expect(lock.observe(heard("ru", 2))).toBe("ru");
  });

  it("takes longer the less certain the detection is, and never locks on a guess", () => {
    const lock = new LanguageLock();
    expect(lock.observe(heard("ru", 4, 0.75))).toBeUndefined();
    expect(lock.observe(heard("ru", 4, 0.75))).toBe("ru");
    const guesses = new LanguageLock();
    for (let i = 0; i < 100; i++) guesses.observe(heard("cy", 10, 0.5));
    expect(guesses.language).toBeUndefined();
  });

  it("does not lock while detections contradict each other", () => {
    const lock = new LanguageLock();
    for (let i = 0; i < 50; i++) lock.observe(heard(i % 2 ? "ru" : "uk", 2));
    expect(lock.language).toBeUndefined();
  });

  it("does not flap: short or scattered detections of other languages change nothing", () => {
    const lock = new LanguageLock();
    lock.observe(heard("ru", 5));
    for (let i = 0; i < 50; i++) {
      lock.observe(heard("uk", 3));
      lock.observe(heard("en", 2, 0.9));
      lock.observe(heard("ru", 1));
      expect(lock.language).toBe("ru");
    }
  });

  it("gives the lock up after long, steady speech in one other language", () => {
    const lock = new LanguageLock();
    lock.observe(heard("ru", 5));
    expect(lock.observe(heard("en", 3))).toBe("ru");
    expect(lock.observe(heard("en", 3))).toBe("en");
    // And the new lock is as firm as the old one.
    expect(lock.observe(heard("ru", 5))).toBe("en");
  });

  it("counts at most ten seconds of one utterance", () => {
    const lock = new LanguageLock({ lockEvidence: 15 });
    expect(lock.observe(heard("ru", 600))).toBeUndefined();
  });

  it("ignores what is no number", () => {
    const lock = new LanguageLock();
    lock.observe(heard("ru", Number.NaN));
    lock.observe(heard("ru", 10, Number.NaN));
    expect(lock.language).toBeUndefined();
  });

  it("can be opened by hand", () => {
    const lock = new LanguageLock();
    lock.observe(heard("ru", 5));
    lock.unlock();
    expect(lock.language).toBeUndefined();
    expect(lock.observe(heard("en", 3))).toBe("en");
  });
});
