import { copyFileSync, truncateSync } from "node:fs";
import path from "node:path";
import { createSttClient, fileSource } from "@stt/client-node";
import { describe, expect, it, onTestFinished } from "vitest";
import { microModel } from "../engines/support.js";
import { recording } from "../support/recordings.js";
import { createTestServer } from "../support/test-server.js";
import { modelFolder } from "./support.js";

async function serverWithModels() {
  const directory = modelFolder();
  for (const name of ["ours", "other"]) copyFileSync(microModel, path.join(directory, `ggml-${name}.bin`));
  const { server, url, http } = await createTestServer({ modelDir: directory, maxSessions: 20 });
  onTestFinished(() => server.close());
  const active = async (init?: RequestInit) => {
    const response = await fetch(`${http}/v1/models/active`, init);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const use = (choice: object) =>
    active({ method: "PUT", headers: { "content-type": "application/json" }, body: JSON.stringify(choice) });
  return { directory, url, http, active, use };
}

describe("switching models", () => {
  it("loses no final of sessions that stream meanwhile, stays ready, and names the new model to later sessions", async () => {
    const { url, http, use, active } = await serverWithModels();
    const file = recording("en_01").path;
    const expected = await say(url, file);
    let switched = false;
    const readiness: number[] = [];
    const watch = (async () => {
      while (!switched) readiness.push((await fetch(`${http}/readyz`)).status);
    })();
    const speakers = Array.from({ length: 3 }, async () => {
      const heard: string[] = [];
      // Over and over, so that some utterances begin before, some during and some after the switch.
      while (!switched || heard.length === 0) heard.push(await say(url, file));
      heard.push(await say(url, file));
      return heard;
    });
    expect(await use({ final: "ours" })).toEqual({ status: 200, body: { final: "ours", partial: "micro" } });
    expect(await use({ final: "other", partial: "other" })).toMatchObject({ status: 200 });
    switched = true;
    for (const heard of await Promise.all(speakers)) for (const text of heard) expect(text).toBe(expected);
    await watch;
    expect(new Set(readiness)).toEqual(new Set([200]));
    expect((await active()).body).toEqual({ final: "other", partial: "other" });
    const client = createSttClient({ url });
    onTestFinished(() => client.close());
    const opened = new Promise((resolve) => client.on("ready", resolve));
    await client.start();
    expect(await opened).toMatchObject({ model: "other", realtimeModel: "other" });
  }, 60_000);

  it("leaves the old model in use when the new one is not there, is damaged, or is not named", async () => {
    const { directory, use, active } = await serverWithModels();
    const broken = path.join(directory, "broken.bin");
    copyFileSync(microModel, broken);
    truncateSync(broken, 50_000);
    expect(await use({ final: "tiny" })).toMatchObject({ status: 404, body: { error: { code: "model_not_found" } } });
    expect(await use({ final: broken })).toMatchObject({ body: { error: { code: "bad_model" } } });
    expect(await use({})).toMatchObject({ status: 400 });
    expect(await use({ final: "ours", partial: "tiny" })).toMatchObject({ status: 404 });
    expect((await active()).body).toEqual({ final: "micro", partial: "micro" });
  });

  it("tells operators what a restart would forget, as the variables that keep it", async () => {
    const { http, use } = await serverWithModels();
    const lost = async () => {
      const { body } = await fetch(`${http}/v1/admin/events`);
      let text = "";
      for await (const chunk of body!.pipeThrough(new TextDecoderStream())) {
        text += chunk;
        const status = /event: status\ndata: (.*)\n\n/.exec(text)?.[1];
        if (status) return (JSON.parse(status) as { lostAtRestart: unknown }).lostAtRestart;
      }
      return undefined;
    };
    expect(await lost()).toEqual([]);
    await use({ final: "ours", partial: "micro" });
    expect(await lost()).toEqual([{ variable: "WHISPER_MODEL", value: "ours" }]);
    await use({ partial: "other" });
    expect(await lost()).toEqual([
      { variable: "WHISPER_MODEL", value: "ours" },
      { variable: "REALTIME_MODEL_TYPE", value: "other" },
    ]);
    await use({ final: "micro" });
    expect(await lost()).toEqual([{ variable: "REALTIME_MODEL_TYPE", value: "other" }]);
  });

  it("carries out wishes at the same time one after the other", async () => {
    const { use, active } = await serverWithModels();
    await Promise.all([use({ final: "ours" }), use({ final: "other" }), use({ final: "micro" })]);
    expect((await active()).body).toEqual({ final: "micro", partial: "micro" });
  });
});

async function say(url: string, file: string): Promise<string> {
  const client = createSttClient({ url, language: "en" });
  try {
    return await client.transcribe(await fileSource(file), { pace: 0 });
  } finally {
    await client.close();
  }
}
