/** The server's word on the patterns of replacements. */
import { askHttp } from "../diagnosis/http-probe.js";

/** A pattern that the server cannot read. */
export interface PatternFault {
  /** Its place in what was asked. */
  index: number;
  pattern: string;
  /** In RE2's words: "missing closing )". */
  reason: string;
}

/** @returns undefined where the server does not say */
export async function checkPatterns(
  patterns: readonly string[],
  { url, token }: { url: string; token: string | undefined },
): Promise<PatternFault[] | undefined> {
  if (patterns.length === 0) return [];
  const { status, body } = await askHttp(url, "/v1/replacements/check", token, { patterns });
  const { faults } = (body ?? {}) as { faults?: unknown };
  return status === 200 && Array.isArray(faults) ? (faults as PatternFault[]) : undefined;
}
