/** The server's word on patterns: its reader of them is far larger than this page. */
import { askServer } from "../ask-server.js";

/** A pattern that the server cannot read. */
export interface PatternFault {
  /** Its place in what was asked. */
  index: number;
  /** In RE2's words: "missing closing )". */
  reason: string;
}

/**
 * @param key access key of the server
 * @throws SttError as the server says; `connection_failed` where it says nothing
 */
export async function faultsOf(patterns: readonly string[], key: string | undefined): Promise<PatternFault[]> {
  const answer = await askServer("v1/replacements/check", key, JSON.stringify({ patterns }));
  return (answer as { faults: PatternFault[] }).faults;
}
