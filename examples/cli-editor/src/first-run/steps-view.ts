/** The steps of the first run as lines: a sign and a word for the state, what was found, what to do. */
import { cut, widthOf } from "@stt/client-node/cli";
import { heading, wrapped } from "../panels/panel.js";

const BOLD = "\x1b[1m";
const DIM = "\x1b[2m";
const RESET = "\x1b[0m";

export type StepState = "waiting" | "busy" | "done" | "warning" | "failed";

/** One thing that dictation needs. */
export interface Step {
  state: StepState;
  title: string;
  /** One paragraph each. */
  body: readonly string[];
}

/** The same signs as `mic-stream doctor` has. */
const SIGNS: Record<StepState, string> = { waiting: "·", busy: "◌", done: "✓", warning: "!", failed: "✕" };

/** Below this width what was found stands under the title, not beside it. */
const NARROW_COLUMNS = 60;
const GAP = 2;

/**
 * @param intro what this is about
 * @returns at most `rows` lines, none wider than `columns`; where not all fit, the step that is under way stays in sight
 */
export function stepLines(
  title: string,
  intro: string,
  steps: readonly Step[],
  { columns, rows }: { columns: number; rows: number },
): string[] {
  const titleColumns = columns < NARROW_COLUMNS ? 0 : Math.max(...steps.map((step) => widthOf(step.title))) + GAP;
  const blocks = steps.map((step) => stepBlock(step, columns, titleColumns));
  const head = [heading(title, columns), ...wrapped(intro, columns)];
  const loose = [...head, "", ...blocks.flatMap((block, i) => (i === 0 ? block : ["", ...block]))];
  if (loose.length <= rows) return loose;
  const tight = [...head, ...blocks.flat()];
  const current = steps.findIndex(({ state }) => state === "failed" || state === "busy");
  const shown = current === -1 ? blocks.length : current + 1;
  const end = head.length + blocks.slice(0, shown).flat().length;
  const from = Math.max(0, end - rows);
  return tight.slice(from, from + rows);
}

function stepBlock({ state, title, body }: Step, columns: number, titleColumns: number): string[] {
  const mark = `${SIGNS[state]} `;
  const dim = state === "waiting" ? DIM : "";
  const head = cut(`${mark}${title}`, columns);
  if (titleColumns === 0) {
    const lines = body.flatMap((text) => wrapped(text, columns - GAP));
    return [`${BOLD}${dim}${head}${RESET}`, ...lines.map((line) => `${dim}${" ".repeat(GAP)}${line}${RESET}`)];
  }
  const lines = body.flatMap((text) => wrapped(text, columns - GAP - titleColumns));
  const rest = " ".repeat(Math.max(0, titleColumns - widthOf(title)));
  const indent = " ".repeat(GAP + titleColumns);
  const [first = "", ...more] = lines;
  return [
    `${BOLD}${dim}${head}${RESET}${dim}${rest}${first}${RESET}`,
    ...more.map((line) => `${dim}${indent}${line}${RESET}`),
  ];
}
