/**
 * The thread that runs the model: `session.run` of onnxruntime-node is a synchronous native call behind a promise, and takes about
 * 0.1 s. One question at a time.
 */
import { readFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "@stt/core";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { FRAMES, LogMel, MEL_BANDS } from "./log-mel.js";
import type { TurnReply, TurnRequest } from "./turn-thread.js";

const port = parentPort!;
const reply = (message: TurnReply) => port.postMessage(message);

try {
  const session = await InferenceSession.create(readFileSync(workerData as string), {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: "sequential",
    logSeverityLevel: 3,
    // The weights become float32 when they are loaded; see the model's package for why.
    extra: { session: { disable_quant_qdq: "1" } },
  });
  const [input, output] = [session.inputNames[0]!, session.outputNames[0]!];
  const mel = new LogMel();
  const ask = async (audio: Float32Array) => {
    const features = new Tensor("float32", mel.compute(audio), [1, MEL_BANDS, FRAMES]);
    const answers = await session.run({ [input]: features });
    // It is called logits and is a probability: the graph ends in a sigmoid.
    return (answers[output]!.data as Float32Array)[0]!;
  };
  // The first run of a session is slower than all that follow.
  await ask(new Float32Array(0));
  port.on("message", async (request: TurnRequest) => {
    if (request === "end") {
      await session.release();
      port.close();
      return;
    }
    try {
      reply({ kind: "answer", probability: await ask(request) });
    } catch (error) {
      reply({ kind: "failed", message: messageOf(error) });
    }
  });
  reply({ kind: "ready" });
} catch (error) {
  reply({ kind: "failed", message: messageOf(error) });
}
