/** The text of a `.env` file to variables. Reading the file is the caller's part: core has no file system. */
import { SttError } from "../errors.js";

const ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=[^\S\n]*(.*)$/s;
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\", $: "$" };

/**
 * Parses `NAME=value` lines. `#` begins a comment at the start of a line or after white space; `export` before a name is
 * allowed. Values in single quotes are literal; in double quotes `\n`, `\t`, `\"` and `\\` are escapes; both may span lines.
 * The last of two equal names wins. Variables inside values are not expanded.
 *
 * @throws SttError `invalid_config` with the number of a line that is none of these. Its content is not shown: it may be a secret.
 */
export function parseDotenv(text: string): Record<string, string> {
  const variables: Record<string, string> = {};
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]!;
    if (/^\s*(#|$)/.test(line)) continue;
    const [, name, rest] = ASSIGNMENT.exec(line) ?? [];
    if (name === undefined || rest === undefined) throw malformed(index, "is not NAME=value");
    const quote = rest[0];
    if (quote !== '"' && quote !== "'") {
      variables[name] = rest.replace(/(^|\s)#.*$/, "").trim();
      continue;
    }
    const first = index;
    let quoted = rest.slice(1);
    let end = closingQuote(quoted, quote);
    while (end < 0 && index + 1 < lines.length) {
      quoted += `\n${lines[++index]}`;
      end = closingQuote(quoted, quote);
    }
    if (end < 0) throw malformed(first, `opens a ${quote} that is never closed`);
    if (!/^\s*(#.*)?$/.test(quoted.slice(end + 1))) throw malformed(index, `has text after the closing ${quote}`);
    variables[name] = quote === '"' ? resolveEscapes(quoted.slice(0, end)) : quoted.slice(0, end);
  }
  return variables;
}

function closingQuote(text: string, quote: string): number {
  for (let i = 0; i < text.length; i++) {
    if (quote === '"' && text[i] === "\\") i++;
    else if (text[i] === quote) return i;
  }
  return -1;
}

function resolveEscapes(text: string): string {
  return text.replace(/\\(.)/gs, (whole, character: string) => ESCAPES[character] ?? whole);
}

function malformed(index: number, what: string): SttError {
  return new SttError("invalid_config", `Line ${index + 1} of the .env file ${what}.`);
}
