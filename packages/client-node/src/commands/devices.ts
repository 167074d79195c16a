/** `mic-stream devices` */
import type { Command } from "commander";
import type { CliContext } from "../cli/context.js";
import { listMicrophones } from "../microphones.js";

export function addDevicesCommand(program: Command, context: CliContext): void {
  const { texts, stdout, stderr } = context;
  program
    .command("devices")
    .description(texts.devices)
    .option("--json", texts.jsonReport)
    .action(async (options: { json?: boolean }) => {
      const devices = await listMicrophones();
      if (options.json) stdout.write(`${JSON.stringify(devices)}\n`);
      else for (const { index, name } of devices) stdout.write(`${index ?? "-"}\t${name}\n`);
      if (devices.length === 0) stderr.write(`${texts.noDevices}\n`);
    });
}
