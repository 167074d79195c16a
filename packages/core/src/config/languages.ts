/** The languages that Whisper models know, in the order of their token ids. */
export const WHISPER_LANGUAGES: readonly string[] = /* @__PURE__ */ (
  "en zh de es ru ko fr ja pt tr pl ca nl ar sv it id hi fi vi he uk el ms cs ro da hu ta no th ur hr bg lt la mi ml cy sk " +
  "te fa lv bn sr az sl kn et mk br eu is hy ne mn bs kk sq sw gl mr pa si km sn yo so af oc ka be tg sd gu am yi lo uz fo " +
  "ht ps tk nn mt sa lb my bo tl mg as tt haw ln ha ba jw su yue"
).split(" ");

/**
 * Whether a value of `LANGUAGE` was set by the desktop for gettext (`en_US:en`, `C.UTF-8`) and not by somebody who means
 * speech: many Linux systems export a variable of that very name.
 */
export function isDesktopLocale(value: string): boolean {
  return /[_:.@]/.test(value) || value === "C" || value === "POSIX";
}
