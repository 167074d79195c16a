import { describe, expect, it } from "vitest";
import { cut, widthAt, widthOf } from "../src/terminal/width.js";

describe("the width of a text", () => {
  // Where tmux 3.3a puts its cursor behind each.
  it.each([
    ["नमस्ते", 4],
    ["हिन्दी", 5],
    ["বাংলা", 5],
    ["ગુજરાતી", 6],
    ["தமிழ்", 4],
    ["ಕನ್ನಡ", 4],
    ["മലയാളം", 6],
    ["සිංහල", 4],
    ["မြန်မာ", 5],
    ["ខ្មែរ", 4],
    ["བོད", 2],
    ["ภาษาไทย", 7],
    ["น้ำ", 2],
    ["한국어", 6],
    ["한국어".normalize("NFD"), 6],
    ["日本語", 6],
    ["ｶﾅ", 2],
    ["Ａ", 2],
    ["مرحبا", 5],
    ["שָׁלוֹם", 4],
    ["e\u0301", 1],
    ["й".normalize("NFD"), 1],
    ["🇷🇺", 2],
    ["☎", 1],
    ["①", 1],
    ["…", 1],
    ["co\u00adop", 5],
    ["ਪੰਜਾਬੀ", 5],
    ["Привет", 6],
  ])("%s is %i", (text, columns) => {
    expect(widthOf(text)).toBe(columns);
  });

  it.each(["👩‍👩‍👧", "👍🏽", "❤️", "1️⃣", "🙂"])("%s is one picture, two columns wide", (text) => {
    expect(widthOf(text)).toBe(2);
  });

  it("counts tabs from where they stand", () => {
    expect([widthAt("\t", 0), widthAt("\t", 3), widthOf("ab\tc")]).toEqual([4, 1, 5]);
  });

  it("is what a text is cut to", () => {
    expect(cut("नमस्ते дорогие", 5)).toBe("नमस्ते…");
    expect(cut("日本語", 5)).toBe("日本…");
  });
});
