/**
 * Writes what is made from the configuration schema: `.env.example` and the tables of docs/configuration.md and
 * docs/configuration.ru.md.
 *
 *   node scripts/generate-docs.mjs           write
 *   node scripts/generate-docs.mjs --check   only say whether they are current (exit code 1 when not)
 */
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = new URL("../", import.meta.url);
const SCHEMA = new URL("packages/core/src/config/index.ts", ROOT);
const BEGIN = "<!-- variables: written by scripts/generate-docs.mjs -->";
const END = "<!-- /variables -->";
const LINE_WIDTH = 100;

const WORDS = {
  en: {
    columns: ["Variable", "Default", "Unit", "Allowed", "Meaning"],
    units: { s: "s", ms: "ms", bytes: "bytes", "%": "%" },
    container: "container",
    live: "changes live",
    client: "read by clients",
    both: "read by server and clients",
  },
  ru: {
    columns: ["Переменная", "По умолчанию", "Единица", "Допустимо", "Значение"],
    units: { s: "с", ms: "мс", bytes: "байты", "%": "%" },
    container: "в контейнере",
    live: "меняется на ходу",
    client: "читают клиенты",
    both: "читают сервер и клиенты",
  },
};

/** What an unset variable is: the written default, or the meaning of an empty one. */
function defaultOf(variable, language) {
  const text = variable.type.format(variable.default);
  return text === "" ? (variable.empty?.[language] ?? "") : text;
}

function groupsOf(variables, groups) {
  const all = Object.values(variables);
  return Object.entries(groups).map(([id, title]) => ({ title, members: all.filter(({ group }) => group === id) }));
}

/** The whole `.env.example`: every assignment commented out, so that a copy changes nothing until it is edited. */
export function renderEnvExample({ VARIABLES, GROUPS }) {
  const lines = [
    "# Every variable of the server and its clients, with its default. Copy this file to .env, uncomment what you change.",
    "# Variables of the real environment come before those of .env. An empty value counts as none.",
    "# Made by scripts/generate-docs.mjs from packages/core/src/config: do not edit by hand.",
  ];
  for (const { title, members } of groupsOf(VARIABLES, GROUPS)) {
    lines.push("", `# --- ${title.en} ${"-".repeat(LINE_WIDTH - title.en.length - 7)}`);
    for (const variable of members) {
      const { env, type, doc, container } = variable;
      const value = type.format(variable.default);
      const defaults = [`Default: ${defaultOf(variable, "en")}${type.unit ? ` ${type.unit}` : ""}.`];
      if (container !== undefined) defaults.push(`In the container: ${type.format(container)}.`);
      lines.push("", ...comment(doc.en), ...comment(`Allowed: ${type.allowed.en}.`), ...comment(defaults.join(" ")));
      lines.push(`#${env}=${/[\s#"']/.test(value) ? JSON.stringify(value) : value}`);
    }
  }
  return `${lines.join("\n")}\n`;
}

function comment(text) {
  const lines = [];
  let line = "#";
  for (const word of text.split(" ")) {
    if (line.length + 1 + word.length > LINE_WIDTH && line !== "#") {
      lines.push(line);
      line = "#";
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}

/** The tables of one language, a section for each group. */
export function renderTables({ VARIABLES, GROUPS }, language) {
  const words = WORDS[language];
  return groupsOf(VARIABLES, GROUPS)
    .map(({ title, members }) => {
      const rows = members.map((variable) => cellsOf(variable, language));
      return `### ${title[language]}\n\n${table([words.columns, ...rows])}`;
    })
    .join("\n\n");
}

function cellsOf(variable, language) {
  const { env, type, doc, container, live, audience } = variable;
  const words = WORDS[language];
  const written = type.format(variable.default);
  const value = written === "" ? defaultOf(variable, language) : `\`${written}\``;
  const notes = [live && words.live, words[audience]].filter((note) => typeof note === "string");
  return [
    `\`${env}\``,
    container === undefined ? value : `${value} (${words.container}: \`${type.format(container)}\`)`,
    type.unit ? words.units[type.unit] : "",
    type.allowed[language],
    notes.length > 0 ? `${doc[language]} _${capital(notes.join(", "))}._` : doc[language],
  ];
}

/** A Markdown table, its columns padded as the formatter pads them; the first row is its head. */
function table(rows) {
  const escaped = rows.map((cells) => cells.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = escaped[0].map((_, column) => Math.max(3, ...escaped.map((cells) => cells[column].length)));
  const line = (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(" | ")} |`;
  const [head, ...body] = escaped;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}

function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}

/** Puts text between the markers of a page. */
export function insertTables(page, tables) {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`the page has no "${BEGIN}" ... "${END}"`);
  return `${page.slice(0, begin + BEGIN.length)}\n\n${tables}\n\n${page.slice(end)}`;
}

/** Path, present text and due text of every file that is made from the schema. */
export async function outdatedFiles(schema) {
  const files = [
    { path: ".env.example", render: () => renderEnvExample(schema) },
    { path: "docs/configuration.md", render: (page) => insertTables(page, renderTables(schema, "en")) },
    { path: "docs/configuration.ru.md", render: (page) => insertTables(page, renderTables(schema, "ru")) },
  ];
  const outdated = [];
  for (const { path, render } of files) {
    const present = await readFile(new URL(path, ROOT), "utf8").catch(() => "");
    const due = render(present);
    if (due !== present) outdated.push({ path, due });
  }
  return outdated;
}

/** Loads the schema from its TypeScript sources, so that nothing has to be built first. */
async function loadSchema() {
  const { build } = createRequire(createRequire(import.meta.url).resolve("tsup"))("esbuild");
  const entryPoints = [fileURLToPath(SCHEMA)];
  const result = await build({ entryPoints, bundle: true, format: "esm", write: false, logLevel: "warning" });
  return import(`data:text/javascript;base64,${Buffer.from(result.outputFiles[0].contents).toString("base64")}`);
}

async function main(check) {
  const outdated = await outdatedFiles(await loadSchema());
  for (const { path, due } of outdated) {
    if (!check) await writeFile(new URL(path, ROOT), due);
    console.log(check ? `${path} is not current: run node scripts/generate-docs.mjs` : `wrote ${path}`);
  }
  if (outdated.length === 0) console.log(".env.example and the tables in docs/ are current");
  else if (check) process.exitCode = 1;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(process.argv.includes("--check"));
}
