import { createMiddleware } from "hono/factory";
import type { Access, Scope } from "../security/access.js";
import type { AppEnv } from "./app-context.js";

/** Lets a request through to its route when its caller has the scope; the route finds the caller in `c.var.principal`. */
export function requireScope(access: Access, scope: Scope) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const { headers, socket } = c.env.incoming;
    c.set("principal", await access.authorize({ headers, address: socket.remoteAddress ?? "" }, scope));
    await next();
  });
}
