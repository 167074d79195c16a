/** The programs in the pages, against the types of the packages as they are published. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folders = [
  "",
  "docs",
  "packages/client-node",
  "packages/client-web",
  "packages/core",
  "packages/react",
  "packages/server",
  "packages/speech-recognition",
];

/** What a page leaves to its reader, declared so that the rest can be checked. */
const READERS_OWN = `
  declare module "*?url" { const url: string; export default url; }
  declare const createSttClient: typeof import("@stt/client-web").createSttClient;
  declare const myEngine: import("@stt/core").TranscriptionEngine;
  declare const app: any, signedInUsersOnly: any;
  declare const client: ReturnType<typeof createSttClient>;
  declare const agent: { prepare(text?: string): void; discard(): void; answer(text?: string): void };
  declare const samples: Uint8Array, textOfTheFile: string;
  declare const record: HTMLElement, finish: HTMLElement, button: HTMLElement, stopButton: HTMLElement;
  declare function show(...texts: unknown[]): void;
  declare function append(text: string): void;
  declare function fetchToken(): Promise<string>;
`;

interface Program {
  name: string;
  file: string;
  text: string;
}

const pages: Program[] = folders.flatMap((folder) =>
  readdirSync(path.join(root, folder))
    .filter((name) => name.endsWith(".md"))
    .flatMap((name) => {
      const page = path.join(folder, name);
      const text = readFileSync(path.join(root, page), "utf8");
      const blocks = [...text.matchAll(/^```tsx?\n([\s\S]*?)^```/gm)].map(([, block]) => block!);
      const scripts = [...text.matchAll(/<script type="module">\n([\s\S]*?)<\/script>/g)].map(([, block]) => block!);
      // Where the packages of the workspace are found.
      const at = path.join(root, "packages/react/.snippets", page.replaceAll(/[^\w]/g, "-"));
      return [...scripts, ...blocks].map((block, i) => ({
        name: `${page}, program ${i + 1}`,
        file: `${at}-${i}.tsx`,
        text: `${block}\nexport {};\n`,
      }));
    }),
);

const CHECKED: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  jsx: ts.JsxEmit.ReactJSX,
  lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
  types: ["node"],
  noEmit: true,
  skipLibCheck: true,
  strict: true,
  noImplicitAny: false,
};

/** Modules that a reader brings. */
const FOREIGN = /Cannot find module '(?!@stt\/)/;

describe("programs in the pages", () => {
  const sources = new Map(pages.map(({ file, text }) => [file, text]));
  const declarations = path.join(root, "packages/react/.snippets/readers-own.d.ts");
  sources.set(declarations, READERS_OWN);
  const host = ts.createCompilerHost(CHECKED);
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (file, ...rest) => {
    const text = sources.get(file);
    return text === undefined
      ? getSourceFile.call(host, file, ...rest)
      : ts.createSourceFile(file, text, { languageVersion: ts.ScriptTarget.ES2022 });
  };
  host.fileExists = (file) => sources.has(file) || fileExists.call(host, file);
  host.readFile = (file) => sources.get(file) ?? readFile.call(host, file);
  const program = ts.createProgram([...sources.keys()], CHECKED, host);

  it("are many enough for this test to mean something", () => {
    expect(pages.length).toBeGreaterThanOrEqual(15);
  });

  it.each(pages)(
    "$name",
    ({ file }) => {
      const source = program.getSourceFile(file)!;
      const problems = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))
        .filter((message) => !FOREIGN.test(message));
      expect(problems).toEqual([]);
    },
    60_000,
  );
});
