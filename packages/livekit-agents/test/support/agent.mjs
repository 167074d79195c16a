/**
 * An agent's program as its author writes it, started in a folder with @livekit/agents. It does the steps that its argument lists and
 * prints what its stream hears, an event a line.
 */
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { initializeLogger, stt as livekit } from "@livekit/agents";
import { AudioFrame } from "@livekit/rtc-node";
import { STT } from "@stt/livekit-agents";

const { options, wav, sampleRate = 16_000, connOptions, steps = ["stream"], pace = 0 } = JSON.parse(process.argv[2]);
const print = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
initializeLogger({ pretty: false, level: "silent" });

/** 100 ms each, and silence behind; at another rate every sample is repeated or left out, which is enough for speech. */
function* framesOf(file) {
  const bytes = readFileSync(file).subarray(44);
  const samples = new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const step = 16_000 / sampleRate;
  const size = sampleRate / 10;
  for (let at = 0; at < (samples.length + 32_000) / step; at += size) {
    const frame = Int16Array.from({ length: size }, (_, i) => samples[Math.floor((at + i) * step)] ?? 0);
    yield new AudioFrame(frame, sampleRate, 1, size);
  }
}

const speech = new STT(options);
speech.on("error", ({ error, recoverable }) => {
  const { name, message, statusCode, retryable } = error;
  print({ error: { name, message, statusCode, retryable, recoverable } });
});
speech.on("metrics_collected", ({ audioDurationMs, streamed, metadata }) =>
  print({ metrics: { audioDurationMs, streamed, ...metadata } }),
);

if (steps.includes("recognize")) {
  try {
    print({ recognized: await speech.recognize([...framesOf(wav)]) });
  } catch ({ name, statusCode, retryable, message }) {
    print({ thrown: { name, statusCode, retryable, message } });
  }
}
if (steps.includes("stream")) {
  const stream = speech.stream(connOptions && { connOptions });
  const heard = (async () => {
    for await (const { type, ...event } of stream) print({ type: livekit.SpeechEventType[type], ...event });
  })();
  let pushed = 0;
  for (const frame of framesOf(wav)) {
    if (steps.includes("update") && pushed === 20)
      speech.updateOptions({ keyterms: ["Zwieback"], numerals: "figures" });
    stream.pushFrame(frame);
    pushed += 1;
    if (pace) await sleep(100 / pace);
  }
  if (steps.includes("flush")) {
    stream.flush();
    await sleep(3000);
  }
  stream.endInput();
  await heard;
  stream.close();
}
await speech.close();
// The resampler of rtc-node would keep the process.
process.stdout.write("", () => process.exit());
