import { SttError } from "@stt/core";
import { normalizeLanguage } from "@stt/core/config";
import * as z from "zod";
import { TERM_LIMITS } from "../../http/deepgram/text-options.js";
import { THRESHOLD_LIMITS, type TurnThresholds } from "./turn-options.js";

const within = ({ min, max }: { min: number; max: number }) => z.number().min(min).max(max).nullish();

const hint = z.string().transform((tag, context) => {
  const code = normalizeLanguage(tag);
  if (code !== undefined) return code;
  context.addIssue({ code: "custom", message: "it must be a language that Whisper knows" });
  return z.NEVER;
});

const command = z.discriminatedUnion("type", [
  z.object({ type: z.literal("CloseStream") }),
  z.object({ type: z.literal("ForceEndTurn") }),
  z.object({ type: z.literal("KeepAlive") }),
  z.object({
    type: z.literal("Configure"),
    thresholds: z
      .object({
        eot_threshold: within(THRESHOLD_LIMITS.eot_threshold),
        eager_eot_threshold: within(THRESHOLD_LIMITS.eager_eot_threshold),
        eot_timeout_ms: within(THRESHOLD_LIMITS.eot_timeout_ms),
      })
      .nullish(),
    keyterms: z
      .union([z.array(z.string().trim().min(1).max(TERM_LIMITS.maxLength)).max(TERM_LIMITS.maxItems), z.string()])
      .nullish(),
    language_hints: z.array(hint).max(32).nullish(),
    numerals: z.boolean().nullish(),
  }),
]);

/** What a client says on a `/v2/listen` socket beside its audio. */
export type TurnCommand = z.infer<typeof command>;

/** `thresholds` with those that a command names; null is no change. */
export function changedThresholds(
  before: TurnThresholds,
  change: Extract<TurnCommand, { type: "Configure" }>["thresholds"],
): TurnThresholds {
  const named = Object.entries(change ?? {}).filter(([, value]) => value !== null && value !== undefined);
  return { ...before, ...Object.fromEntries(named) };
}

/** @throws SttError `bad_message` for what is no command; `invalid_argument` for a `Configure` with a wrong value. */
export function readTurnCommand(text: string): TurnCommand {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SttError("bad_message", "A text message is not valid JSON.", { cause });
  }
  const result = command.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const where = issue.path.join(".") || "type";
  const isConfigure = (value as { type?: unknown } | null)?.type === "Configure";
  const known = "CloseStream, ForceEndTurn, KeepAlive and Configure";
  throw isConfigure
    ? new SttError("invalid_argument", `The field ${where} cannot be taken: ${issue.message}.`)
    : new SttError("bad_message", `A message is not understood at ${where}: ${issue.message}. There are ${known}.`);
}
