/** Loaded into the measured server (`--import`) to answer what only the process itself knows. It costs nothing until asked. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { isMainThread } from "node:worker_threads";

if (isMainThread && process.env.BENCH_PROBE) {
  // Inference processes and threads inherit the environment; this file is not for them.
  delete process.env.NODE_OPTIONS;
  delete process.env.BENCH_PROBE;
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  process.on("message", () => {
    collect();
    // Buffers are given back a moment after the collection that found them unused.
    setTimeout(() => {
      collect();
      process.send(process.memoryUsage());
    }, 100);
  });
  // Listening to the channel must not keep a server alive that has ended.
  process.channel.unref();
}
