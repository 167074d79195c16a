/** What people are told when a real browser gives no microphone, and pages with a strict policy. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium, skipWithoutChromium } from "../support/chromium.js";
import { createSite, type Site } from "../support/site.js";

const STRICT = "default-src 'none'; script-src 'self'; connect-src 'self'";

describe.skipIf(skipWithoutChromium)("a page without a microphone", { timeout: 60_000 }, () => {
  let site: Site;
  let strict: Site;
  beforeAll(async () => {
    site = await createSite();
    strict = await createSite({ csp: STRICT });
  });
  afterAll(async () => {
    await site?.close();
    await strict?.close();
  });

  async function failureOn(url: string, options: Parameters<typeof launchChromium>[0]) {
    const chromium = await launchChromium(options);
    try {
      const page = await chromium.browser.newPage();
      await page.goto(url);
      return await page.evaluate(async () => {
        const failure = await stt.failure(() => stt.microphone());
        return { ...failure, microphones: await stt.listMicrophones() } as typeof failure;
      });
    } finally {
      await chromium.close();
    }
  }

  it("is told that the permission was denied, and what to do", async () => {
    const failure = await failureOn(site.url, { allow: false });
    expect(failure).toMatchObject({ name: "MicrophoneError", code: "microphone_unavailable", problem: "denied" });
    expect(failure.message).toContain("allow it in the browser's address bar");
    expect(failure.microphones).toEqual([]);
  });

  it("is told that there is no device, and what to do", async () => {
    const failure = await failureOn(site.url, { hears: null });
    expect(failure).toMatchObject({ problem: "not_found", retryable: true, microphones: [] });
    expect(failure.message).toContain("connect one");
  });

  it("is told that its own policy is in the way, and how to get around it", async () => {
    const failure = await failureOn(strict.url, { expects: /Content Security Policy/ });
    expect(failure).toMatchObject({ problem: "worklet_blocked", retryable: false });
    expect(failure.message).toContain("workletUrl");
  });

  it("records under a strict policy when the worklet comes from a file", async () => {
    const chromium = await launchChromium({ expects: /favicon/ });
    try {
      const page = await chromium.browser.newPage();
      await page.goto(strict.url);
      const bytes = await page.evaluate(async () => {
        const mic = await stt.microphone({ workletUrl: "/capture.worklet.js" });
        const scope = new AbortController();
        let total = 0;
        for await (const pcm of mic.chunks(scope.signal)) {
          total += pcm.length;
          if (total > 16_000) scope.abort();
        }
        return total;
      });
      expect(bytes).toBeGreaterThan(16_000);
    } finally {
      await chromium.close();
    }
  });
});
