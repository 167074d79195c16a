import { SttError } from "@stt/core";
import * as z from "zod";
import { TERM_LIMITS } from "../../http/deepgram/text-options.js";

const configure = z.object({
  type: z.literal("Configure"),
  keyterms: z.array(z.string().trim().min(1).max(TERM_LIMITS.maxLength)).max(TERM_LIMITS.maxItems).nullish(),
  features: z.record(z.string(), z.boolean()).nullish(),
});

const command = z.discriminatedUnion("type", [
  z.object({ type: z.literal("KeepAlive") }),
  z.object({ type: z.literal("Finalize") }),
  z.object({ type: z.literal("CloseStream") }),
  configure,
]);

/** What a client says on a `/v1/listen` socket beside its audio. */
export type ListenCommand = z.infer<typeof command>;

/**
 * @throws SttError `bad_message`
 */
export function readListenCommand(text: string): ListenCommand {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SttError("bad_message", "A text message is not valid JSON.", { cause });
  }
  const result = command.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const known = "KeepAlive, Finalize, CloseStream and Configure";
  const where = issue.path.join(".") || "type";
  throw new SttError("bad_message", `A message is not understood at ${where}: ${issue.message}. There are ${known}.`);
}
