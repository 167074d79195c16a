import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer as createHttp, get } from "node:http";
import net, { type AddressInfo } from "node:net";
import path from "node:path";
import { parseEnv } from "node:util";
import type { SttError } from "@stt/core";
import { createConfig, loadConfig } from "@stt/core/config";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { type Machine, modelToFetch, suitableModels } from "../../src/models/choose-model.js";
import * as embedded from "../../src/models/embedded-model.js";
import { ensureModels, ensureRealtimeModel } from "../../src/models/ensure-models.js";
import { memoryLog, microModel } from "../engines/support.js";
import { createTestServer } from "../support/test-server.js";
import { content, mirror, modelFolder, pull, serve, sha256, withoutProxies } from "./support.js";

const GIB = 2 ** 30;
const laptop: Machine = { device: "cpu", freeBytes: 8 * GIB, cores: 2 };

let directory: string;
let log: ReturnType<typeof memoryLog>;
beforeEach(() => {
  withoutProxies();
  directory = modelFolder();
  log = memoryLog();
});

const install = (name: string) => copyFileSync(microModel, path.join(directory, `ggml-${name}.bin`));
const provide = (settings: Parameters<typeof createConfig>[0], machine = laptop) =>
  ensureModels(createConfig({ modelDir: directory, modelBaseUrl: "http://127.0.0.1:9", ...settings }), {
    machine,
    log,
  });
const told = () => log.entries.map(({ message }) => message).join("\n");

describe("auto", () => {
  it.each([
    [{ device: "cuda", freeBytes: 20 * GIB, cores: 1 }, "large-v3", "large-v3-turbo"],
    [{ device: "cuda", freeBytes: 2 * GIB, cores: 1 }, "small", "small"],
    [{ device: "cpu", freeBytes: 8 * GIB, cores: 2 }, "base", "base"],
    [{ device: "cpu", freeBytes: 8 * GIB, cores: 8 }, "small", "small"],
    [{ device: "cpu", freeBytes: 0.1 * GIB, cores: 8 }, undefined, undefined],
  ] as const)("on %j uses %s at best and fetches %s", (machine, best, fetched) => {
    expect([suitableModels(machine)[0], modelToFetch(machine)]).toEqual([best, fetched]);
  });

  it("takes the best on disk that the machine carries, and says why in one line", async () => {
    for (const name of ["medium", "base", "tiny"]) install(name);
    const { final, partial } = await provide({});
    expect([final.name, partial.name]).toEqual(["base", "tiny"]);
    expect(told()).toBe("WHISPER_MODEL=auto: base, the best on disk for 2 CPU cores and 8.6 GB of free memory.");
  });

  it("is the model that comes with the server where nothing else suits, said in one friendly line; nobody is asked", async () => {
    install("large-v3");
    const server = await mirror(serve);
    const { final, partial } = await provide({ modelBaseUrl: server.url });
    expect(final).toEqual({ name: "base", path: embedded.embeddedModel()!.path });
    expect(partial).toEqual(final);
    expect(told()).toBe("WHISPER_MODEL=auto: Whisper base, which comes with the server: no download is needed.");
    expect(server.requests).toEqual([]);
  });

  it("uses the model that comes with the server for the live text of a larger one", async () => {
    writeFileSync(path.join(directory, "large-enough.bin"), Buffer.alloc(2 ** 27));
    const { final, partial } = await provide({ whisperModel: path.join(directory, "large-enough.bin") });
    expect([final.name, partial.name]).toEqual(["large-enough", "base"]);
  });

  it("is the smallest at hand, with a warning, on a machine that is too small for all", async () => {
    const { final } = await provide({}, { device: "cpu", freeBytes: 0.1 * GIB, cores: 1 });
    expect(final.name).toBe("base");
    expect(told()).toMatch(/though it is large for 1 CPU core .*models pull tiny/);
  });
});

describe("auto without the model that comes with the server", () => {
  beforeEach(() => {
    vi.spyOn(embedded, "embeddedModel").mockReturnValue(undefined);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });
  const failure = { code: "model_not_found", message: expect.stringMatching(/without @stt\/model-whisper-base/) };

  it("takes what there is, with a warning, when only a larger one is on disk", async () => {
    install("large-v3");
    expect((await provide({})).final.name).toBe("large-v3");
    expect(told()).toMatch(/though it is large for 2 CPU cores.*models pull base/);
  });

  it("fetches one that suits", async () => {
    const server = await mirror((request, response) => {
      if (request.url?.endsWith(".sha256")) return void response.end(`${sha256}\n`);
      serve(request, response);
    });
    const provided = provide({ modelBaseUrl: server.url });
    // The test's file is not the collection's: what matters is that base was asked for and that its checksum was compared.
    await expect(provided).rejects.toMatchObject(failure);
    expect(server.requests.map(({ url }) => url)).toContain("/ggml-base.bin");
    expect(told()).toMatch(/fetching base, which suits 2 CPU cores/);
  });

  it("says at once what to do where there is no network, and remembers", async () => {
    await expect(provide({})).rejects.toMatchObject(failure);
    expect(told()).toMatch(/base would suit .* but .* cannot be reached/);
    expect(existsSync(path.join(directory, ".unreachable"))).toBe(true);
    const server = await mirror(serve);
    await expect(provide({ modelBaseUrl: server.url })).rejects.toMatchObject(failure);
    expect(server.requests).toEqual([]);
  });

  it("waits no longer than a moment for a network that swallows everything", async () => {
    const silent = await mirror(() => {});
    const startedAt = performance.now();
    await expect(provide({ modelBaseUrl: silent.url })).rejects.toMatchObject(failure);
    expect(performance.now() - startedAt).toBeLessThan(4000);
  });

  it("asks nobody when downloads are off", async () => {
    const server = await mirror(serve);
    await expect(provide({ modelBaseUrl: server.url, modelDownload: false })).rejects.toMatchObject(failure);
    expect(server.requests).toEqual([]);
  });

  it("has no model for live text beside a remote engine", async () => {
    const config = createConfig({ modelDir: directory, modelDownload: false });
    expect(await ensureRealtimeModel(config, { machine: laptop, log })).toBeUndefined();
  });
});

