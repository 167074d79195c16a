import { SttError } from "@stt/core";
import * as z from "zod";

const name = z.string().min(1).max(200);
const MAX_PARAMETERS = 50;

const message = z.discriminatedUnion("event", [
  z.object({ event: z.literal("connected") }),
  z.object({
    event: z.literal("start"),
    start: z.object({
      callSid: name,
      streamSid: name,
      tracks: z.array(z.string().max(20)).max(2).default(["inbound"]),
      customParameters: z.record(z.string().max(200), z.string().max(1000)).default({}),
      mediaFormat: z.object({
        encoding: z.literal("audio/x-mulaw"),
        sampleRate: z.literal(8000),
        channels: z.literal(1),
      }),
    }),
  }),
  z.object({
    event: z.literal("media"),
    media: z.object({ track: z.string().max(20).default("inbound"), payload: z.base64() }),
  }),
  z.object({ event: z.literal("dtmf"), dtmf: z.object({ digit: z.string().max(8) }) }),
  z.object({ event: z.literal("mark") }),
  z.object({ event: z.literal("stop") }),
]);

/** What Twilio says on the socket of a stream (https://www.twilio.com/docs/voice/media-streams/websocket-messages). */
export type TwilioMessage = z.infer<typeof message>;
export type TwilioStart = Extract<TwilioMessage, { event: "start" }>["start"];

/** @throws SttError `bad_message` */
export function readTwilioMessage(text: string): TwilioMessage {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SttError("bad_message", "A message is not valid JSON.", { cause });
  }
  const result = message.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0]!;
    const where = issue.path.join(".") || "event";
    throw new SttError("bad_message", `A message is not understood at ${where}: ${issue.message}.`);
  }
  const { data } = result;
  if (data.event === "start" && Object.keys(data.start.customParameters).length > MAX_PARAMETERS) {
    throw new SttError("bad_message", `A call has more than ${MAX_PARAMETERS} parameters.`);
  }
  return data;
}
