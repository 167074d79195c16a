/** What every suite of the page needs: a page that is built, servers and browsers, and the end of all of them after each test. */
import { afterAll, afterEach, beforeAll, describe } from "vitest";
import { skipWithoutChromium } from "../../../../packages/client-web/test/support/chromium.js";
import { createTestServer, type TestServer } from "../../../../packages/server/test/support/test-server.js";
import { EditorPage, requireBuiltEditor } from "./editor-page.js";

type ServerConfig = NonNullable<Parameters<typeof createTestServer>[0]>;
export type LaunchOptions = NonNullable<Parameters<typeof EditorPage.launch>[1]>;

/** The page in a browser of its own. */
export type LaunchedEditor = Awaited<ReturnType<typeof EditorPage.launch>>;

export interface EditorSuite {
  /** The server that all tests of the suite share. */
  readonly server: TestServer;
  /** A server for one test. */
  serve(config?: ServerConfig): Promise<TestServer>;
  /** @param origin of the page; by default that of the server that is shared */
  launch(options?: LaunchOptions, origin?: string): Promise<LaunchedEditor>;
  /** Closes it after the test, the latest first. */
  keep<Kept extends { close(): unknown }>(kept: Kept): Kept;
}

const TIMEOUT_MS = 120_000;
/** So that a test need not wait for it. */
const PAUSE = { postSpeechSilenceDurationMs: 500 };

/** @param shared settings of the server that is shared; null for suites whose tests have a server each */
export function describeEditor(name: string, shared: ServerConfig | null, tests: (suite: EditorSuite) => void): void {
  describe.skipIf(skipWithoutChromium)(name, { timeout: TIMEOUT_MS }, () => {
    const open: { close(): unknown }[] = [];
    let server: TestServer | undefined;
    const suite: EditorSuite = {
      get server() {
        if (!server)
          throw new Error("This suite shares no server, or it has not started yet: use serve() in the test.");
        return server;
      },
      async serve(config = {}) {
        const target = await createTestServer({ ...PAUSE, ...config });
        open.push(target.server);
        return target;
      },
      async launch(options, origin = suite.server.http) {
        return suite.keep(await EditorPage.launch(origin, options));
      },
      keep(kept) {
        open.push(kept);
        return kept;
      },
    };
    beforeAll(async () => {
      requireBuiltEditor();
      if (shared) server = await createTestServer({ ...PAUSE, ...shared });
    }, TIMEOUT_MS);
    afterEach(async () => {
      for (const each of open.splice(0).reverse()) await each.close();
    });
    afterAll(() => server?.server.close());
    tests(suite);
  });
}