describe("a model by name", () => {
  const failure = (promise: Promise<unknown>) =>
    promise.then(
      () => undefined,
      (error: SttError) => error,
    );

  it("is the one that comes with the server, unless the model folder has it", async () => {
    const shipped = await provide({ whisperModel: "base", modelDownload: false });
    expect(shipped.final.path).toBe(embedded.embeddedModel()!.path);
    install("base");
    const own = await provide({ whisperModel: "base", modelDownload: false });
    expect(own.final.path).toBe(path.join(directory, "ggml-base.bin"));
  });

  it("that is not to be had fails with the variable and the remedy, whatever there is instead", async () => {
    install("tiny");
    const server = await mirror((_, response) => void response.writeHead(404).end());
    const error = await failure(provide({ whisperModel: "medium", modelBaseUrl: server.url }));
    expect(error).toMatchObject({ code: "model_not_found" });
    expect(error!.message).toMatch(/^WHISPER_MODEL=medium: .* Without a network put ggml-medium\.bin there/);
  });

  it("is looked for on disk only when downloads are off", async () => {
    const error = await failure(provide({ whisperModel: "medium", modelDownload: false }));
    expect(error!.message).toMatch(/the model is not at .*ggml-medium\.bin\. Run `stt-server models pull medium`/);
  });

  it("is not fetched for live text that is off", async () => {
    const { final, partial } = await provide({
      whisperModel: "micro",
      realtimeModelType: "tiny",
      enableRealtimeTranscription: false,
    });
    expect(partial).toBe(final);
  });
});

describe("a server whose model is not there yet", () => {
  it("fetches it while /readyz says how far that is, and then serves with it", async () => {
    let send!: () => void;
    const server = await mirror((request, response) => {
      if (request.url?.endsWith(".sha256")) return void response.end(`${sha256}\n`);
      response.writeHead(200, { "content-length": content.length });
      response.write(content.subarray(0, content.length / 2));
      send = () => response.end(content.subarray(content.length / 2));
    });
    const port = await freePort();
    const starting = createTestServer({
      modelDir: directory,
      modelBaseUrl: server.url,
      whisperModel: "small-q5_1",
      controlPort: port,
      dataPort: port,
    });
    const readyz = async () => {
      const response = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
      return response && { status: response.status, body: await response.text() };
    };
    await expect
      .poll(readyz, { timeout: 10_000 })
      .toMatchObject({ status: 503, body: expect.stringContaining("downloading small-q5_1, 50 %") });
    send();
    const { server: running } = await starting;
    onTestFinished(() => running.close());
    expect(running.diagnostics().final.model).toBe("small-q5_1");
    expect((await readyz())!.status).toBe(200);
  }, 30_000);
});

describe("a proxy", () => {
  it("is used where HTTP_PROXY says so, and not for the hosts of NO_PROXY", async () => {
    const server = await mirror(serve);
    const asked: string[] = [];
    const proxy = createHttp((request, response) => {
      asked.push(request.url!);
      const { pathname } = new URL(request.url!);
      const upstream = get(`${server.url}${pathname}`, { headers: request.headers }, (answer) => {
        response.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(response);
      });
      upstream.on("error", () => response.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void proxy.close());
    const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    vi.stubEnv("HTTP_PROXY", address);
    // A name that only the proxy can reach.
    await pull({ ...server, url: "http://models.invalid" }, directory, log);
    expect(new Set(asked.map((url) => new URL(url).host))).toEqual(new Set(["models.invalid"]));
    const before = asked.length;
    vi.stubEnv("NO_PROXY", "127.0.0.1");
    await pull(server, modelFolder(), log);
    expect(asked).toHaveLength(before);
  });
});

describe("the ready-made profiles", () => {
  it.each(["fastest", "best", "cpu"])("%s loads", (name) => {
    const file = new URL(`../../../../docker/profiles/${name}.env`, import.meta.url);
    const { config, warnings } = loadConfig({}, parseEnv(readFileSync(file, "utf8")));
    expect(warnings).toEqual([]);
    expect(config.whisperModel).not.toBe("auto");
  });
});

async function freePort(): Promise<number> {
  const probe = net.createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
