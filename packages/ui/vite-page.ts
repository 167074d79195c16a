/** How Vite builds a page that the server serves. */
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import type { UserConfig } from "vite";

/** The page names its files relative to itself: a proxy may put any path in front of the server. */
export const VITE_PAGE: UserConfig = {
  base: "./",
  publicDir: fileURLToPath(new URL("./public", import.meta.url)),
  plugins: [react()],
  build: {
    target: "es2022",
    // The page's policy allows no data: addresses, and the audio thread's script has to be a file.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "/v1": { target: "http://localhost:8012", ws: true } } },
};
