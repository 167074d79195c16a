/**
 * Holds the direction of imports (docs: CONTRIBUTING.md). A package may import what its manifest names; inside the server no
 * import runs up a floor; no file imports itself by a detour. Types count as much as values.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { root } from "./lib.mjs";

/** Who may import whom among ours. */
const ALLOWED = {
  core: [],
  server: ["@stt/core", "@stt/model-smart-turn", "@stt/model-whisper-base"],
  "client-node": ["@stt/core"],
  "client-web": ["@stt/core"],
  react: ["@stt/core", "@stt/client-web"],
  "speech-recognition": ["@stt/core", "@stt/client-web"],
  "livekit-agents": ["@stt/core", "@stt/client-node"],
  ui: ["@stt/core", "@stt/react"],
};

/** The floors of the server, the highest first: a file imports from its own floor and from those below. Folders and files of `src`. */
const SERVER_FLOORS = [
  ["bin"],
  ["commands"],
  ["index.ts"],
  ["create-server.ts", "server-options.ts"],
  ["lifecycle"],
  ["transports"],
  ["http"],
  ["admin", "jobs"],
  ["session"],
  ["decoding", "text"],
  ["engines"],
  ["models", "turn", "vad", "security", "audio-decoders", "outbound", "settings"],
  ["observability"],
  ["scheduler", "machine"],
];

const IMPORT = /(?:from\s+|import\s*\(?\s*|require\(\s*)["']([^"']+)["']/g;

let violations = 0;
for (const [name, allowed] of Object.entries(ALLOWED)) {
  const directory = path.join(root, "packages", name, "src");
  const manifest = JSON.parse(readFileSync(path.join(root, "packages", name, "package.json"), "utf8"));
  const declared = new Set(
    Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies }),
  );
  /** The files of the package that each of its files imports, relative to `src`. */
  const graph = new Map();
  for (const file of sources(directory)) {
    const targets = [];
    for (const [, specifier] of readFileSync(file, "utf8").matchAll(IMPORT)) {
      checkSpecifier(name, allowed, declared, file, specifier);
      const target = sourceOf(file, specifier);
      if (target) targets.push(path.relative(directory, target));
    }
    graph.set(path.relative(directory, file), targets);
  }
  for (const circle of circlesOf(graph)) {
    report(`a circle of imports: ${circle.map((file) => `packages/${name}/src/${file}`).join(" -> ")}`);
  }
  if (name === "server") checkFloors(graph);
}
if (violations > 0) process.exitCode = 1;

function report(line) {
  violations += 1;
  process.stderr.write(`${line}\n`);
}

function checkSpecifier(name, allowed, declared, file, specifier) {
  const wrong = (why) => report(`${path.relative(root, file)} imports ${specifier}: ${why}`);
  if (specifier.startsWith(".")) {
    const target = path.resolve(path.dirname(file), specifier);
    if (!target.startsWith(path.join(root, "packages", name) + path.sep)) wrong("it lies in another package");
    return;
  }
  if (specifier.startsWith("node:")) {
    if (["core", "client-web", "react", "speech-recognition", "ui"].includes(name)) wrong(`${name} runs in browsers`);
    return;
  }
  const dependency = specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
  if (dependency.startsWith("@stt/") && !allowed.includes(dependency)) wrong(`${name} may not import it`);
  else if (!declared.has(dependency)) wrong(`it is not among the dependencies of ${name}`);
}

/** The source file behind a relative import; undefined for anything else. */
function sourceOf(file, specifier) {
  if (!specifier.startsWith(".")) return undefined;
  const target = path.resolve(path.dirname(file), specifier);
  return [target.replace(/\.js$/, ".ts"), target.replace(/\.js$/, ".tsx")].find(
    (source) => /\.tsx?$/.test(source) && existsSync(source),
  );
}

function checkFloors(graph) {
  const floorOf = (file) => SERVER_FLOORS.findIndex((names) => names.includes(file.split(path.sep)[0]));
  for (const [file, targets] of graph) {
    const floor = floorOf(file);
    if (floor < 0) report(`packages/server/src/${file} is on no floor: add its folder to SERVER_FLOORS`);
    for (const target of targets) {
      if (floorOf(target) >= floor) continue;
      report(`packages/server/src/${file} imports ${target}, which is on a floor above it`);
    }
  }
}

/** Each group of files that import each other, directly or by others, as one way round (Tarjan's strong components). */
function circlesOf(graph) {
  const circles = [];
  const index = new Map();
  const low = new Map();
  const stack = [];
  const visit = (file) => {
    index.set(file, index.size);
    low.set(file, index.get(file));
    stack.push(file);
    for (const target of graph.get(file) ?? []) {
      if (!index.has(target)) {
        visit(target);
        low.set(file, Math.min(low.get(file), low.get(target)));
      } else if (stack.includes(target)) low.set(file, Math.min(low.get(file), index.get(target)));
    }
    if (low.get(file) !== index.get(file)) return;
    const members = new Set(stack.splice(stack.indexOf(file)));
    if (members.size > 1) circles.push(wayRound(graph, file, members));
  };
  for (const file of graph.keys()) if (!index.has(file)) visit(file);
  return circles;
}

/** The shortest way from a file back to itself within its group. */
function wayRound(graph, start, members) {
  const ways = [[start]];
  const seen = new Set();
  for (const way of ways) {
    for (const target of graph.get(way.at(-1)) ?? []) {
      if (target === start) return [...way, start];
      if (!members.has(target) || seen.has(target)) continue;
      seen.add(target);
      ways.push([...way, target]);
    }
  }
  return [...members];
}

function* sources(directory) {
  for (const entry of readdirSync(directory)) {
    const file = path.join(directory, entry);
    if (statSync(file).isDirectory()) yield* sources(file);
    else if (/\.tsx?$/.test(entry)) yield file;
  }
}
