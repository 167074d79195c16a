import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { SttError } from "@stt/core";
import { beforeEach, describe, expect, it } from "vitest";
import type { DownloadProgress } from "../../src/models/download.js";
import { memoryLog } from "../engines/support.js";
import { catalog, content, cut, ETAG, mirror, modelFolder, pull, serve, sha256, withoutProxies } from "./support.js";

let directory: string;
let log: ReturnType<typeof memoryLog>;
beforeEach(() => {
  withoutProxies();
  directory = modelFolder();
  log = memoryLog();
});

const half = Math.floor(content.length / 2);
const target = () => path.join(directory, "ggml-tiny.bin");
/** Compared as a whole: a difference of two models is nothing to print. */
const isWhole = () => readFileSync(target()).equals(content);
const left = () => readdirSync(directory).sort();
const failure = (promise: Promise<unknown>): Promise<SttError> =>
  promise.then(
    () => Promise.reject(new Error("it did not fail")),
    (error) => (error instanceof SttError ? error : Promise.reject(error)),
  );

describe("fetching a model", () => {
  it("puts the checked file into the folder and leaves nothing else", async () => {
    const progress: DownloadProgress[] = [];
    const server = await mirror(serve);
    const file = await pull(server, directory, log, { onProgress: (one) => progress.push(one) });
    expect(file).toBe(target());
    expect(isWhole()).toBe(true);
    expect(left()).toEqual(["ggml-tiny.bin"]);
    expect(server.requests.map(({ url }) => url)).toEqual(["/ggml-tiny.bin"]);
    expect(progress[0]).toMatchObject({
      name: "tiny",
      state: "downloading",
      receivedBytes: 0,
      totalBytes: content.length,
    });
    expect(progress.at(-1)).toMatchObject({ state: "checking", receivedBytes: content.length });
  });

  it("asks nobody when the model is there", async () => {
    writeFileSync(target(), "there");
    const server = await mirror(serve);
    await pull(server, directory, log);
    expect(server.requests).toEqual([]);
  });

  it("goes on where a connection broke, as often as it breaks", async () => {
    const server = await mirror((request, response, count) =>
      count <= 3 ? cut(request, response, { bytes: 20_000, directory }) : serve(request, response),
    );
    await pull(server, directory, log);
    expect(isWhole()).toBe(true);
    expect(server.requests.map(({ headers }) => headers.range)).toEqual([
      undefined,
      "bytes=20000-",
      "bytes=40000-",
      "bytes=60000-",
    ]);
    expect(server.requests[1]!.headers["if-range"]).toBe(ETAG);
  });

  it("goes on after silence", async () => {
    const server = await mirror((request, response, count) => {
      if (count > 1) return serve(request, response);
      response.writeHead(200, { etag: ETAG, "content-length": content.length });
      response.write(content.subarray(0, half));
    });
    await pull(server, directory, log, { stallTimeoutMs: 100 });
    expect(isWhole()).toBe(true);
    expect(server.requests[1]!.headers.range).toBe(`bytes=${half}-`);
    expect(log.entries[0]!.message).toMatch(/was silent for 0.1 s/);
  });

  it("goes on from what an earlier process left", async () => {
    const broken = await mirror((request, response) => cut(request, response, { bytes: half, directory }));
    const stop = new AbortController();
    const onProgress = ({ receivedBytes }: DownloadProgress) => receivedBytes >= half && stop.abort();
    expect(await failure(pull(broken, directory, log, { signal: stop.signal, onProgress }))).toMatchObject({
      code: "aborted",
    });
    expect(left()).toEqual(["ggml-tiny.bin.part", "ggml-tiny.bin.part.json"]);
    const json = path.join(directory, "ggml-tiny.bin.part.json");
    const server = await mirror(serve);
    writeFileSync(json, readFileSync(json, "utf8").replace(broken.url, server.url));
    await pull(server, directory, log);
    expect(server.requests[0]!.headers.range).toBe(`bytes=${half}-`);
    expect(left()).toEqual(["ggml-tiny.bin"]);
  });

  it("starts anew where the server knows no ranges", async () => {
    const server = await mirror((request, response, count) => {
      if (count === 1) return cut(request, response, { bytes: half, directory });
      delete request.headers.range;
      serve(request, response);
    });
    await pull(server, directory, log);
    expect(isWhole()).toBe(true);
    expect(server.requests).toHaveLength(2);
  });

  it("starts anew when the file has changed between two attempts", async () => {
    const server = await mirror((request, response, count) => {
      if (count > 1) return serve(request, response, { etag: '"v2"' });
      cut(request, response, { bytes: half, directory, body: Buffer.alloc(content.length, 7) });
    });
    await pull(server, directory, log);
    expect(isWhole()).toBe(true);
  });

  it("fetches once more what came damaged, and gives up with both checksums when it is damaged again", async () => {
    const damaged = Buffer.from(content);
    damaged[half]! ^= 1;
    const server = await mirror((request, response, count) =>
      serve(request, response, { body: count === 1 ? damaged : content }),
    );
    await pull(server, directory, log);
    expect(server.requests).toHaveLength(2);

    directory = modelFolder();
    const bad = await mirror((request, response) => serve(request, response, { body: damaged }));
    const error = await failure(pull(bad, directory, log));
    expect(error).toMatchObject({ code: "bad_model" });
    expect(error.message).toContain(catalog[0]!.sha1);
    expect(existsSync(target())).toBe(false);
  });

  it("follows redirects and keeps the checksum that Hugging Face states on the way", async () => {
    const server = await mirror((request, response) => {
      if (request.url === "/elsewhere?secret=1") return serve(request, response);
      if (request.url?.endsWith(".sha256")) return void response.writeHead(404).end();
      response.writeHead(302, { location: "/elsewhere?secret=1", "x-linked-etag": `"${sha256}"` }).end();
    });
    await pull(server, directory, log, { catalog: [{ name: "tiny" }] });
    expect(readFileSync(`${target()}.sha256`, "utf8")).toBe(`${sha256}  ggml-tiny.bin\n`);
    expect(log.entries).toEqual([]);
  });

  it("refuses redirects without end and to other protocols", async () => {
    const loop = await mirror((_, response) => void response.writeHead(302, { location: "/again" }).end());
    expect((await failure(pull(loop, directory, log))).message).toMatch(/redirects more than 5 times/);
    expect(loop.requests).toHaveLength(6);
    const file = await mirror((_, response) => void response.writeHead(302, { location: "file:///etc/passwd" }).end());
    expect((await failure(pull(file, directory, log))).message).toMatch(/an address that is not followed/);
  });

  it.each([
    [404, "model_not_found", 1],
    [403, "forbidden", 1],
    [429, "rate_limited", 3],
    [500, "connection_failed", 3],
  ])("answers HTTP %i with %s after %i requests", async (status, code, requests) => {
    const server = await mirror((_, response) => void response.writeHead(status).end("no"));
    expect(await failure(pull(server, directory, log, { attempts: 3 }))).toMatchObject({ code });
    expect(server.requests).toHaveLength(requests);
    expect(existsSync(target())).toBe(false);
  });

  it("waits as long as a busy server asks", async () => {
    const server = await mirror((request, response, count) =>
      count === 1 ? void response.writeHead(429, { "retry-after": "1" }).end() : serve(request, response),
    );
    const startedAt = performance.now();
    await pull(server, directory, log);
    expect(performance.now() - startedAt).toBeGreaterThan(950);
  });

  it("tells a web page from a model, by its type or else by its content", async () => {
    const page = await mirror(
      (_, response) =>
        void response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end("<html>login</html>"),
    );
    expect((await failure(pull(page, directory, log))).message).toMatch(/a web page instead of a model/);
    const quiet = await mirror((request, response) => {
      if (request.url?.endsWith(".sha256")) return void response.writeHead(404).end();
      response.writeHead(200).end(`<html>${"login ".repeat(5000)}</html>`);
    });
    const error = await failure(pull(quiet, directory, log, { catalog: [{ name: "tiny" }] }));
    expect(error).toMatchObject({ code: "bad_model" });
    expect(error.message).toMatch(/a web page/);
    expect(existsSync(target())).toBe(false);
  });

  it("refuses a file that is larger than the model can be, whatever the server says its length is", async () => {
    const small = [{ ...catalog[0]!, approximateBytes: 1 }];
    const endless = await mirror((_, response) => {
      response.writeHead(200);
      const more = (): void =>
        void (response.destroyed || response.write(Buffer.alloc(65_536), () => setImmediate(more)));
      more();
    });
    expect((await failure(pull(endless, directory, log, { catalog: small }))).message).toMatch(
      /larger than the model tiny/,
    );
    const big = await mirror((_, response) => void response.writeHead(200, { "content-length": 2 ** 31 }).write("x"));
    expect((await failure(pull(big, directory, log, { catalog: small }))).message).toMatch(
      /larger than the model tiny/,
    );
  });

  it("asks for room before it begins", async () => {
    const server = await mirror(serve);
    const error = await failure(pull(server, directory, log, { freeBytes: async () => 1_000_000 }));
    expect(error).toMatchObject({ code: "io_error" });
    expect(error.message).toMatch(/are free: make room, or set MODEL_DIR/);
  });

  it("says which folder cannot be written", async () => {
    const server = await mirror(serve);
    const file = path.join(directory, "file");
    writeFileSync(file, "");
    const error = await failure(pull(server, path.join(file, "models"), log));
    expect(error).toMatchObject({ code: "io_error" });
    expect(error.message).toContain(file);
  });

  it("gives up when nobody answers", async () => {
    const server = await mirror(() => {});
    const error = await failure(pull(server, directory, log, { connectTimeoutMs: 50, attempts: 2 }));
    expect(error).toMatchObject({ code: "timeout" });
    expect(server.requests).toHaveLength(2);
  });
});

