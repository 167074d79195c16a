/** `mic-stream mcp`: tools for agents, by the Model Context Protocol. */
import type { Command } from "commander";
import manifest from "../../package.json" with { type: "json" };
import type { CliContext } from "../cli/context.js";
import {
  addLanguageOption,
  addServerOption,
  connectionOf,
  deviceOf,
  type ServerOptions,
} from "../cli/server-options.js";

interface McpOptions extends ServerOptions {
  folder?: string[];
  microphone?: string | true;
}

export function addMcpCommand(program: Command, context: CliContext): void {
  const { texts, interrupted } = context;
  const command = program.command("mcp").description(texts.mcp);
  addLanguageOption(addServerOption(command, texts), texts)
    .option("--folder <path...>", texts.mcpFolder)
    .option("--microphone [name]", texts.mcpMicrophone)
    .action(async (options: McpOptions) => {
      const client = connectionOf(options, context);
      // Loaded here alone: nobody else waits for it.
      const [{ FileAccess }, { SpeechTools }, { serveMcp }] = await Promise.all([
        import("../mcp/file-access.js"),
        import("../mcp/speech-tools.js"),
        import("../mcp/mcp-server.js"),
      ]);
      const files = await FileAccess.within(options.folder ?? ["."]);
      const device = typeof options.microphone === "string" ? { device: deviceOf(options.microphone) } : {};
      const tools = new SpeechTools({ client, files, microphone: device });
      const canListen = options.microphone !== undefined;
      await serveMcp(tools, { version: manifest.version, folders: files.folders, canListen, signal: interrupted });
    });
}
