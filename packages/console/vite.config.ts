import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  // Relative to the page: a proxy may put a path in front of the server's.
  base: "./",
  plugins: [react()],
  build: {
    target: "es2022",
    // The page's policy allows no data: addresses, and the audio thread's script has to be a file.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "/v1": { target: "http://localhost:8012", ws: true } } },
});
