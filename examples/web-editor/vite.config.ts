import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { VITE_PAGE } from "../../packages/ui/vite-page.js";

const SHELL = fileURLToPath(new URL("./shell/", import.meta.url));

/** What makes the page installable has fixed names: browsers look for it again and again. The worker is told what there is to keep. */
function shell(): Plugin {
  return {
    name: "shell",
    apply: "build",
    generateBundle(_, bundle) {
      const kept = Object.keys(bundle).filter((name) => name.startsWith("assets/"));
      for (const fileName of readdirSync(SHELL)) {
        const source = readFileSync(SHELL + fileName);
        const named =
          fileName === "sw.js" ? source.toString().replace("FILES = []", `FILES = ${JSON.stringify(kept)}`) : source;
        this.emitFile({ type: "asset", fileName, source: named });
      }
    },
  };
}

export default defineConfig({ ...VITE_PAGE, plugins: [VITE_PAGE.plugins, shell()] });
