/** Checks every publishable package as its users will get it: `publint --strict` and `attw --pack`. */
import path from "node:path";
import { binOf, root, run } from "./lib.mjs";
import { PUBLISHED } from "./release-plan.mjs";

let failed = 0;
for (const name of PUBLISHED) {
  const cwd = path.join(root, "packages", name);
  failed |= await run(process.execPath, [binOf("publint", "src/cli.js"), "run", "--strict", "."], { cwd });
  // The server is ESM only: a server program has no reason to be required.
  const profile = name === "server" ? ["--profile", "esm-only"] : ["--profile", "node16"];
  failed |= await run(
    process.execPath,
    [binOf("@arethetypeswrong/cli", "dist/index.js"), "--pack", ".", ...profile, "--quiet"],
    { cwd },
  );
}
process.exitCode = failed ? 1 : 0;
