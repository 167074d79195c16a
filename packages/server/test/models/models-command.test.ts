import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { microModel } from "../engines/support.js";
import { content, type Mirror, mirror, modelFolder, serve, sha256 } from "./support.js";

const program = fileURLToPath(new URL("../../bin/stt-server.js", import.meta.url));

interface Run {
  child: ChildProcess;
  done: Promise<{ code: number | null; stdout: string; stderr: string }>;
}

/** The real command of `dist` in a process of its own. */
function models(args: string[], directory: string, url = "http://127.0.0.1:9", more: Record<string, string> = {}): Run {
  const child = spawn(process.execPath, [program, "models", ...args], {
    cwd: directory,
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, HOME: directory, MODEL_DIR: directory, MODEL_BASE_URL: url, ...more },
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  let stdout = "";
  let stderr = "";
  child.stdout!.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr!.on("data", (chunk) => {
    stderr += chunk;
  });
  return { child, done: once(child, "close").then(([code]) => ({ code, stdout, stderr })) };
}

const sidecarOr = (rest: Parameters<typeof mirror>[0]) =>
  mirror((request, response, count) =>
    request.url?.endsWith(".sha256") ? void response.end(`${sha256}  ggml-ours.bin\n`) : rest(request, response, count),
  );
const requestsOf = ({ requests }: Mirror) => requests.filter(({ url }) => !url?.endsWith(".sha256"));
const partOf = (directory: string) => path.join(directory, "ggml-ours.bin.part");
const sizeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

describe("stt-server models", () => {
  it("fetches, lists, verifies and removes a model of one's own server", async () => {
    const directory = modelFolder();
    const server = await sidecarOr(serve);
    const pulled = await models(["pull", "ours"], directory, server.url).done;
    expect(pulled).toMatchObject({ code: 0, stdout: `${path.join(directory, "ggml-ours.bin")}\n` });
    expect(pulled.stderr).toMatch(/downloading ours, 0 %\n(.*\n)*checking ours\n/);
    const listed = JSON.parse((await models(["list", "--json"], directory).done).stdout);
    expect(listed).toMatchObject({ directory, installed: [{ name: "ours", bytes: content.length }] });
    expect(await models(["verify"], directory).done).toMatchObject({
      code: 0,
      stdout: `ok    ours: ${Math.round(content.length / 1e6)} MB, its SHA-256 is right\nok    base: 82 MB, its SHA-256 is right\n`,
    });
    expect(await models(["remove", "ours"], directory).done).toMatchObject({ code: 0 });
    expect(readdirSync(directory)).toEqual([]);
  });

  it("verify finds one flipped bit in the weights, and says what to do", async () => {
    const directory = modelFolder();
    copyFileSync(microModel, path.join(directory, "ggml-ours.bin"));
    const damaged = readFileSync(microModel);
    damaged[damaged.length - 100]! ^= 1;
    writeFileSync(path.join(directory, "ggml-ours.bin"), damaged);
    writeFileSync(path.join(directory, "ggml-ours.bin.sha256"), `${sha256}  ggml-ours.bin\n`);
    const { code, stdout } = await models(["verify", "ours"], directory).done;
    expect(code).toBe(1);
    expect(stdout).toMatch(/^FAIL {2}ours: .* run `stt-server models remove ours` and `stt-server models pull ours`/);
  });

  it.each([
    [["remove", "tiny"], 1, /The model tiny is not in .* `stt-server models pull tiny` fetches it/],
    [["remove", "../x"], 1, /is not a model name/],
    [["verify", "tiny"], 1, /1 of 1 models failed/],
    [["pull"], 2, /missing required argument/],
    [["frobnicate"], 2, /unknown command/],
  ])("models %j ends with %i and a remedy", async (args, code, message) => {
    const result = await models(args, modelFolder()).done;
    expect(result.code).toBe(code);
    expect(result.stderr).toMatch(message);
  });

  it("refuses what the collection does not have without asking anybody", async () => {
    const result = await models(
      ["pull", "small-q5_0"],
      modelFolder(),
      "https://huggingface.co/ggerganov/whisper.cpp/resolve/main",
    ).done;
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(/of small it has small, small-q5_1, small-q8_0/);
  });

  it("fetches the others when one cannot be had, and names it at the end", async () => {
    const directory = modelFolder();
    const server = await sidecarOr(serve);
    const result = await models(["pull", "no/such", "ours"], directory, server.url).done;
    expect(result.code).toBe(1);
    expect(result.stdout.trim()).toBe(path.join(directory, "ggml-ours.bin"));
    expect(result.stderr).toMatch(/1 of 2 models could not be fetched: no\/such\./);
  });

  it("goes on where a killed process left off, and takes over its lock", async () => {
    const directory = modelFolder();
    const server = await sidecarOr((request, response) => {
      if (requestsOf(server).length > 1) return serve(request, response);
      response.writeHead(200, { etag: '"v1"', "content-length": content.length });
      response.write(content.subarray(0, 30_000));
    });
    const first = models(["pull", "ours"], directory, server.url);
    await expect.poll(() => sizeOf(partOf(directory)), { timeout: 10_000 }).toBe(30_000);
    first.child.kill("SIGKILL");
    await first.done;
    expect(existsSync(path.join(directory, "ggml-ours.bin.lock"))).toBe(true);
    const second = await models(["pull", "ours"], directory, server.url).done;
    expect(second).toMatchObject({ code: 0 });
    expect(second.stderr).toMatch(/waiting for another process/);
    expect(requestsOf(server).map(({ headers }) => headers.range)).toEqual([undefined, "bytes=30000-"]);
    expect(readFileSync(path.join(directory, "ggml-ours.bin")).equals(content)).toBe(true);
  }, 30_000);

  it("keeps what has come on Ctrl+C and ends with 130", async () => {
    const directory = modelFolder();
    const server = await sidecarOr((_, response) => {
      response.writeHead(200, { etag: '"v1"', "content-length": content.length });
      response.write(content.subarray(0, 30_000));
    });
    const run = models(["pull", "ours"], directory, server.url);
    await expect.poll(() => sizeOf(partOf(directory)), { timeout: 10_000 }).toBe(30_000);
    run.child.kill("SIGINT");
    const { code, stderr } = await run.done;
    expect({ code, last: stderr.trim().split("\n").at(-1) }).toEqual({
      code: 130,
      last: "Stopped. What has come is kept; the same command goes on.",
    });
    expect(readdirSync(directory).sort()).toEqual(["ggml-ours.bin.part", "ggml-ours.bin.part.json"]);
  });

  it.runIf(process.platform === "linux")("says who cannot write to the model directory, and what to do", async () => {
    // Nobody may, not even root.
    const { code, stderr } = await models(["pull", "tiny"], modelFolder(), "http://127.0.0.1:9", { MODEL_DIR: "/sys" })
      .done;
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^The directory \/sys cannot be written by user \d+ \((EACCES|EPERM|EROFS)\): (mount|give) .+, or choose another one\.$/m,
    );
  });

  it("ends in peace when nobody reads its output any more", () => {
    const directory = modelFolder();
    const command = `set -o pipefail; "${process.execPath}" "${program}" models list | true`;
    const env = { PATH: process.env.PATH, HOME: directory, MODEL_DIR: directory };
    const { status, stderr } = spawnSync("bash", ["-c", command], { cwd: directory, encoding: "utf8", env });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  it("two processes fetch one model once", async () => {
    const directory = modelFolder();
    let second: Run | undefined;
    const server = await sidecarOr((request, response) => {
      second = models(["pull", "ours"], directory, server.url);
      let heard = "";
      second.child.stderr!.on("data", (chunk) => {
        heard += chunk;
        if (heard.includes("waiting for another process")) serve(request, response);
      });
    });
    const first = await models(["pull", "ours"], directory, server.url).done;
    expect([first.code, (await second!.done).code]).toEqual([0, 0]);
    expect(requestsOf(server)).toHaveLength(1);
  }, 20_000);
});
