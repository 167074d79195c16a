import { SttError, type SttErrorCode } from "@stt/core";
import type { Config } from "@stt/core/config";
import { patternFaults } from "./rules/replacements.js";

/** What the schema of the configuration cannot tell of REPLACEMENTS. @throws SttError with `code` */
export function checkReplacements({ replacements }: Config, code: SttErrorCode = "invalid_config"): void {
  const [fault] = patternFaults(replacements);
  if (!fault) return;
  throw new SttError(code, `REPLACEMENTS has /${fault.pattern}/, which is no pattern that RE2 reads: ${fault.reason}.`);
}
