/** The way from this program to a person's eyes. */
import type { Environment } from "@stt/core/config";
import type { Output } from "../cli/context.js";
import { hasSystemClipboard } from "../terminal/clipboard.js";
import type { DoctorTexts } from "./doctor-texts.js";
import { type Finding, fill } from "./finding.js";

export function checkClipboard(terminal: Output | undefined, env: Environment, texts: DoctorTexts): Finding {
  const ways = [
    ...(terminal && env.TERM !== "dumb" ? [texts.byTerminal] : []),
    ...(env.TMUX ? [texts.byTmux] : []),
    ...(hasSystemClipboard(env, process.platform) ? [texts.bySystem] : []),
  ];
  if (ways.length === 0) {
    return { id: "clipboard", status: "warn", finding: texts.noClipboard, remedy: texts.noClipboardRemedy };
  }
  return { id: "clipboard", status: "ok", finding: fill(texts.clipboard, { ways: ways.join(", ") }) };
}

export function checkTerminal(terminal: Output | undefined, env: Environment, texts: DoctorTexts): Finding {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || "C";
  const term = env.TERM ?? "";
  if (!terminal) return { id: "terminal", status: "ok", finding: texts.noTerminal };
  if (term === "" || term === "dumb") {
    return { id: "terminal", status: "warn", finding: fill(texts.dumb, { term }), remedy: texts.dumbRemedy };
  }
  // On macOS and Windows the terminal knows without being told.
  if (process.platform === "linux" && !/utf-?8/i.test(locale)) {
    return { id: "terminal", status: "warn", finding: fill(texts.notUtf8, { locale }), remedy: texts.notUtf8Remedy };
  }
  return {
    id: "terminal",
    status: "ok",
    finding: fill(texts.terminal, { term, columns: terminal.columns ?? 80, locale }),
  };
}
