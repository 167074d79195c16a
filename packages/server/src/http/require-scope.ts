import { createMiddleware } from "hono/factory";
import type { Access, Scope } from "../security/access.js";
import type { AppEnv } from "./app-context.js";

const BASIC = /^basic +([\w+/=-]+) *$/i;

/**
 * For clients that can be told an address and nothing else: whoever gives it as `http://any:KEY@host` sends the key as the
 * password of `Authorization: Basic`.
 */
export const keyAsPassword = createMiddleware<AppEnv>(async (c, next) => {
  const { headers } = c.env.incoming;
  const basic = BASIC.exec(headers.authorization ?? "")?.[1];
  const password = basic && Buffer.from(basic, "base64").toString("utf8").split(":").slice(1).join(":");
  if (password) headers.authorization = `Bearer ${password}`;
  await next();
});

/** Lets a request through to its route when its caller has the scope; the route finds the caller in `c.var.principal`. */
export function requireScope(access: Access, scope: Scope) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const { headers, socket } = c.env.incoming;
    c.set("principal", await access.authorize({ headers, address: socket.remoteAddress ?? "" }, scope));
    await next();
  });
}