describe("a model of one's own", () => {
  it("is compared with the checksum that lies beside it", async () => {
    const server = await mirror((request, response) =>
      request.url === "/ggml-ours.bin.sha256"
        ? void response.end(`${sha256}  ggml-ours.bin\n`)
        : serve(request, response),
    );
    await pull(server, directory, log, { name: "ours" });
    expect(left()).toEqual(["ggml-ours.bin", "ggml-ours.bin.sha256"]);

    directory = modelFolder();
    const wrong = await mirror((request, response) =>
      request.url?.endsWith(".sha256") ? void response.end(`${"0".repeat(64)}  x\n`) : serve(request, response),
    );
    expect((await failure(pull(wrong, directory, log, { name: "ours" }))).message).toMatch(/instead of 0000/);
  });

  it("is taken with a warning where there is no checksum", async () => {
    const server = await mirror((request, response) =>
      request.url?.endsWith(".sha256") ? void response.writeHead(404).end() : serve(request, response),
    );
    await pull(server, directory, log, { name: "ours" });
    expect(log.entries.map(({ message }) => message)).toEqual([
      expect.stringMatching(/only its structure was checked/),
    ]);
  });

  it("is not resumed when nothing can tell that the rest belongs to it", async () => {
    const server = await mirror((request, response, count) => {
      if (request.url?.endsWith(".sha256")) return void response.writeHead(404).end();
      if (count > 2) return serve(request, response, { etag: "W/weak" });
      cut(request, response, { bytes: half, directory, headers: {} });
    });
    await pull(server, directory, log, { name: "ours" });
    expect(server.requests.map(({ headers }) => headers.range)).toEqual([undefined, undefined, undefined]);
  });
});
