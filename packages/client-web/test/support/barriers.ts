/** What axe finds wrong with a page. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Violation {
  id: string;
  nodes: { target: string[]; failureSummary: string }[];
}

/** Rules of WCAG 2.2 AA and of good practice that the page breaks now. */
export async function barriers(page: Page): Promise<string[]> {
  // Over the protocol, which the page's policy does not bind.
  const found = (await page.evaluate(`(async () => {
    if (!window.axe) { ${AXE} }
    return (await axe.run(document, { resultTypes: ["violations"] })).violations;
  })()`)) as Violation[];
  return found.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target} ${node.failureSummary}`));
}
