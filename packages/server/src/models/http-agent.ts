import { Agent, type Dispatcher, EnvHttpProxyAgent } from "undici";

/** Connections through the proxies that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name; how long to wait is the caller's to decide. */
export function createAgent(env: NodeJS.ProcessEnv = process.env): Dispatcher {
  const { HTTP_PROXY, http_proxy, HTTPS_PROXY, https_proxy } = env;
  const options = { connect: { timeout: 0 } };
  return HTTP_PROXY || http_proxy || HTTPS_PROXY || https_proxy ? new EnvHttpProxyAgent(options) : new Agent(options);
}
