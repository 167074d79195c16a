import { Metrics } from "../../src/observability/metrics.js";
import { serverLoad } from "../../src/observability/server-load.js";

/** Metrics of a server that does nothing. */
export function idleMetrics(): Metrics {
  const idle = {
    readiness: { ready: true },
    sessions: 0,
    speaking: 0,
    liveSpeakers: 0,
    maxSessions: 0,
    scheduler: undefined,
  };
  return new Metrics({ load: () => serverLoad(idle), engineMemory: async () => ({}), gpus: () => [] });
}
