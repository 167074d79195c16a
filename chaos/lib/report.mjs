/** The table of docs/reliability.md: what was broken, how, how often, and what was lost. */
import { readFileSync, writeFileSync } from "node:fs";
import { machine } from "../../bench/lib/report.mjs";

const page = new URL("../../docs/reliability.md", import.meta.url);
const [OPEN, CLOSE] = ["<!-- chaos -->", "<!-- /chaos -->"];

/**
 * @typedef {object} Row
 * @property {string} fault
 * @property {string} how how it was injected
 * @property {number} times how often
 * @property {string} lost in words
 * @property {string[]} failures what must not be; empty when the row is as it should be
 */

/**
 * @param {string} fault
 * @param {string} how
 * @param {number} times
 * @param {string[]} failures
 * @param {string} [lost] what is lost even when all is well
 * @returns {Row}
 */
export function row(fault, how, times, failures, lost = "nothing") {
  return { fault, how, times, lost: failures.length > 0 ? `**${failures.length} failures**` : lost, failures };
}

/** @param {Row[]} rows */
export function table(rows) {
  const cells = [
    ["fault", "how it was injected", "times", "lost"],
    ...rows.map(({ fault, how, times, lost }) => [fault, how, String(times), lost]),
  ];
  const widths = [0, 1, 2, 3].map((i) => Math.max(...cells.map((line) => line[i].length)));
  const line = (texts) =>
    `| ${texts.map((text, i) => (i === 2 ? text.padStart(widths[i]) : text.padEnd(widths[i]))).join(" | ")} |`;
  const rule = `| ${widths.map((width, i) => (i === 2 ? `${"-".repeat(width - 1)}:` : "-".repeat(width))).join(" | ")} |`;
  return [line(cells[0]), rule, ...cells.slice(1).map(line)].join("\n");
}

/**
 * Puts rows into the table of docs/reliability.md, in place of older ones of the same fault.
 *
 * @param {object} options
 * @param {boolean} options.fresh nothing older stays
 * @param {string} options.note of what kind of run
 */
export function writePage(rows, { fresh: alone, note }) {
  const text = readFileSync(page, "utf8");
  const [from, to] = [text.indexOf(OPEN), text.indexOf(CLOSE)];
  if (from < 0 || to < from) throw new Error("docs/reliability.md has lost its markers");
  const older = (alone ? "" : text.slice(from, to))
    .split("\n")
    .filter((line) => line.startsWith("| ") && !line.startsWith("| --"))
    .slice(1)
    .map((line) => {
      const [fault, how, times, lost] = line
        .split("|")
        .slice(1, 5)
        .map((cell) => cell.trim());
      return { fault, how, times, lost };
    });
  const fresh = new Map(rows.map((each) => [each.fault, each]));
  const kept = older.map((each) => {
    const replacement = fresh.get(each.fault) ?? each;
    fresh.delete(each.fault);
    return replacement;
  });
  const where = `${new Date().toISOString().slice(0, 10)}, ${machine()}, ${note}`;
  const all = table([...kept, ...fresh.values()]);
  writeFileSync(page, `${text.slice(0, from)}${OPEN}\n\n${where}\n\n${all}\n\n${text.slice(to)}`);
}
