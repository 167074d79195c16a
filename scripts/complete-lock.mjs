/**
 * `node scripts/complete-lock.mjs [FILE]` after an `npm install`: names in package-lock.json the optional packages of other
 * platforms that npm left out. Without their entries `npm ci` takes the lock for outdated, and on those platforms it would
 * miss its native parts. (npm leaves out what it did not find installed or in its registry: npm/cli#4828.)
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { root } from "./lib.mjs";

const SYSTEMS = ["linux", "darwin", "win32", "android", "freebsd", "openbsd", "netbsd", "sunos", "aix", "openharmony"];
const PROCESSORS = ["x64", "arm64", "arm", "ia32", "ppc64", "s390x", "riscv64", "loong64", "mips64el", "wasm32"];

const file = process.argv[2] ?? path.join(root, "package-lock.json");
const lock = JSON.parse(readFileSync(file, "utf8"));
const added = [];
for (const entry of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    const known = Object.keys(lock.packages).some((each) => each === key || each.endsWith(`/${key}`));
    // A range has no version to name; a package that is not for one platform is npm's own business.
    if (known || !/^\d+\.\d+\.\d+/.test(version) || !platformOf(name).os) continue;
    lock.packages[key] = { version, ...platformOf(name), ...(entry.dev ? { dev: true } : {}), optional: true };
    added.push(name);
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, "en")));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${added.length} optional packages added\n`);

/** Such packages tell their platform in their name: `@biomejs/cli-linux-x64-musl`, `@esbuild/darwin-arm64`. */
function platformOf(name) {
  const parts = name.split(/[/@_-]/);
  const os = SYSTEMS.find((system) => parts.includes(system)) ?? (parts.includes("windows") ? "win32" : undefined);
  const cpu = PROCESSORS.find((processor) => parts.includes(processor)) ?? (parts.includes("64") ? "x64" : undefined);
  if (parts.includes("wasm32")) return { os: ["wasi"], cpu: ["wasm32"] };
  return {
    ...(os ? { os: [os] } : {}),
    ...(cpu ? { cpu: [cpu] } : {}),
    ...(parts.includes("musl") ? { libc: ["musl"] } : parts.includes("gnu") ? { libc: ["glibc"] } : {}),
  };
}
