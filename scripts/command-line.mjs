/** The command line of a script that runs things by name: `NAME... [--switch] [--value TEXT] [--minutes N]`. */
import { parseArgs } from "node:util";

/**
 * Reads this process's arguments. Prints the usage and ends the process for `--help`, with 0, and for a mistake, with 2.
 *
 * @param {object} spec
 * @param {string} spec.kind what one of the names is, for messages: "bench"
 * @param {string[]} spec.names what may be asked for; "all" stands for every one
 * @param {string[]} spec.switches options without a value
 * @param {string[]} [spec.values] options with a text
 * @param {string} spec.usage
 * @returns {{ names: string[], minutes?: number, [switched: string]: any }} what was asked for; `minutes`, above 0, only if
 * given; every switch by its name, and the values that are given
 */
export function readCommandLine(spec) {
  try {
    const read = parse(spec);
    if (read) return read;
    process.stdout.write(spec.usage);
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${spec.usage}`);
    process.exit(2);
  }
}

/** Undefined when only help is wanted. */
function parse({ kind, names, switches, values: texts = [] }) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ...Object.fromEntries(switches.map((name) => [name, { type: "boolean", default: false }])),
      ...Object.fromEntries(texts.map((name) => [name, { type: "string" }])),
      minutes: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const { help, minutes, ...switched } = values;
  if (help) return undefined;
  const wanted = positionals.includes("all") ? names : positionals;
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`There is no ${kind} "${unknown}".`);
  if (wanted.length === 0) throw new Error(`Name a ${kind}.`);
  if (minutes === undefined) return { names: wanted, ...switched };
  if (!(Number(minutes) > 0)) throw new Error(`--minutes takes a number above 0, not "${minutes}".`);
  return { names: wanted, minutes: Number(minutes), ...switched };
}
