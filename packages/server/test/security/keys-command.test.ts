import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { createConfig } from "@stt/core/config";
import { describe, expect, it } from "vitest";
import { keysCommand } from "../../src/commands/keys.js";
import { bearer, guardedServer, knock, temporaryFolder } from "../support/secure-server.js";

/** Runs `stt-server keys ...` here. @returns what it wrote to stdout */
async function keys(file: string, ...args: string[]): Promise<string> {
  let out = "";
  const stdout = { write: (text: string) => (out += text) };
  await keysCommand(() => createConfig({ apiKeysFile: file }), { stdout, stderr: { write: () => {} } }).parseAsync(
    args,
    { from: "user" },
  );
  return out;
}

async function newFile(): Promise<string> {
  return join(await temporaryFolder(), "keys.json");
}

describe("stt-server keys", () => {
  it("makes a key that opens a session, and revokes it", async () => {
    const file = await newFile();
    const key = (await keys(file, "add", "app")).trim();
    expect(key).toMatch(/^stt_[\w-]{43}$/);
    const { url } = await guardedServer({ apiKeysFile: file });
    expect(await knock(url, { headers: bearer(key) })).toMatchObject({ status: 101 });
    await keys(file, "revoke", "app");
    await expect.poll(() => knock(url, { headers: bearer(key) })).toMatchObject({ status: 401 });
  });

  it("shows a key once: neither the file nor the list has it", async () => {
    const file = await newFile();
    const key = (await keys(file, "add", "app", "--scope", "transcribe", "admin", "--sessions", "4")).trim();
    expect(await readFile(file, "utf8")).not.toContain(key);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const list = await keys(file, "list");
    expect(list).toMatch(/^app {2}transcribe\+admin {2}\S+ {2}sessions=4\n$/);
    expect(list).not.toContain("sha256");
    expect(JSON.parse(await keys(file, "list", "--json"))).toMatchObject([
      { name: "app", scopes: ["transcribe", "admin"], limits: { sessions: 4 } },
    ]);
  });

  it("loses none of several that are made at once", async () => {
    const file = await newFile();
    await keys(file, "add", "first");
    const names = ["a", "b", "c", "d"];
    await Promise.all(names.map((name) => keys(file, "add", name)));
    expect(
      JSON.parse(await keys(file, "list", "--json"))
        .map((key: { name: string }) => key.name)
        .sort(),
    ).toEqual([...names, "first"].sort());
  });

  it("says what is wrong", async () => {
    const file = await newFile();
    await keys(file, "add", "app");
    await expect(keys(file, "add", "app")).rejects.toThrow(/already: revoke it first/);
    await expect(keys(file, "revoke", "nobody")).rejects.toThrow(/no key "nobody"/);
    await expect(keys(file, "add", "two words")).rejects.toThrow(/a name has 1 to 64 letters/);
    await expect(keys(file, "add", "x", "--sessions", "-1")).rejects.toThrow(/whole number/);
    await expect(keys("", "list")).rejects.toThrow(/API_KEYS_FILE/);
  });
});
