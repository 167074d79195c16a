/** The sentence that an operator reads first, and what does something about it. */
import { beforeAll, describe, expect, it } from "vitest";
import { skipWithoutChromium } from "../../client-web/test/support/chromium.js";
import { knock } from "../../server/test/support/secure-server.js";
import { requireBuiltConsole } from "./support/console-page.js";
import { look, serve, speaker } from "./support/stage.js";

const BASE = { whisperModel: "base", realtimeModelType: "base" };

describe.skipIf(skipWithoutChromium)("the console's advice", { timeout: 90_000 }, () => {
  beforeAll(() => requireBuiltConsole());

  it("takes the server from its test model to a real one at a press", async () => {
    const target = await serve();
    const { advice, page } = await look(target);
    await expect.poll(() => advice.textContent()).toContain("runs on its test model, which knows few words.");
    expect(await advice.getByRole("status").textContent()).toBe("Test model");
    expect(await advice.textContent()).toContain("Take base, which comes with the server.");
    await page.getByRole("button", { name: "Use base" }).click();
    await expect
      .poll(() => advice.textContent(), { timeout: 60_000 })
      .toMatch(/^Idle.*Nobody speaks; .*this machine .*base/);
    expect(await page.locator("tr[data-model=base]").textContent()).toContain("finals");
    expect(await advice.getByRole("button").count()).toBe(0);
  });

  it("tells a limit on sessions from a machine that is full, and lifts it at a press", async () => {
    const target = await serve({ ...BASE, maxSessions: 1 });
    const { advice, page } = await look(target);
    await expect.poll(() => advice.getByRole("status").textContent(), { timeout: 20_000 }).toBe("Idle");
    await speaker(target);
    await expect
      .poll(() => advice.textContent())
      .toContain("1 of the 1 sessions that MAX_SESSIONS allows are open; the machine itself has room.");
    expect(await knock(target.url)).toMatchObject({ status: 503, code: "capacity" });
    await expect.poll(() => advice.textContent()).toContain("1 session was refused in the last ten minutes");
    await page.getByRole("button", { name: "Set MAX_SESSIONS=0" }).click();
    await expect.poll(() => advice.textContent(), { timeout: 20_000 }).toMatch(/\d? ?(people|person|nobody) speaks?;/i);
    expect(await advice.textContent()).not.toContain("refused");
  });

  it("says what it says in Russian", async () => {
    const { advice } = await look(await serve(), { locale: "ru-RU" });
    await expect.poll(() => advice.textContent()).toContain("Сервер работает на тестовой модели, она знает мало слов.");
    expect(await advice.textContent()).toContain("Возьмите base: эта модель идёт вместе с сервером.");
  });
});
