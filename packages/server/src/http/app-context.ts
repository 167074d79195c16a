/** What the routes work with. */
import type { HttpBindings } from "@hono/node-server";
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Config } from "@stt/core/config";
import type { Operations } from "../admin/operations.js";
import type { JobSlots } from "../jobs/job-slots.js";
import type { Log } from "../observability/log.js";
import type { Metrics } from "../observability/metrics.js";
import type { Readiness } from "../observability/readiness.js";
import type { Sampler } from "../observability/sampler.js";
import type { ServerLoad } from "../observability/server-load.js";
import type { Access, Principal } from "../security/access.js";
import type { KeyManager } from "../security/key-manager.js";
import type { OriginPolicy } from "../security/origin-policy.js";
import type { TokenSigner } from "../security/token-signer.js";
import type { SessionHost } from "../session/session-host.js";
import type { FailureWriter } from "./problem.js";

/** What the HTTP routes need of the server. */
export interface AppContext {
  config: Config;
  access: Access;
  /** Undefined where something else than keys decides who comes in. */
  keyManager: KeyManager | undefined;
  origins: OriginPolicy;
  tokens: TokenSigner;
  host: SessionHost;
  /** What routes of the scope `admin` may do. */
  operations: Operations;
  jobs: JobSlots;
  readiness: Readiness;
  metrics: Metrics;
  sampler: Sampler;
  /** Whether its history will be there after a restart. */
  keepsHistory(): boolean;
  /** Aborted when the server closes: streams without an end of their own end then. */
  closing: AbortSignal;
  load(): ServerLoad;
  log: Log;
}

/**
 * `requestId` names every request; `principal` is set where a route is behind `requireScope`, `writeFailure` where a wire has
 * a form of its own for failures.
 */
export type AppEnv = {
  Bindings: HttpBindings;
  Variables: { principal: Principal; requestId: string; writeFailure?: FailureWriter };
};
export type App = OpenAPIHono<AppEnv>;
