/** Keys: made, used, limited and revoked by a person. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { barriers } from "../../client-web/test/support/barriers.js";
import { skipWithoutChromium } from "../../client-web/test/support/chromium.js";
import { addKey } from "../../server/src/security/key-file.js";
import { requireBuiltConsole } from "./support/console-page.js";
import { look, serve, speaker } from "./support/stage.js";

/** A server with a file of keys, and the page of its operator. */
async function keyedServer() {
  const folder = mkdtempSync(path.join(tmpdir(), "stt-keys-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const apiKeysFile = path.join(folder, "keys.json");
  const operator = await addKey(apiKeysFile, { name: "operator", scopes: ["transcribe", "admin"] });
  const target = await serve({ apiKeysFile });
  const view = await look(target);
  await view.signIn(operator);
  const keys = view.page.locator(".keys");
  await keys.waitFor();
  return { target, view, keys, row: (name: string) => keys.locator(`tr[data-key="${name}"]`) };
}

describe.skipIf(skipWithoutChromium)("the console's keys", { timeout: 90_000 }, () => {
  beforeAll(() => requireBuiltConsole());

  it("are made, shown once, limited and revoked", async () => {
    const { target, view, keys, row } = await keyedServer();
    await expect.poll(() => row("operator").textContent()).toContain("transcribe, operate");
    await keys.getByRole("button", { name: "New key" }).click();
    await keys.getByLabel("Name").fill("my-app");
    await keys.getByLabel("sessions at once").fill("3");
    expect(await barriers(view.page), "making one").toEqual([]);
    await keys.getByRole("button", { name: "Make the key" }).click();
    const made = keys.getByRole("alert");
    await expect.poll(() => made.textContent()).toContain("The key “my-app”, shown this once.");
    const token = (await made.locator(".mono").textContent())!;
    expect(token).toMatch(/^stt_[\w-]{43}$/);
    expect(await row("my-app").textContent()).toContain("3 at once");
    expect(await barriers(view.page), "with one that was made").toEqual([]);
    await made.getByRole("button", { name: "I have it" }).click();
    expect(await view.page.content()).not.toContain(token);

    await speaker(target, { token });
    await expect.poll(() => view.rows.textContent()).toContain("my-app");
    await expect.poll(() => row("my-app").textContent(), { timeout: 20_000 }).toContain("1 open");

    await row("my-app").getByRole("button", { name: "Limit" }).click();
    const field = keys.getByLabel("sessions at once");
    expect(await field.inputValue()).toBe("3");
    await field.fill("");
    await keys.getByLabel("audio a day, min").fill("600");
    await keys.getByRole("button", { name: "Save" }).click();
    await expect.poll(() => row("my-app").textContent()).toContain("600 min a day");
    expect(await row("my-app").textContent()).not.toContain("at once");

    const revoke = row("my-app").getByRole("button", { name: /Revoke/ });
    await revoke.click();
    expect(await revoke.textContent()).toContain("Sure?");
    expect(await view.rows.count()).toBe(1);
    await revoke.click();
    await expect.poll(() => row("my-app").count()).toBe(0);
    await expect.poll(() => view.rows.count(), { timeout: 20_000 }).toBe(0);
    expect(await view.page.locator(".log").textContent()).toContain("an API key was revoked");
  });

  it("say what is wrong: a name that is taken, one's own key revoked", async () => {
    const { keys, row } = await keyedServer();
    await keys.getByRole("button", { name: "New key" }).click();
    await keys.getByLabel("Name").fill("operator");
    await keys.getByRole("button", { name: "Make the key" }).click();
    await expect.poll(() => keys.getByRole("alert").textContent()).toContain("The name is taken");
    const revoke = row("operator").getByRole("button", { name: /Revoke/ });
    await revoke.click();
    await revoke.click();
    await expect.poll(() => keys.getByRole("alert").textContent()).toContain("the key that you signed in with");
    expect(await row("operator").count()).toBe(1);
  });

  it("say how to begin where there are none", async () => {
    const { page } = await look(await serve());
    await expect.poll(() => page.locator(".keys").textContent()).toContain("asks nobody for a key");
    expect(await page.locator(".keys").textContent()).toContain("API_KEYS_FILE=/etc/stt/keys.json");
    expect(await page.locator(".keys").getByRole("button", { name: "New key" }).count()).toBe(0);
  });
});
