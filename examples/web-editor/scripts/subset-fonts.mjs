/**
 * The letters of the sheet, Literata of Fontsource, cut down to those that English and Russian texts are made of: what every
 * visitor loads. Everything else comes from the whole files, for who writes it. Run by `npm run build` and `npm start`.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import subsetFont from "subset-font";

const { resolve } = createRequire(import.meta.url);
const OUT = fileURLToPath(new URL("../src/fonts/", import.meta.url));

const range = (from, to) => String.fromCharCode(...Array.from({ length: to - from + 1 }, (_, i) => from + i));

/** Digits and marks, which every language needs. */
const MARKS = `${range(0x20, 0x40)}${range(0x5b, 0x60)}${range(0x7b, 0x7e)}\u00a0«»–—‘’“”„…`;

/** Of which file of Fontsource, which letters. */
const FACES = {
  latin: ["latin", `${MARKS}${range(0x41, 0x5a)}${range(0x61, 0x7a)}`],
  marks: ["latin", MARKS],
  cyrillic: ["cyrillic", `${range(0x410, 0x44f)}Ёё№`],
};

mkdirSync(OUT, { recursive: true });
for (const [name, [script, letters]] of Object.entries(FACES)) {
  const whole = readFileSync(resolve(`@fontsource/literata/files/literata-${script}-400-normal.woff2`));
  const options = { targetFormat: "woff2", noLayoutClosure: true };
  writeFileSync(`${OUT}literata-${name}.woff2`, await subsetFont(whole, letters, options));
}
