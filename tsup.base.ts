import type { Options } from "tsup";

/** Settings every package shares; a package's own `tsup.config.ts` adds its entries and formats. */
export const base: Options = {
  target: "es2022",
  sourcemap: true,
  clean: true,
  // Most of a build's time, and nothing at run time: the container image leaves them out.
  dts: process.env.STT_BUILD_TYPES === "false" ? false : { compilerOptions: { noEmit: false, paths: {} } },
  splitting: true,
  treeshake: true,
};
