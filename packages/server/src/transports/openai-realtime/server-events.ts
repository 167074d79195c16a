import { randomUUID } from "node:crypto";
import type { ErrorDetails } from "./realtime-error.js";

/** A user's turn as a conversation shows it. */
export interface ConversationItem {
  id: string;
  object: "realtime.item";
  type: "message";
  status: "completed";
  role: "user";
  content: { type: "input_audio"; transcript: string | null }[];
}

/** What the server says, less the `event_id` that {@link encodeServerEvent} adds. Times are milliseconds of audio received. */
export type ServerEvent =
  | {
      type: "session.created" | "session.updated" | "transcription_session.created" | "transcription_session.updated";
      session: Record<string, unknown>;
    }
  | { type: "input_audio_buffer.speech_started"; audio_start_ms: number; item_id: string }
  | { type: "input_audio_buffer.speech_stopped"; audio_end_ms: number; item_id: string }
  | { type: "input_audio_buffer.committed"; item_id: string; previous_item_id: string | null }
  | { type: "input_audio_buffer.cleared" }
  | {
      type: "conversation.item.added" | "conversation.item.done" | "conversation.item.created";
      item: ConversationItem;
      previous_item_id: string | null;
    }
  | {
      type: "conversation.item.input_audio_transcription.delta";
      item_id: string;
      content_index: 0;
      delta: string;
    }
  | {
      type: "conversation.item.input_audio_transcription.completed";
      item_id: string;
      content_index: 0;
      transcript: string;
      usage: { type: "duration"; seconds: number };
    }
  | {
      type: "conversation.item.input_audio_transcription.failed";
      item_id: string;
      content_index: 0;
      error: Pick<ErrorDetails, "type" | "code" | "message" | "param">;
    }
  | { type: "error"; error: ErrorDetails };

export function encodeServerEvent({ type, ...rest }: ServerEvent): string {
  return JSON.stringify({ type, event_id: newId("event"), ...rest });
}

/** An id of the look that clients know: a word and a random part. */
export function newId(kind: "event" | "item"): string {
  return `${kind}_${randomUUID().replaceAll("-", "")}`;
}
