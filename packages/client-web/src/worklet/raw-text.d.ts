/** A file's text as a module. Vite knows it; our esbuild builds use `scripts/raw-text-plugin.mjs`. */
declare module "*?raw" {
  const text: string;
  export default text;
}
