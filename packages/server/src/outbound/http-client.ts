// So that whoever includes this file finds the declaration too.
/// <reference path="./proxy-from-env.d.ts" />
import http from "node:http";
import https from "node:https";
import { HttpProxyAgent } from "http-proxy-agent";
import { HttpsProxyAgent } from "https-proxy-agent";
import { getProxyForUrl } from "proxy-from-env";

export interface OutboundRequest {
  method?: "GET" | "HEAD" | "POST";
  headers?: Record<string, string>;
  body?: Uint8Array;
  signal?: AbortSignal;
}

/**
 * The server's own requests, through the proxies that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name. Redirects are the caller's to follow, and
 * how long to wait is the caller's to decide.
 *
 * Not `fetch`: in the Node versions that are supported a server that closes its connection while a body waits to be read ends the whole
 * process (nodejs/undici#5360), and with it every session.
 */
export class HttpClient {
  readonly #agents = new Map<string, http.Agent>();

  /**
   * Resolves with the head of the answer; its body is to be read or destroyed.
   *
   * @throws what the socket failed of, with its `code`; the signal's reason
   */
  request(
    url: string,
    { method = "GET", headers = {}, body, signal }: OutboundRequest = {},
  ): Promise<http.IncomingMessage> {
    const { request } = url.startsWith("https:") ? https : http;
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const sent = request(url, {
        method,
        agent: this.#agentFor(url),
        headers: { "accept-encoding": "identity", "user-agent": "stt-server", ...headers },
        ...(signal && { signal }),
      });
      sent.on("error", (error) => reject(signal?.aborted ? signal.reason : error));
      sent.once("response", (response) => {
        // A body that nobody reads to its end reports that as an event, which without a listener ends the process.
        response.on("error", () => {});
        resolve(response);
      });
      sent.end(body);
    });
  }

  /** Ends all connections. Idempotent. */
  close(): void {
    for (const agent of this.#agents.values()) agent.destroy();
    this.#agents.clear();
  }

  #agentFor(url: string): http.Agent {
    const proxy = getProxyForUrl(url);
    const secure = url.startsWith("https:");
    const key = `${secure} ${proxy}`;
    let agent = this.#agents.get(key);
    if (!agent) {
      agent = createAgent(secure, proxy);
      this.#agents.set(key, agent);
    }
    return agent;
  }
}

function createAgent(secure: boolean, proxy: string): http.Agent {
  const options = { keepAlive: true };
  if (proxy === "") return secure ? new https.Agent(options) : new http.Agent(options);
  return secure ? new HttpsProxyAgent(proxy, options) : new HttpProxyAgent(proxy, options);
}
