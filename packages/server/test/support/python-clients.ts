/**
 * Python clients of other servers, as they come from PyPI. `STT_TEST_PYTHON` names an interpreter that has them; `.ci/run` makes one:
 *
 *     python3 -m venv clients && clients/bin/pip install --no-deps -r packages/server/test/support/python-clients.txt
 *     STT_TEST_PYTHON=$PWD/clients/bin/python npx vitest run packages/server/test
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

export const testPython = process.env.STT_TEST_PYTHON;

/** For `describe.skipIf`, and for its title: without an interpreter these tests cannot say anything. */
export const WITHOUT_PYTHON = testPython === undefined ? " (left out: STT_TEST_PYTHON names no interpreter)" : "";

/** Runs a script and gives what it printed. */
export async function python(script: string, ...args: string[]): Promise<string> {
  const { stdout } = await run(testPython!, ["-c", script, ...args], { timeout: 120_000 });
  return stdout.trim();
}
