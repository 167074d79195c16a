import type { IncomingMessage, ServerResponse } from "node:http";

/**
 * Takes the path away that a proxy in front leaves on: `/stt/v1/stream` becomes `/v1/stream`. Requests without it stay as they are:
 * checks of the machine go past the proxy.
 *
 * @param prefix such as `/stt`; empty for none
 */
export function withoutPrefix(request: IncomingMessage, prefix: string): void {
  const { url = "/" } = request;
  if (prefix !== "" && url.startsWith(prefix) && /^($|[/?])/.test(url.slice(prefix.length))) {
    const rest = url.slice(prefix.length);
    request.url = rest.startsWith("/") ? rest : `/${rest}`;
  }
}

/**
 * Leads from the bare prefix to the slash behind it: the pages name their files beside themselves.
 *
 * @returns whether it answered
 */
export function redirectBarePrefix(
  { method, url = "" }: IncomingMessage,
  response: ServerResponse,
  prefix: string,
): boolean {
  const [path, query] = url.split("?", 2);
  if (prefix === "" || path !== prefix || method !== "GET") return false;
  const name = prefix.slice(prefix.lastIndexOf("/") + 1);
  response.writeHead(302, { Location: `./${name}/${query === undefined ? "" : `?${query}`}` }).end();
  return true;
}
