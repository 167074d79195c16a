/** How a bench tells what it found: aligned Markdown tables, on the terminal and in docs/benchmarks.md alike. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import { round } from "./stats.mjs";

const page = new URL("../../docs/benchmarks.md", import.meta.url);

/**
 * @typedef {object} Report
 * @property {string} title
 * @property {Table[]} tables
 * @property {Goal[]} [goals]
 * @property {string[]} notes how it was measured, and what a reader must know to judge it
 *
 * @typedef {object} Table
 * @property {string[]} columns
 * @property {(string | number)[][]} rows
 *
 * @typedef {object} Goal
 * @property {string} what
 * @property {number} value
 * @property {number} [atMost]
 * @property {number} [atLeast]
 * @property {string} [unit]
 */

/** A goal as a sentence that says by how much it is missed. */
export function verdict({ what, value, atMost, atLeast, unit = "" }) {
  const limit = atMost ?? atLeast;
  const met = atMost === undefined ? value >= limit : value <= limit;
  const space = unit === "" || unit === "x" ? "" : " ";
  const shown = (number) => `${figure(number)}${space}${unit}`;
  const goal = `Goal: ${what} ${atMost === undefined ? "at least" : "at most"} ${shown(limit)}.`;
  // Of nothing there is no share.
  if (!Number.isFinite(value)) return `${goal} Not measured: there was nothing to measure it by.`;
  const missed = met ? "met" : `missed by ${shown(round(Math.abs(value - limit), 2))}`;
  return `${goal} Measured ${shown(value)}: **${missed}**.`;
}

function figure(value) {
  return Number.isFinite(value) ? String(value) : "–";
}

/** The cells of a column: numbers get the same number of decimals, or they could not be compared at a glance. */
function column(values) {
  const decimals = Math.max(0, ...values.filter(Number.isFinite).map((value) => `${value}`.split(".")[1]?.length ?? 0));
  return values.map((value) => {
    if (typeof value !== "number") return value;
    return Number.isFinite(value) ? value.toFixed(decimals) : "–";
  });
}

function table({ columns, rows }) {
  const byColumn = columns.map((_, i) => column(rows.map((row) => row[i])));
  const cells = rows.map((_, r) => byColumn.map((values) => values[r]));
  const width = columns.map((name, i) => Math.max(name.length, 3, ...cells.map((row) => row[i].length)));
  const isNumber = columns.map((_, i) => rows.some((row) => typeof row[i] === "number"));
  const line = (row) =>
    `| ${row.map((cell, i) => (isNumber[i] ? cell.padStart(width[i]) : cell.padEnd(width[i]))).join(" | ")} |`;
  const rule = `| ${width.map((w, i) => (isNumber[i] ? `${"-".repeat(w - 1)}:` : "-".repeat(w))).join(" | ")} |`;
  return [line(columns), rule, ...cells.map(line)].join("\n");
}

function body({ tables, goals = [], notes }) {
  return [...tables.map(table), goals.map(verdict).join("  \n"), notes.join(" ")].filter(Boolean).join("\n\n");
}

/** The whole report as text. */
export const render = (report) => `## ${report.title}\n\n${body(report)}\n`;

/** The machine, in a line. */
export function machine() {
  const cpus = os.cpus();
  const memory = Math.round(os.totalmem() / 2 ** 30);
  return `${cpus.length} x ${cpus[0].model.trim()}, ${memory} GiB, ${os.type()} ${os.arch()}, Node ${process.versions.node}`;
}

/**
 * Replaces a bench's own section of docs/benchmarks.md. What people write outside the markers stays.
 *
 * @param {string} name
 * @param {Report} report
 * @param {number} loadBefore the machine's load average before the bench began
 * @param {string[]} options what was asked for besides, on the command line
 */
export function writeSection(name, report, loadBefore, options) {
  const [open, close] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
  const date = new Date().toISOString().slice(0, 10);
  const command = ["npm run bench --", name, ...options].join(" ");
  const where = `\`${command}\`, ${date}, ${machine()}; load average before: ${loadBefore.toFixed(1)}`;
  const section = `${open}\n\n${where}\n\n${body(report)}\n\n${close}`;
  const text = existsSync(page) ? readFileSync(page, "utf8") : "# Benchmarks\n";
  const [from, to] = [text.indexOf(open), text.indexOf(close)];
  const updated =
    from >= 0 && to > from
      ? text.slice(0, from) + section + text.slice(to + close.length)
      : `${text.trimEnd()}\n\n## ${report.title}\n\n${section}\n`;
  writeFileSync(page, updated);
}
