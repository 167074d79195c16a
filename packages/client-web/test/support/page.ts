/** What tests find on the page: the package as the global `stt`. */
export * from "../../src/index.js";
