/** Errors that a page has for whoever opens the browser's console. */
import type { Page } from "playwright-core";
import { expect, onTestFinished } from "vitest";

/** The browser tells of these by itself: refusals, and a server that is away. Tests make both on purpose. */
const OF_THE_NETWORK =
  /^(WebSocket connection to .* failed: |Failed to load resource: (net::ERR_|the server responded with a status of (400|401|403|409|429|503)))/;

/**
 * Fails the running test if the page has errors: exceptions, and whatever is in its console as one, violated policies too.
 *
 * @param expected what the test makes happen
 */
export function watchFaults(page: Page, expected = /^\b$/): void {
  const faults: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" && !OF_THE_NETWORK.test(message.text()) && !expected.test(message.text()))
      faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(error.stack ?? error.message));
  onTestFinished(() => expect(faults, "errors in the page's console").toEqual([]));
}
