/** Plain `mic-stream`, also `mic-stream client`: the microphone until Ctrl+C. */
import type { Command } from "commander";
import type { CliContext } from "../cli/context.js";
import { addServerOptions, clientOptionsOf, matching, type ServerOptions } from "../cli/options.js";
import { createSttClient } from "../client.js";
import { microphone } from "../microphone.js";
import { createRenderer } from "../render/renderer.js";

interface LiveOptions extends ServerOptions {
  device?: string;
}

export function addLiveCommand(program: Command, context: CliContext): void {
  const { texts } = context;
  const command = program.command("client", { isDefault: true }).description(texts.client);
  addServerOptions(command, context)
    .option("--device <n>", texts.device, matching(/^\d+$/, texts.badDevice))
    .action(async (options: LiveOptions) => {
      await listen(options, context);
    });
}

async function listen(options: LiveOptions, context: CliContext): Promise<void> {
  const { interrupted, texts } = context;
  const renderer = createRenderer(context, options);
  const client = createSttClient(clientOptionsOf(options, context));
  const source = { labelled: false, getSnapshot: client.getSnapshot };
  client.on("event", (event) => renderer.event(source, event));
  try {
    // The server first: a microphone that records for a server that is not there only delays the message.
    await client.connect({ signal: interrupted });
    const mic = await microphone({
      ...(options.device === undefined ? {} : { device: Number(options.device) }),
      onDrop: (ms) => renderer.notice(texts.dropped.replace("{seconds}", (ms / 1000).toFixed(1))),
    });
    await client.start(mic, { signal: interrupted });
    await over(interrupted, client);
    await client.stop();
  } catch (error) {
    // Ctrl+C before the first word: there is nothing to flush.
    if (!(interrupted.aborted && client.getSnapshot().error === null)) throw error;
  } finally {
    await client.close();
    renderer.end();
  }
}

/** Until Ctrl+C, or until the recording ends by itself. */
function over(interrupted: AbortSignal, client: ReturnType<typeof createSttClient>): Promise<void> {
  return new Promise((resolve) => {
    const check = () => {
      const { status } = client.getSnapshot();
      if (interrupted.aborted || status === "failed" || status === "idle" || status === "finishing") resolve();
    };
    interrupted.addEventListener("abort", check, { once: true });
    client.on("status", check);
    check();
  });
}
