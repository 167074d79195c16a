/** What the environment says about the server and the speech, for programs whose user does not. */
import { normalizeStreamUrl } from "@stt/core";
import { checkArgument, type Field, isObject } from "@stt/core/callers";
import { type Environment, loadConfig } from "@stt/core/config";

const CLIENT_VARIABLES = ["SERVER_HOST", "CONTROL_PORT", "DATA_PORT", "STT_TOKEN", "LANGUAGE", "LANGUAGES"] as const;

/** Settings of a client. */
export interface ClientSettings {
  /** The stream's URL, by SERVER_HOST and DATA_PORT. SERVER_HOST may also be a complete URL, which then decides alone. */
  url: string;
  /** The same application on CONTROL_PORT; undefined where one URL stands for the server. */
  controlUrl: string | undefined;
  /** STT_TOKEN. Goes into the `Authorization` header and nowhere else. */
  token: string | undefined;
  /** LANGUAGE, where it is given; else the server decides. */
  language: string | undefined;
  /** LANGUAGES, where it is given: the languages among which `auto` decides. */
  languages: readonly string[] | undefined;
}

const ENVIRONMENT: Field<Environment> = {
  expected: "an object of variables, such as process.env",
  is: (value): value is Environment => isObject(value),
};

/**
 * Reads the variables that concern clients.
 *
 * @param env the environment; it comes first.
 * @param dotenv the variables of a `.env` file.
 * @throws SttError `invalid_config`, `invalid_argument`
 */
export function clientSettings(env: Environment = process.env, dotenv: Environment = {}): ClientSettings {
  checkArgument("clientSettings", env, ENVIRONMENT);
  checkArgument("clientSettings", dotenv, ENVIRONMENT);
  // Only the client's own variables: a mistake in the server's is the server's to report.
  const { config, given } = loadConfig(pick(env), pick(dotenv));
  const { serverHost } = config;
  const isUrl = serverHost.includes("://");
  const authority = serverHost.includes(":") ? `[${serverHost}]` : serverHost;
  return {
    url: normalizeStreamUrl(isUrl ? serverHost : `ws://${authority}:${config.dataPort}`),
    controlUrl: isUrl ? undefined : normalizeStreamUrl(`ws://${authority}:${config.controlPort}`),
    token: config.sttToken || undefined,
    language: given.has("language") ? config.language : undefined,
    languages: given.has("languages") ? config.languages : undefined,
  };
}

function pick(env: Environment): Environment {
  return Object.fromEntries(CLIENT_VARIABLES.map((name) => [name, env[name]]));
}
