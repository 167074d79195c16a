import { defineConfig } from "vite";
import { VITE_PAGE } from "../ui/vite-page.js";

export default defineConfig(VITE_PAGE);
