/** The page of `site.ts`, as seen by functions that run in it. */
declare const page: typeof import("./page.js");
