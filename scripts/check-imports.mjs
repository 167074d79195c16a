/** Holds the direction of imports between packages (docs: CONTRIBUTING.md). A package may import what its manifest names. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { root } from "./lib.mjs";

/** Who may import whom among ours. */
const ALLOWED = {
  core: [],
  server: ["@stt/core", "@stt/model-whisper-base"],
  "client-node": ["@stt/core"],
  "client-web": ["@stt/core"],
  react: ["@stt/core", "@stt/client-web"],
};
const IMPORT = /(?:from\s+|import\s*\(?\s*|require\(\s*)["']([^"']+)["']/g;

let violations = 0;
for (const [name, allowed] of Object.entries(ALLOWED)) {
  const directory = path.join(root, "packages", name, "src");
  const manifest = JSON.parse(readFileSync(path.join(root, "packages", name, "package.json"), "utf8"));
  const declared = new Set(
    Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies }),
  );
  for (const file of sources(directory)) {
    for (const [, specifier] of readFileSync(file, "utf8").matchAll(IMPORT))
      check(name, allowed, declared, file, specifier);
  }
}
if (violations > 0) process.exitCode = 1;

function check(name, allowed, declared, file, specifier) {
  const report = (why) => {
    violations += 1;
    process.stderr.write(`${path.relative(root, file)} imports ${specifier}: ${why}\n`);
  };
  if (specifier.startsWith(".")) {
    const target = path.resolve(path.dirname(file), specifier);
    if (!target.startsWith(path.join(root, "packages", name) + path.sep)) report("it lies in another package");
    return;
  }
  if (specifier.startsWith("node:")) {
    if (name === "core" || name === "client-web" || name === "react") report(`${name} runs in browsers`);
    return;
  }
  const dependency = specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
  if (dependency.startsWith("@stt/") && !allowed.includes(dependency)) report(`${name} may not import it`);
  else if (!declared.has(dependency)) report(`it is not among the dependencies of ${name}`);
}

function* sources(directory) {
  for (const entry of readdirSync(directory)) {
    const file = path.join(directory, entry);
    if (statSync(file).isDirectory()) yield* sources(file);
    else if (/\.tsx?$/.test(entry)) yield file;
  }
}
