/** The tools for agents: the Model Context Protocol on standard input and output. */
import { McpServer } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { messageOf } from "@stt/core";
import { z } from "zod";
import { FORMATS, type SpeechTools } from "./speech-tools.js";

const MAX_LISTEN_S = 300;

const language = z
  .string()
  .max(64)
  .optional()
  .describe("Spoken language, such as en; left out, the server decides by its settings.");

export interface McpOptions {
  version: string;
  /** Folders whose files may be read, for the description. */
  folders: readonly string[];
  /** Whether there is the tool that opens the microphone. */
  canListen: boolean;
  /** Ends it. */
  signal: AbortSignal;
}

/** Serves until the other side closes its end, or the signal fires. */
export async function serveMcp(tools: SpeechTools, options: McpOptions): Promise<void> {
  const { stdin } = process;
  const over = new Promise<void>((resolve) => {
    stdin.once("end", resolve);
    stdin.once("close", resolve);
    options.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  // Hosts of the older and of the newer revision of the protocol are served alike.
  const connection = serveStdio(() => createMcpServer(tools, options));
  await over;
  await connection.close();
}

function createMcpServer(tools: SpeechTools, { version, folders, canListen }: McpOptions): McpServer {
  const server = new McpServer({ name: "stt", title: "Speech to text", version });
  server.registerTool(
    "transcribe_file",
    {
      title: "Transcribe a file",
      description: `The text of an audio or video file. Files in these folders can be read: ${folders.join(", ")}.`,
      inputSchema: z.object({
        path: z.string().min(1).max(4096).describe("Absolute, or relative to one of the folders."),
        language,
        format: z.enum(FORMATS).default("txt").describe("srt and vtt are subtitles; json has times in milliseconds."),
      }),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    (order, { mcpReq }) => answered(() => tools.transcribeFile(order, mcpReq.signal)),
  );
  if (canListen) {
    server.registerTool(
      "listen",
      {
        title: "Listen to the microphone",
        description: "Opens the microphone, waits for the person to speak and to fall silent, and gives what was said.",
        inputSchema: z.object({
          language,
          silence_seconds: z.number().min(0.5).max(30).default(2).describe("So much silence after speech ends it."),
          max_seconds: z.number().min(1).max(MAX_LISTEN_S).default(60).describe("It ends after this in any case."),
        }),
        annotations: { readOnlyHint: true, openWorldHint: true },
      },
      ({ language: spoken, silence_seconds: silence, max_seconds: most }, { mcpReq }) =>
        answered(() =>
          tools.listen({ language: spoken, silenceMs: silence * 1000, mostMs: most * 1000 }, mcpReq.signal),
        ),
    );
  }
  server.registerTool(
    "history",
    {
      title: "Earlier transcripts",
      description: "What was transcribed since this program began, the newest first.",
      inputSchema: z.object({ limit: z.number().int().min(1).max(50).default(10) }),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    ({ limit }) => answered(async () => JSON.stringify(tools.history(limit), null, 2)),
  );
  return server;
}

/** A failure is a result too: the agent reads it and can do better. */
async function answered(work: () => Promise<string>) {
  try {
    return { content: [{ type: "text" as const, text: await work() }] };
  } catch (error) {
    return { content: [{ type: "text" as const, text: messageOf(error) }], isError: true };
  }
}
