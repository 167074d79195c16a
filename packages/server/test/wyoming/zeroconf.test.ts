/** That Home Assistant finds the server: by a browser of Zeroconf in this process, and by the one that Home Assistant has. */
import os from "node:os";
import { FakeEngine } from "@stt/core/testing";
import { Bonjour, type Browser, type Service } from "bonjour-service";
import { afterEach, describe, expect, it, vi } from "vitest";
import { freePort } from "../support/free-port.js";
import { python, WITHOUT_PYTHON } from "../support/python-clients.js";
import { createTestServer, type TestServer } from "../support/test-server.js";

const PATIENCE = { timeout: 15_000, interval: 100 };
const hasNetwork = Object.values(os.networkInterfaces())
  .flat()
  .some((each) => each && !each.internal);

let target: TestServer | undefined;
afterEach(() => target?.server.close());

async function serve(wyomingZeroconf: boolean): Promise<number> {
  const wyomingPort = await freePort();
  target = await createTestServer({ wyomingPort, wyomingZeroconf }, { engine: new FakeEngine() });
  return wyomingPort;
}

describe.skipIf(!hasNetwork)("Wyoming in the local network", { timeout: 40_000 }, () => {
  it("is told when asked, with its port, and withdrawn at the end", async () => {
    const port = await serve(true);
    const bonjour = new Bonjour();
    const found: Service[] = [];
    const gone: Service[] = [];
    const browser: Browser = bonjour.find({ type: "wyoming", protocol: "tcp" });
    browser.on("up", (service) => found.push(service));
    browser.on("down", (service) => gone.push(service));
    try {
      const own = await vi.waitFor(() => {
        browser.update();
        const service = found.find((each) => each.port === port);
        expect(service).toBeDefined();
        return service!;
      }, PATIENCE);
      expect(own).toMatchObject({ type: "wyoming", protocol: "tcp" });
      expect(own.addresses!.length).toBeGreaterThan(0);
      await target!.server.close();
      target = undefined;
      await vi.waitFor(() => expect(gone.map((each) => each.port)).toContain(port), PATIENCE);
    } finally {
      browser.stop();
      await new Promise<void>((resolve) => bonjour.destroy(() => resolve()));
    }
  });

  it("is not told otherwise", async () => {
    const port = await serve(false);
    const bonjour = new Bonjour();
    const found: number[] = [];
    const browser = bonjour.find({ type: "wyoming", protocol: "tcp" }, (service) => found.push(service.port));
    try {
      // What is announced only now is found: so would have been what was announced before.
      const other = port === 9 ? 10 : 9;
      bonjour.publish({ name: `beside ${port}`, type: "wyoming", protocol: "tcp", port: other });
      await vi.waitFor(() => {
        browser.update();
        expect(found).toContain(other);
      }, PATIENCE);
      expect(found).not.toContain(port);
    } finally {
      browser.stop();
      await new Promise<void>((resolve) => bonjour.destroy(() => resolve()));
    }
  });

  it.skipIf(WITHOUT_PYTHON)(`is found by the package zeroconf of PyPI${WITHOUT_PYTHON}`, async () => {
    const port = await serve(true);
    const script = `
import json, sys, time
from zeroconf import ServiceBrowser, Zeroconf
zeroconf, found = Zeroconf(), []
class Listener:
    def add_service(self, zc, kind, name):
        info = zc.get_service_info(kind, name)
        if info: found.append([name, info.port, info.parsed_addresses()])
    def update_service(self, *_): pass
    def remove_service(self, *_): pass
ServiceBrowser(zeroconf, "_wyoming._tcp.local.", Listener())
until = time.time() + 15
while time.time() < until and not any(each[1] == int(sys.argv[1]) for each in found): time.sleep(0.1)
zeroconf.close()
print(json.dumps(found))
`;
    const found = JSON.parse(await python(script, String(port))) as [string, number, string[]][];
    const own = found.find(([, each]) => each === port);
    expect(own?.[0]).toMatch(/^stt-server.*\._wyoming\._tcp\.local\.$/);
    expect(own![2].length).toBeGreaterThan(0);
  });
});
