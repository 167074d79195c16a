/** The Debian packages that the recordings of people come from, and the programs that decode and make sound. */
import { existsSync } from "node:fs";
import { runToEnd } from "../processes.mjs";

/** Each package and a file by which it is known to be there. */
const LANGUAGES = {
  en: "en_US_f_Allison",
  ru: "ru_RU_f_IvrvoiceRU",
  es: "es_MX_f_Allison",
  fr: "fr_CA_f_June",
  it: "it_IT_m_Carlo",
};

/** Telephone prompts: where a language's recordings lie, and the list of what they say. */
export const PROMPTS = Object.fromEntries(
  Object.entries(LANGUAGES).map(([language, voice]) => [
    language,
    {
      folder: `/usr/share/asterisk/sounds/${voice}`,
      list: `/usr/share/doc/asterisk-core-sounds-${language}/core-sounds-${language}.txt.gz`,
    },
  ]),
);
export const HOLD_MUSIC = "/usr/share/asterisk/moh";
export const LIBRIVOX = "/usr/share/pocketsphinx/test/data/librivox";

const PACKAGES = {
  ...Object.fromEntries(
    Object.entries(PROMPTS).flatMap(([language, { folder, list }]) => [
      [`asterisk-core-sounds-${language}`, list],
      [`asterisk-core-sounds-${language}-g722`, `${folder}/vm-goodbye.g722`],
    ]),
  ),
  "asterisk-moh-opsound-g722": `${HOLD_MUSIC}/reno_project-system.g722`,
  "pocketsphinx-testdata": `${LIBRIVOX}/transcription`,
  ffmpeg: "/usr/bin/ffmpeg",
  sox: "/usr/bin/sox",
};

/**
 * Sees to it that the packages are there.
 *
 * @param {{ install?: boolean }} options `install` has apt-get install what is missing
 * @throws with the names of what is missing and the command that installs it
 */
export async function requirePackages({ install = false } = {}) {
  let missing = missingPackages();
  if (missing.length > 0 && install) {
    process.stderr.write(`installing ${missing.join(", ")} ...\n`);
    const [command, ...rest] = [...asRoot(), "apt-get", "install", "-y", "-qq", "--no-install-recommends", ...missing];
    await runToEnd(command, rest, { env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
    missing = missingPackages();
    const lists = missing.filter((name) => /^asterisk-core-sounds-..$/.test(name));
    if (lists.length > 0)
      throw new Error(
        `Installed, but ${PACKAGES[lists[0]]} is not there: dpkg leaves documentation out on this machine (path-exclude in /etc/dpkg/dpkg.cfg.d). Take that line out and reinstall ${lists.join(" ")}.`,
      );
  }
  if (missing.length === 0) return;
  throw new Error(
    `The recordings of people come from Debian packages, and these are missing: ${missing.join(", ")}.\n` +
      `Install them with: ${[...asRoot(), "apt-get install --no-install-recommends", ...missing].join(" ")}\n` +
      "or run this again with --install. On another system, unpack them (ar x, tar xf) at the same paths.",
  );
}

const missingPackages = () =>
  Object.entries(PACKAGES)
    .filter(([, file]) => !existsSync(file))
    .map(([name]) => name);

const asRoot = () => (process.getuid?.() === 0 ? [] : ["sudo"]);
