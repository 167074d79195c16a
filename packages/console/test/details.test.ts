/** Who is there, what models cost, settings to take along, and the log searched. */
import { beforeAll, describe, expect, it } from "vitest";
import { skipWithoutChromium } from "../../client-web/test/support/chromium.js";
import { requireBuiltConsole } from "./support/console-page.js";
import { look, serve, speaker } from "./support/stage.js";

const KEYS = "operator:an-operator-key-of-32-characters-:admin,reception:a-speakers-key-of-32-characters--";

describe.skipIf(skipWithoutChromium)("the console", { timeout: 90_000 }, () => {
  beforeAll(() => requireBuiltConsole());

  it("names who is there, and shows their addresses only by choice, which it remembers", async () => {
    const target = await serve({ apiKeys: KEYS });
    await speaker(target, { token: "a-speakers-key-of-32-characters--" });
    const view = await look(target);
    await view.signIn("an-operator-key-of-32-characters-");
    await expect.poll(() => view.rows.textContent(), { timeout: 20_000 }).toContain("reception");
    expect(await view.rows.textContent()).not.toContain("127.0.0.1");
    await view.page.getByLabel("addresses").check();
    expect(await view.rows.textContent()).toContain("127.0.0.1");
    await view.page.reload();
    await expect.poll(() => view.rows.textContent(), { timeout: 20_000 }).toContain("127.0.0.1");
  });

  it("says of a server without keys that nobody has one", async () => {
    const target = await serve();
    await speaker(target);
    const view = await look(target);
    await expect.poll(() => view.rows.textContent(), { timeout: 20_000 }).toContain("no key");
  });

  it("tells what models cost on this machine: measured where somebody spoke, estimated elsewhere", async () => {
    const target = await serve({ whisperModel: "base", realtimeModelType: "base" });
    const view = await look(target);
    const cells = (name: string) => view.model(name).locator("td").allTextContents();
    await expect.poll(() => cells("base"), { timeout: 20_000 }).toContainEqual(expect.stringMatching(/ × estimated$/));
    await speaker(target);
    await expect
      .poll(() => cells("base"), { timeout: 40_000 })
      .toContainEqual(expect.stringMatching(/^0\.\d\d × measured$/));
    await view.page.locator(".models summary").click();
    const [, size, memory, speed, people] = await cells("medium");
    expect([size, memory]).toEqual([expect.stringMatching(/GB$/), expect.stringMatching(/GB$/)]);
    expect(speed).toMatch(/ × estimated$/);
    // Eleven times the time of base: fewer people, or none.
    const [baseSpeed, mediumSpeed] = [(await cells("base"))[3]!, speed!].map((text) => Number.parseFloat(text));
    expect(mediumSpeed! / baseSpeed!).toBeGreaterThan(3);
    expect(people).toMatch(/^(\d+|not even one)$/);
  });

  it("groups the settings, and copies what differs from the defaults, without secrets", async () => {
    const target = await serve({ apiKeys: KEYS, initialPrompt: "Dr. Müller # of Ulm" });
    const { page, signIn } = await look(target).then((view) => ({ page: view.page, signIn: view.signIn.bind(view) }));
    await signIn("an-operator-key-of-32-characters-");
    await expect.poll(() => page.locator(".variables h3").allTextContents()).toContain("Sessions and limits");
    expect(await page.locator("[data-group=limits] [data-variable=MAX_SESSIONS]").count()).toBe(1);
    await page.getByRole("button", { name: "Copy as .env" }).click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain("WHISPER_MODEL=micro\n");
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied.split("\n")).toEqual(
      expect.arrayContaining([
        "# API_KEYS=",
        'INITIAL_PROMPT="Dr. Müller # of Ulm"',
        "POST_SPEECH_SILENCE_DURATION=0.6",
      ]),
    );
    expect(copied).not.toContain("characters");
    // As it is by itself.
    expect(copied).not.toContain("LOG_LEVEL");
  });

  it("searches the log, by sentence and by what stands beside it", async () => {
    const target = await serve();
    const view = await look(target);
    const log = view.page.locator(".log");
    await fetch(`${target.http}/v1/admin/config`, { method: "PATCH", body: '{"values": {"LOG_LEVEL": "debug"}}' });
    await speaker(target);
    await expect.poll(() => log.textContent(), { timeout: 20_000 }).toContain("session opened");
    await log.getByRole("searchbox").fill("log_level=DEBUG");
    await expect
      .poll(() => log.locator("li").allTextContents())
      .toEqual([expect.stringContaining("configuration was changed")]);
    await log.getByRole("searchbox").fill("nothing of the kind");
    await expect.poll(() => log.textContent()).toContain("No line has “nothing of the kind” in it.");
  });
});
