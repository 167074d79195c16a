import { describe, expect, it } from "vitest";
import { leastDistance, soundCounts, soundDistance } from "../../../src/text/vocabulary/sound-distance.js";
import { soundsOf } from "../../../src/text/vocabulary/sounds.js";

const share = (a: string, b: string) => {
  const [x, y] = [soundsOf(a), soundsOf(b)];
  return soundDistance(x, y) / Math.max(x.length, y.length);
};

describe("sounds", () => {
  it.each([
    ["Knight", "nite"],
    ["phone", "fone"],
    ["Wright", "right"],
    ["back", "bak"],
    ["Grafana", "graphana"],
    ["Quick", "kwik"],
    ["Xenon", "zenon"],
    ["Élodie", "elodie"],
    ["Астериск", "asterisk"],
    ["машина", "mashina"],
    ["", "..."],
  ])("%s and %s are the same", (a, b) => {
    expect(soundsOf(a)).toBe(soundsOf(b));
  });

  it("of other scripts are none", () => {
    expect(soundsOf("東京")).toBe("");
  });

  it.each([
    ["Kubernetes", "cooper netties"],
    ["Kubernetes", "кубернетис"],
    ["Postgres", "Постгрес"],
    ["переадресация", "переодресоция"],
    ["Grafana", "grefana"],
  ])("%s and %s are alike", (a, b) => {
    expect(share(a, b)).toBeLessThan(0.15);
  });

  it.each([
    ["Kubernetes", "communities"],
    ["Grafana", "banana"],
    ["Asterisk", "asked her"],
    ["переадресация", "регистрация"],
    ["Docker", "doctor"],
  ])("%s and %s are not", (a, b) => {
    expect(share(a, b)).toBeGreaterThan(0.2);
  });
});

describe("their distance", () => {
  it("is the same both ways, and none to itself", () => {
    expect(soundDistance("kat", "kat")).toBe(0);
    expect(soundDistance("kat", "gat")).toBeCloseTo(0.35);
    expect(soundDistance("kat", "kot")).toBe(0.25);
    expect(soundDistance("kat", "kt")).toBe(0.5);
    expect(soundDistance("kat", "mat")).toBe(1);
    expect(soundDistance("", "kat")).toBe(2.5);
    expect(soundDistance("astrsk", "asterisk")).toBe(soundDistance("asterisk", "astrsk"));
  });

  it("beyond the limit is infinite", () => {
    expect(soundDistance("kat", "mat", 0.9)).toBe(Number.POSITIVE_INFINITY);
    expect(soundDistance("kat", "mat", 1)).toBe(1);
    expect(soundDistance("k".repeat(100), "m".repeat(200), 3)).toBe(Number.POSITIVE_INFINITY);
  });

  it("is not less than what counts alone tell", () => {
    const least = (a: string, b: string) => leastDistance(soundCounts(a), soundCounts(b));
    for (const [a, b] of [
      ["kubernetis", "komunitis"],
      ["asterisk", "astrsk"],
      ["grafana", "banana"],
      ["pundki", "tonki"],
    ] as const) {
      expect(least(a, b)).toBeLessThanOrEqual(soundDistance(a, b));
    }
  });
});
