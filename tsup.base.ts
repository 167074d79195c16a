import type { Options } from "tsup";

/** Settings every package shares; a package's own `tsup.config.ts` adds its entries and formats. */
export const base: Options = {
  target: "es2022",
  sourcemap: true,
  clean: true,
  dts: { compilerOptions: { noEmit: false, paths: {} } },
  splitting: true,
  treeshake: true,
};
