/** How long from starting the process until sessions are served, and what memory it then has. */
import { median, round } from "./lib/stats.mjs";
import { startSttServer } from "./lib/stt-server.mjs";

export async function run({ quick }) {
  const runs = [];
  for (let i = 0; i < (quick ? 2 : 9); i++) {
    const server = await startSttServer();
    runs.push({ readyMs: server.readyMs, server: server.rss() / 2 ** 20, inference: server.workerRss() / 2 ** 20 });
    await server.close();
  }
  const of = (key) => runs.map((each) => each[key]);
  const row = (name, key) => [name, round(median(of(key))), round(Math.min(...of(key))), round(Math.max(...of(key)))];
  return {
    title: "Start-up",
    tables: [
      {
        columns: ["", "median", "least", "most"],
        rows: [
          row("process start to ready, ms", "readyMs"),
          row("memory of the server process, MiB", "server"),
          row("memory of the inference process, MiB", "inference"),
        ],
      },
    ],
    notes: [
      `${runs.length} starts with the built-in model, files in the page cache. Memory is resident size when ready.`,
    ],
  };
}
