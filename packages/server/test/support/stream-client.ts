import { createSttClient, fileSource, type SttClientOptions } from "@stt/client-node";
import type { ServerMessageOf } from "@stt/core";
import type { Recording } from "./recordings.js";

export type Final = ServerMessageOf<"final">;
export type Partial = ServerMessageOf<"partial">;

export interface Streamed {
  text: string;
  finals: Final[];
  partials: Partial[];
  warnings: string[];
}

/** Streams a recording through the real client and collects what comes back. */
export async function stream(
  url: string,
  { path }: Pick<Recording, "path">,
  options: SttClientOptions & { pace?: 0 | 1 } = {},
): Promise<Streamed> {
  const { pace = 0, ...clientOptions } = options;
  const client = createSttClient({ url, ...clientOptions });
  const streamed: Streamed = { text: "", finals: [], partials: [], warnings: [] };
  client.on("final", (event) => streamed.finals.push(event));
  client.on("partial", (event) => streamed.partials.push(event));
  client.on("warning", (event) => streamed.warnings.push(event.message));
  try {
    streamed.text = await client.transcribe(await fileSource(path), { pace });
  } finally {
    await client.close();
  }
  return streamed;
}
