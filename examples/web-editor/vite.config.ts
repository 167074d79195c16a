import { defineConfig } from "vite";
import { VITE_PAGE } from "../../packages/ui/vite-page.js";

export default defineConfig(VITE_PAGE);
