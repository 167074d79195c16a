import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { VARIABLES } from "@stt/core/config";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const SKIPPED = new Set(["node_modules", "dist", ".git", ".turbo"]);

function* files(directory: string): Generator<string> {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (SKIPPED.has(entry.name)) continue;
    const file = path.join(directory, entry.name);
    if (entry.isDirectory()) yield* files(file);
    else yield file;
  }
}

const everything = [...files(root)];
const exists = new Set(everything.flatMap((file) => [file, ...parents(file)]));
const pages = everything
  .filter((file) => file.endsWith(".md"))
  .map((file) => ({ file, name: path.relative(root, file), text: readFileSync(file, "utf8") }));

function parents(file: string): string[] {
  const directory = path.dirname(file);
  return directory.length <= root.length ? [directory] : [directory, ...parents(directory)];
}

/** The text outside of code. */
const prose = (text: string) => text.replace(/^(`{3,})[\s\S]*?^\1\s*$/gm, "").replace(/`[^`\n]*`/g, "");

/** As GitHub makes them of headings. */
const anchorsOf = (text: string) =>
  [...text.replace(/^(`{3,})[\s\S]*?^\1\s*$/gm, "").matchAll(/^#{1,6}\s+(.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replace(/\s/g, "-"),
  );

const commandsOf = (text: string) =>
  [...text.matchAll(/^```(?:sh|bash)\n([\s\S]*?)^```/gm)].flatMap(([, block]) =>
    block!
      .replace(/\\\n\s*/g, " ")
      .split("\n")
      .map((line) => line.replace(/\s+#.*$/, "").trim())
      .filter(Boolean),
  );

describe.each(pages)("$name", ({ file, text }) => {
  it("links to what exists", () => {
    for (const [, target] of prose(text).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target!)) continue;
      const [relative = "", anchor] = target!.split("#");
      const linked = relative === "" ? file : path.resolve(path.dirname(file), relative);
      expect(exists.has(linked), target).toBe(true);
      if (anchor && linked.endsWith(".md")) expect(anchorsOf(readFileSync(linked, "utf8")), target).toContain(anchor);
    }
  });
});

/** Begins a comment, by the language of the block; nothing in the others is a comment. */
const COMMENT: Readonly<Record<string, RegExp>> = {
  ...Object.fromEntries(["sh", "bash", "python", "yaml", "ini", "nginx"].map((name) => [name, /(^|\s)#.*$/])),
  ...Object.fromEntries(["ts", "tsx", "js", "html"].map((name) => [name, /(^|\s)\/\/.*$/])),
};

/** What is typed or run: no comments, and of a block marked as `text` (a drawing with words) only that it is there. */
const codeOf = (text: string) =>
  [...text.matchAll(/^(`{3,})(\w*)\n([\s\S]*?)^\1\s*$/gm)].map(([, , language = "", block = ""]) => ({
    language,
    lines:
      language === "text"
        ? []
        : block
            .split("\n")
            .map((line) => line.replace(COMMENT[language] ?? /$^/, "").trimEnd())
            // An example may be about speech in the language of its page.
            .map((line) => line.replace('language: "ru"', 'language: "en"'))
            .filter(Boolean),
  }));

const shapeOf = (text: string) => {
  const count = (pattern: RegExp) => [...prose(text).matchAll(pattern)].length;
  return {
    headings: [1, 2, 3, 4, 5, 6].map((level) => count(new RegExp(`^#{${level}}\\s`, "gm"))),
    rows: count(/^\|/gm),
    points: count(/^(-|\d+\.)\s/gm),
    pictures: count(/!\[/g),
  };
};

/** Variables, options, routes and programs that sentences and tables name; words that stand for a reader's own are translated. */
const namesOf = (text: string) =>
  new Set(
    [...text.replace(/^(`{3,})[\s\S]*?^\1\s*$/gm, "").matchAll(/`([^`\n]+)`/g)]
      .map(([, name]) => name!)
      .filter((name) => !/\p{Script=Cyrillic}|\b(NAME|FILE|FOLDER)\b/u.test(name)),
  );

describe.each(pages.filter(({ name }) => name.endsWith(".ru.md")))("$name", ({ file, text }) => {
  const original = pages.find((page) => page.file === file.replace(/\.ru\.md$/, ".md"));
  const english = original?.text ?? "";

  it("and its English page link to each other under the title", () => {
    expect(text.split("\n")[2]).toBe(`[English](${path.basename(file).replace(".ru.md", ".md")})`);
    expect(english.split("\n")[2]).toBe(`[Русский](${path.basename(file)})`);
  });

  it("has as many headings of each level, rows, points and pictures", () => {
    expect(shapeOf(text)).toEqual(shapeOf(english));
  });

  it("has the code of the English page", () => {
    expect(codeOf(text)).toEqual(codeOf(english));
  });

  it("links to Russian pages where there are some", () => {
    const [, ...linked] = [...prose(text).matchAll(/\]\(([^)\s#]+)\.md[^)]*\)/g)].map(([, page]) => page!);
    const russian = (page: string) => path.resolve(path.dirname(file), `${page}.ru.md`);
    expect(linked.filter((page) => !page.endsWith(".ru") && exists.has(russian(page)))).toEqual([]);
  });

  it("names what the English page names", () => {
    expect([...namesOf(text)].sort()).toEqual([...namesOf(english)].sort());
  });
});

const NOT_OURS =
  /^(STT_|HTTPS?_PROXY|NO_PROXY|OTEL_|OMP_|OPENBLAS_|MALLOC_|NODE_|CUDA|GRAFANA_|OPENAI_|WHISPER_CPP_DIR|DEBIAN_|BENCH_|SERVER_USER|REMOTE_DIR|KEY$|TOKEN$|LANG$|LC_|GO111MODULE|GOPATH|XDG_|URL$)/;

describe("commands in the pages", () => {
  // The training page has commands of other programs.
  const commands = pages
    .filter(({ name }) => !name.startsWith("training"))
    .flatMap(({ name, text }) => commandsOf(text).map((command) => ({ name, command })));
  const scripts: Record<string, unknown> = {};
  for (const file of everything.filter((entry) => path.basename(entry) === "package.json"))
    Object.assign(scripts, JSON.parse(readFileSync(file, "utf8")).scripts);
  const targets = new Set(
    [...readFileSync(path.join(root, "Makefile"), "utf8").matchAll(/^([a-z-]+):/gm)].map(([, name]) => name),
  );

  it("are many enough for this test to mean something", () => {
    expect(commands.length).toBeGreaterThan(80);
  });

  it("set only variables that exist", () => {
    const known = new Set<string>(Object.values(VARIABLES).map(({ env }) => env));
    for (const { name, command } of commands) {
      for (const [, variable] of command.matchAll(/(?:^|\s)([A-Z][A-Z0-9_]+)=/g)) {
        expect(known.has(variable!) || NOT_OURS.test(variable!), `${variable} in ${name}: ${command}`).toBe(true);
      }
    }
  });

  it("run npm scripts and make targets that exist", () => {
    for (const { name, command } of commands) {
      for (const [, script] of command.matchAll(/npm run (?:--silent )?([\w:-]+)/g))
        expect(scripts, `${name}: ${command}`).toHaveProperty([script!]);
      const target = /^make ([a-z-]+)/.exec(command)?.[1];
      if (target) expect(targets, `${name}: ${command}`).toContain(target);
    }
  });

  it("name files of the repository that exist", () => {
    for (const { name, command } of commands) {
      const named =
        command.match(
          /(?<![\w/.~-])(?:samples|docker|packages|examples|bench|training|scripts|docs)\/[\w./-]+(?![\w*])/g,
        ) ?? [];
      for (const file of named) expect(exists.has(path.join(root, file)), `${file} in ${name}: ${command}`).toBe(true);
    }
  });
});
