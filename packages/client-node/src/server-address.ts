/** Which server a program talks to when nobody says. */
import { normalizeStreamUrl } from "@stt/core";
import { type Environment, loadConfig } from "@stt/core/config";

const CLIENT_VARIABLES = ["SERVER_HOST", "CONTROL_PORT", "DATA_PORT"] as const;

/**
 * The stream's URL by SERVER_HOST and DATA_PORT. SERVER_HOST may also be a complete URL, which then decides alone.
 *
 * @param env the environment; it comes first.
 * @param dotenv the variables of a `.env` file.
 * @throws SttError `invalid_config`
 */
export function streamUrlFromEnv(env: Environment = process.env, dotenv: Environment = {}): string {
  const host = (env.SERVER_HOST || dotenv.SERVER_HOST)?.trim();
  if (host?.includes("://")) return normalizeStreamUrl(host);
  // Only the client's own variables: a mistake in the server's is the server's to report.
  const { config } = loadConfig(pick(env), pick(dotenv));
  const authority = config.serverHost.includes(":") ? `[${config.serverHost}]` : config.serverHost;
  return normalizeStreamUrl(`ws://${authority}:${config.dataPort}`);
}

function pick(env: Environment): Environment {
  return Object.fromEntries(CLIENT_VARIABLES.map((name) => [name, env[name]]));
}
