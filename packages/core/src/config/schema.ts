/**
 * Every variable of the system: what it is called, what it means, what is allowed. `.env.example`, docs/configuration.md and
 * `--help` are made from this.
 */
import * as z from "zod/mini";
import type { Variable } from "./variable.js";
import { engineVariables } from "./variables/engine.js";
import { httpWireVariables } from "./variables/http-wires.js";
import { modelVariables } from "./variables/models.js";
import { remoteVariables } from "./variables/remote.js";
import { accessVariables, boundVariables } from "./variables/security.js";
import { serverVariables } from "./variables/server.js";
import { speechVariables } from "./variables/speech.js";
import { textVariables } from "./variables/text.js";
import { transcriptionVariables } from "./variables/transcription.js";
import { uploadVariables } from "./variables/uploads.js";
import { wireVariables } from "./variables/wires.js";

/**
 * All variables by their key in {@link Config}: the name in the environment in camel case, with `Ms` added to durations that
 * the environment has in seconds.
 */
export const VARIABLES = {
  ...modelVariables,
  ...transcriptionVariables,
  ...textVariables,
  ...speechVariables,
  ...engineVariables,
  ...remoteVariables,
  ...serverVariables,
  ...accessVariables,
  ...boundVariables,
  ...uploadVariables,
  ...httpWireVariables,
  ...wireVariables,
};

/** A key of {@link Config}. */
export type ConfigKey = keyof typeof VARIABLES;

/** A checked configuration. Durations are milliseconds, whatever the unit of their variable. */
export type Config = {
  readonly [Key in ConfigKey]: (typeof VARIABLES)[Key] extends Variable<infer T> ? T : never;
};

/** The zod schema of a whole {@link Config}. */
export const configSchema = z.strictObject(
  Object.fromEntries(Object.entries(VARIABLES).map(([key, { type }]) => [key, type.schema])),
) as unknown as z.ZodMiniType<Config>;
