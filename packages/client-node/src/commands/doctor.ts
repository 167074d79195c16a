/** `mic-stream doctor` */
import { PROTOCOL_VERSION } from "@stt/core";
import type { Command } from "commander";
import manifest from "../../package.json" with { type: "json" };
import { EXIT, type SetExitCode } from "../cli/command-line.js";
import type { CliContext } from "../cli/context.js";
import { addServerOption, connectionOf, deviceOf, type ServerOptions } from "../cli/server-options.js";
import { clientSettings } from "../client-settings.js";
import { checkDevices, checkMicrophone, checkRecorder } from "../diagnosis/audio-checks.js";
import { type DoctorTexts, doctorTexts } from "../diagnosis/doctor-texts.js";
import { type Finding, fill } from "../diagnosis/finding.js";
import { checkPort, checkSession } from "../diagnosis/server-checks.js";
import { checkClipboard, checkTerminal } from "../diagnosis/terminal-checks.js";

interface DoctorOptions extends ServerOptions {
  device?: string;
  json?: boolean;
}

const OLDEST_NODE = 20;
const ICONS = { ok: "✓", warn: "!", broken: "✕" } as const;

export function addDoctorCommand(program: Command, context: CliContext, setExitCode: SetExitCode): void {
  const { texts, stdout } = context;
  const command = program.command("doctor").description(texts.doctor);
  addServerOption(command, texts)
    .option("--device <name>", texts.device)
    .option("--json", texts.jsonReport)
    .action(async (options: DoctorOptions) => {
      const words = doctorTexts(context.locale);
      const findings: Finding[] = [];
      for await (const finding of examine(options, context, words)) {
        findings.push(finding);
        if (!options.json) stdout.write(lineOf(finding));
      }
      const broken = findings.filter(({ status }) => status === "broken").length;
      const warnings = findings.filter(({ status }) => status === "warn").length;
      if (options.json) stdout.write(`${JSON.stringify({ ok: broken === 0, findings })}\n`);
      else stdout.write(`\n${verdict(broken, warnings, words)}\n`);
      setExitCode(broken === 0 ? EXIT.ok : EXIT.failed);
    });
}

/** One check after the other, in the order of the way from voice to text. @throws SttError `invalid_config` */
async function* examine(options: DoctorOptions, context: CliContext, words: DoctorTexts): AsyncGenerator<Finding> {
  const { env, stdout, stderr } = context;
  const connection = connectionOf(options, context);
  yield checkVersions(words);
  yield await checkRecorder(env, words);
  yield await checkDevices(words);
  yield await checkMicrophone(options.device === undefined ? undefined : deviceOf(options.device), words);
  const { controlUrl } = clientSettings(env, context.dotenv);
  // With --url, and where SERVER_HOST is a URL, there is one address.
  if (options.url === undefined && controlUrl !== undefined) {
    yield await checkPort("control", "CONTROL_PORT", { ...connection, url: controlUrl }, words);
  }
  const data = await checkPort("data", dataVariable(options, controlUrl), connection, words);
  yield data;
  if (data.status === "ok") yield await checkSession(connection, words);
  const terminal = [stderr, stdout].find((output) => output.isTTY);
  yield checkClipboard(terminal, env, words);
  yield checkTerminal(terminal, env, words);
}

/** What decides where audio goes. */
function dataVariable({ url }: DoctorOptions, controlUrl: string | undefined): string {
  if (url !== undefined) return "--url";
  return controlUrl === undefined ? "SERVER_HOST" : "DATA_PORT";
}

function checkVersions(words: DoctorTexts): Finding {
  const { node } = process.versions;
  const platform = `${process.platform} ${process.arch}`;
  if (Number.parseInt(node, 10) < OLDEST_NODE) {
    return { id: "versions", status: "broken", finding: fill(words.oldNode, { node }), remedy: words.oldNodeRemedy };
  }
  const values = { version: manifest.version, protocol: PROTOCOL_VERSION, node, platform };
  return { id: "versions", status: "ok", finding: fill(words.versions, values) };
}

function lineOf({ status, finding, remedy }: Finding): string {
  return `${ICONS[status]} ${finding}\n${remedy === undefined ? "" : `  → ${remedy}\n`}`;
}

function verdict(broken: number, warnings: number, words: DoctorTexts): string {
  if (broken > 0) return fill(words.unhealthy, { count: broken });
  return warnings > 0 ? fill(words.usable, { count: warnings }) : words.healthy;
}
