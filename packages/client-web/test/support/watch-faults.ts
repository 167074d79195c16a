/** Errors that a page has for whoever opens the browser's console. */
import type { Browser } from "playwright-core";
import { expect, onTestFinished } from "vitest";

/** The browser tells of these by itself: refusals, and a server that is away. Tests make both on purpose. */
const OF_THE_NETWORK =
  /^(WebSocket connection to .* failed: |Failed to load resource: (net::ERR_|the server responded with a status of (400|401|403|409|429|503)))/;

/**
 * Listens to all pages of a browser, from their first line: exceptions, and whatever is in the console as an error, violated policies
 * too. The test that opened the page fails of them; those of pages that were opened before a test, when the browser is closed.
 *
 * @param expected what the tests make happen
 * @returns fails if there were errors that no test has failed of
 */
export function watchFaults(browser: Browser, expected = /^\b$/): () => void {
  const faults: string[] = [];
  const check = () => expect(faults.splice(0), "errors in the page's console").toEqual([]);
  const { newContext } = browser;
  browser.newContext = async (options) => {
    const context = await newContext.call(browser, options);
    context.on("console", (message) => {
      const text = message.text();
      if (message.type() === "error" && !OF_THE_NETWORK.test(text) && !expected.test(text)) faults.push(text);
    });
    context.on("weberror", (event) => {
      const error = event.error();
      faults.push(error.stack ?? error.message);
    });
    try {
      onTestFinished(check);
    } catch {
      // Outside of a test: whoever closes the browser learns of them.
    }
    return context;
  };
  return check;
}
