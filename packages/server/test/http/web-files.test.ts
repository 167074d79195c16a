import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Hono } from "hono";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AppEnv } from "../../src/http/app-context.js";
import { WebFiles } from "../../src/http/web-files.js";

const SCRIPT = "console.log(1);\n".repeat(200);

let outer: string;
let app: Hono<AppEnv>;

beforeEach(async () => {
  outer = await mkdtemp(path.join(tmpdir(), "stt-web-"));
  await writeFile(path.join(outer, "secret.txt"), "secret");
  const folder = path.join(outer, "page");
  await mkdir(path.join(folder, "assets"), { recursive: true });
  await writeFile(path.join(folder, "index.html"), "<!doctype html>");
  await writeFile(path.join(folder, "assets", "index-DrPz3lc8.js"), SCRIPT);
  const files = new WebFiles(folder);
  app = new Hono<AppEnv>();
  app.get("/page/*", (c) => files.serve(c, c.req.path.slice("/page/".length)));
  app.onError((error, c) => c.text(error.message, 404));
});
afterEach(() => rm(outer, { recursive: true, force: true }));

const get = (url: string, headers: Record<string, string> = {}) => app.request(url, { headers });

describe("the files of a page", () => {
  it("come with the policy that confines the page", async () => {
    const { headers } = await get("/page/");
    const policy = headers.get("content-security-policy")!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("unsafe");
    expect(policy).not.toMatch(/data:|blob:|\*/);
    expect(Object.fromEntries(headers)).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "permissions-policy": expect.stringContaining("microphone=(self)"),
    });
  });

  it("are kept for ever where their name has a hash, and asked for again where not", async () => {
    expect((await get("/page/assets/index-DrPz3lc8.js")).headers.get("cache-control")).toContain("immutable");
    const page = await get("/page/");
    expect(page.headers.get("cache-control")).toBe("no-cache");
    const etag = page.headers.get("etag")!;
    const again = await get("/page/", { "if-none-match": `"other", W/${etag}` });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    expect((await get("/page/", { "if-none-match": '"other"' })).status).toBe(200);
  });

  it("are compressed for those who take it", async () => {
    const url = "/page/assets/index-DrPz3lc8.js";
    const plain = await get(url, { "accept-encoding": "br, gzip;q=0" });
    expect(plain.headers.get("content-encoding")).toBeNull();
    expect(await plain.text()).toBe(SCRIPT);
    const small = await get(url, { "accept-encoding": "br, gzip" });
    expect(small.headers.get("content-encoding")).toBe("gzip");
    expect(Number(small.headers.get("content-length"))).toBeLessThan(SCRIPT.length / 10);
  });

  it.each([
    "../secret.txt",
    "..%2fsecret.txt",
    "%2e%2e/secret.txt",
    "assets/../../secret.txt",
    "assets",
    "..\\secret.txt",
    "/etc/passwd",
    "index.html%00",
  ])("do not include %s", async (name) => {
    const response = await get(`/page/${name}`);
    expect(response.status).toBe(404);
    expect(await response.text()).not.toContain("secret\n");
  });

  it("that are not built yet are named as such, and served once they are", async () => {
    const folder = path.join(outer, "later");
    const files = new WebFiles(folder);
    app.get("/later", (c) => files.serve(c, ""));
    expect(await (await get("/later")).text()).toContain("npm run build");
    await mkdir(folder);
    await writeFile(path.join(folder, "index.html"), "here");
    expect(await (await get("/later")).text()).toBe("here");
  });
});
