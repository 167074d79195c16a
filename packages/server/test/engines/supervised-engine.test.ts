import { beforeAll, describe, expect, it } from "vitest";
import { SupervisedEngine } from "../../src/engines/whisper/supervised-engine.js";
import { ensureWorker, folded, memoryLog, microModel, sample } from "./support.js";

describe("SupervisedEngine", () => {
  beforeAll(ensureWorker, 60_000);

  it("transcribes in another process", async () => {
    const log = memoryLog();
    const engine = await SupervisedEngine.open({ modelPath: microModel, modelName: "micro", device: "cpu", log });
    const { audio, text } = sample("ru_01");
    const result = await engine.transcribe(audio, { language: "ru" });
    expect(folded(result.text)).toBe(folded(text));
    expect(engine.workerPid).not.toBe(process.pid);
    await engine.close();
  });
});
