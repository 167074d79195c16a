import type { ServerInfo, SttClientOptions } from "@stt/core";
import { createSttClient } from "../client.js";

/** A server as a session sees it. */
export interface Meeting {
  server: ServerInfo;
  /** Round trips, milliseconds. */
  latenciesMs: number[];
}

const TIMEOUT_MS = 5000;
/** The client sends a ping at the start and then after each of these. */
const PING_INTERVAL_MS = 1000;

/**
 * Opens a session without audio, waits for some pongs, and leaves. It needs a free place on the server for that time.
 *
 * @param pings how many round trips to measure
 * @throws SttError as `SttClient.start` does
 */
export async function meetServer(options: SttClientOptions, pings: number): Promise<Meeting> {
  const client = createSttClient({
    ...options,
    connectTimeoutMs: TIMEOUT_MS,
    pingIntervalMs: PING_INTERVAL_MS,
    pongTimeoutMs: PING_INTERVAL_MS,
    reconnect: { enabled: false },
  });
  const latenciesMs: number[] = [];
  try {
    const measured = new Promise<void>((resolve) => {
      client.on("latency", ({ latencyMs }) => {
        latenciesMs.push(latencyMs);
        if (latenciesMs.length === pings) resolve();
      });
      client.on("status", ({ status }) => {
        if (status === "failed") resolve();
      });
    });
    await client.start();
    await measured;
    const { server, error } = client.getSnapshot();
    if (error) throw error;
    return { server: server!, latenciesMs };
  } finally {
    await client.close();
  }
}
