import { type Clock, isSttError } from "@stt/core";
import type { Log } from "../observability/log.js";
import type { Access } from "./access.js";
import { RateLimit } from "./rate-limit.js";
import type { TrustedProxies } from "./trusted-proxies.js";

/** A stranger who tries again and again must not fill the log. */
const LINES_PER_SECOND = 1;
const LINES_AT_ONCE = 20;

/** Logs whom an access rejects, and why; never the credentials. */
export function loggedAccess(access: Access, log: Log, clock: Clock, proxies: TrustedProxies): Access {
  const logged = new RateLimit(clock, LINES_PER_SECOND, LINES_AT_ONCE);
  return {
    async authorize(credentials, scope) {
      try {
        return await access.authorize(credentials, scope);
      } catch (error) {
        if (isSttError(error) && logged.take() === 0) {
          const address = proxies.clientOf(credentials.address, credentials.headers);
          log.info({ address, scope, code: error.code }, `refused: ${error.message}`);
        }
        throw error;
      }
    },
    holds: (principal) => access.holds(principal),
    onChange: (listener) => access.onChange(listener),
  };
}
