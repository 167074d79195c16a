// A parent that starts an inference process, gives it two minutes of audio and waits to be killed.
import { fork } from "node:child_process";

const [worker, modelPath] = process.argv.slice(2);
const child = fork(worker, [], { serialization: "advanced" });
child.send({ kind: "open", options: { modelPath, modelName: "micro", device: "cpu" } });
child.on("message", (reply) => {
  if (reply.kind !== "ready") return;
  const audio = Float32Array.from({ length: 120 * 16_000 }, (_, i) => Math.sin(i / 10));
  child.send({ kind: "transcribe", id: 1, audio, options: { language: "en" } }, () => process.send(child.pid));
});
