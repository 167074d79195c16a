/** Browsers that give less: no storage, as with cookies blocked, and no microphone, as on plain http from another machine. */
import { expect, it } from "vitest";
import { launchChromium } from "../../../packages/client-web/test/support/chromium.js";
import { EditorPage, openContext } from "./support/editor-page.js";
import { describeEditor } from "./support/editor-suite.js";

/** What a browser does that blocks all storage of a page; runs in the page. */
function blockStorage(): void {
  for (const name of ["localStorage", "sessionStorage"]) {
    Object.defineProperty(window, name, {
      get() {
        throw new DOMException("Access is denied for this document.", "SecurityError");
      },
    });
  }
  // Pages that are not secure, such as the empty one before ours, have no locks.
  if (navigator.locks) navigator.locks.request = () => Promise.reject(new DOMException("Not here.", "SecurityError"));
}

describeEditor("the editor", null, (suite) => {
  it("works without storage, and says that the text is not kept", async () => {
    const { http } = await suite.serve();
    const chromium = suite.keep(await launchChromium());
    const context = await openContext(chromium);
    await context.addInitScript(blockStorage);
    const editor = await EditorPage.open(context, http);
    // Nothing tells the page that the first run was skipped before.
    await editor.button("Skip").click();
    await editor.field.fill("A note.");
    expect(await editor.text()).toBe("A note.");
    await expect.poll(() => editor.page.getByRole("alert").textContent(), { timeout: 10_000 }).toMatch(/\w/);
    await editor.untilState("connected", "listening", "hearing");
  });

  it("on plain http writes and keeps a text, and says what the microphone needs", async () => {
    const { http } = await suite.serve();
    const chromium = suite.keep(
      await launchChromium({
        args: ["--host-resolver-rules=MAP stt.test 127.0.0.1"],
        // A header that says what plain http cannot have.
        expects: /Cross-Origin-Opener-Policy header has been ignored/,
      }),
    );
    const context = await openContext(chromium, { permitted: false, processing: undefined });
    const editor = await EditorPage.open(context, http.replace("127.0.0.1", "stt.test"));
    expect(await editor.page.evaluate(() => window.isSecureContext)).toBe(false);
    await editor.field.fill("A note.");
    await editor.button(/Record/).click();
    await expect.poll(() => editor.page.locator("body").textContent(), { timeout: 10_000 }).toMatch(/https/);
    await editor.page.reload();
    await expect.poll(() => editor.text()).toBe("A note.");
  });
});
