/**
 * The native wire's JSON messages: one schema each, types inferred from it. `design` of the wire in docs/protocol.md.
 * All times are milliseconds on the session's audio timeline; sample counts are at the declared input rate.
 *
 * Each schema is made by a call that is marked as pure, so that bundlers leave all of them, and zod, out of a browser's bundle:
 * clients need the types only.
 */
import * as z from "zod/mini";
import { languageSchema, languagesSchema } from "../config/language-schema.js";
import { textOptions } from "../text/text-options.js";
import { vocabularySchema } from "../vocabulary/vocabulary-schema.js";
import { PROTOCOL_VERSION } from "./version.js";

const samples = /* @__PURE__ */ (() => z.number().check(z.int(), z.minimum(0)))();
const count = /* @__PURE__ */ (() => z.number().check(z.int(), z.minimum(0)))();
const ms = /* @__PURE__ */ (() => z.number().check(z.minimum(0)))();

export const audioFormatSchema = /* @__PURE__ */ (() =>
  z.object({
    encoding: z.enum(["pcm_s16le", "pcm_f32le"]),
    sampleRate: z.number().check(z.minimum(8000), z.maximum(192_000)),
    channels: z.union([z.literal(1), z.literal(2)]),
  }))();

/** When an utterance ends. What is left out comes from the server's configuration. */
export const endpointingSchema = /* @__PURE__ */ (() =>
  z.object({
    /** Silence after speech that ends an utterance, 100..10000 ms. */
    silenceMs: z.optional(z.number().check(z.minimum(100), z.maximum(10_000))),
    /** The silence timer does not end an utterance sooner than this, 0..30000 ms. */
    minUtteranceMs: z.optional(z.number().check(z.minimum(0), z.maximum(30_000))),
    /** An utterance is split at this length, 2000..30000 ms. */
    maxUtteranceMs: z.optional(z.number().check(z.minimum(2000), z.maximum(30_000))),
  }))();

/** `true`: committed and tentative text; `"committed"`: never text that may be rewritten; `false`: finals only. */
const partialsSchema = /* @__PURE__ */ (() => z.union([z.boolean(), z.literal("committed")]))();

/** What `start` sets and `update` may change. */
const sessionOptions = /* @__PURE__ */ (() => ({
  language: z.optional(languageSchema),
  /** The languages among which `auto` decides; none: all. */
  languages: z.optional(languagesSchema),
  task: z.optional(z.enum(["transcribe", "translate"])),
  prompt: z.optional(z.string().check(z.maxLength(2000))),
  /** Names and terms to expect, beside those of the server's settings. An update replaces the session's list. */
  vocabulary: z.optional(vocabularySchema),
  partials: z.optional(partialsSchema),
  words: z.optional(z.boolean()),
  endpointing: z.optional(endpointingSchema),
  ...textOptions,
}))();

const resumeSchema = /* @__PURE__ */ (() =>
  z.object({
    /** The session to continue; any server accepts it, since a resumed session carries all it needs. */
    sessionId: z.string().check(z.regex(/^[\w-]{1,64}$/, "must be 1 to 64 letters, digits, - or _")),
    /** Offset of the first sample that will be replayed. */
    fromSample: samples,
    /**
     * Audio before this offset has its final already. It is replayed so that the detector hears what the last server's heard,
     * and belongs to no utterance. `fromSample` when left out.
     */
    finalizedSamples: z.optional(samples),
    /** Number of the next utterance. */
    nextUtterance: count,
    /** The end of the text that the next utterance continues: only after a final with `continues`. */
    context: z.optional(z.string().check(z.maxLength(2000))),
    /** For a session whose language is `auto`: the language of the last final with `languageSettled`. */
    language: z.optional(languageSchema),
  }))();

export const clientMessageSchema = /* @__PURE__ */ (() =>
  z.discriminatedUnion("type", [
    z.object({
      type: z.literal("start"),
      protocol: z.literal(PROTOCOL_VERSION),
      audio: audioFormatSchema,
      ...sessionOptions,
      resume: z.optional(resumeSchema),
    }),
    z.object({ type: z.literal("update"), ...sessionOptions }),
    z.object({ type: z.literal("finalize") }),
    z.object({ type: z.literal("cancel") }),
    z.object({ type: z.literal("stop") }),
    z.object({ type: z.literal("ping"), id: count }),
  ]))();

const wordSchema = /* @__PURE__ */ (() =>
  z.object({ text: z.string(), startMs: ms, endMs: ms, confidence: z.number() }))();

/** A command that was spoken, and where. */
const spokenCommandSchema = /* @__PURE__ */ (() =>
  z.object({
    /** Its name, such as `delete_that`, or the own one that was asked for. */
    command: z.string(),
    /** As it was spoken. */
    text: z.string(),
    startMs: ms,
    endMs: ms,
  }))();

export const serverMessageSchema = /* @__PURE__ */ (() =>
  z.discriminatedUnion("type", [
    z.object({
      type: z.literal("ready"),
      protocol: z.literal(PROTOCOL_VERSION),
      sessionId: z.string(),
      model: z.string(),
      realtimeModel: z.string(),
      device: z.enum(["cpu", "cuda"]),
      resumed: z.boolean(),
      receivedSamples: samples,
      limits: z.object({ maxFrameBytes: count, maxBufferedMs: ms }),
    }),
    z.object({ type: z.literal("speech_start"), utterance: count, atMs: ms }),
    z.object({ type: z.literal("speech_end"), utterance: count, atMs: ms }),
    z.object({
      type: z.literal("partial"),
      utterance: count,
      /** Grows by one with each partial of an utterance. */
      revision: count,
      /** Only ever grows within an utterance. */
      committed: z.string(),
      /** May change with the next partial. Join it to `committed` with a space where both are there. */
      tentative: z.string(),
      startMs: ms,
      endMs: ms,
      language: z.string(),
    }),
    z.object({
      type: z.literal("final"),
      utterance: count,
      /** Empty only where the utterance was nothing but commands. */
      text: z.string(),
      startMs: ms,
      endMs: ms,
      /** All audio before this offset is done with: the client may forget it. */
      finalizedSamples: samples,
      /** The utterance was cut at its greatest length: the next one goes on in the same sentence. */
      continues: z.optional(z.boolean()),
      language: z.string(),
      /** `auto` has settled on this language: what comes next is decoded in it. */
      languageSettled: z.optional(z.boolean()),
      /** Mean token probability, 0..1; at most 0.3 where the server doubts the text. */
      confidence: z.number(),
      words: z.optional(z.array(wordSchema)),
      /**
       * Commands that were spoken behind the text, in order; they are no part of it. A part of the final, so that a connection that
       * breaks loses none and repeats none.
       */
      commands: z.optional(z.array(spokenCommandSchema)),
    }),
    z.object({
      /** The utterance has no text, and no final follows: nobody spoke, or it was cancelled. */
      type: z.literal("discarded"),
      utterance: count,
      /** Which rule said so: a stable code. */
      rule: z.string(),
      /** In words. */
      message: z.string(),
      atMs: ms,
    }),
    z.object({ type: z.literal("ack"), receivedSamples: samples, finalizedSamples: samples }),
    z.object({ type: z.literal("warning"), code: z.string(), message: z.string() }),
    z.object({
      type: z.literal("error"),
      code: z.string(),
      message: z.string(),
      fatal: z.boolean(),
      /** When to come back, with `capacity`: the `Retry-After` of a refusal that a browser can read. */
      retryAfterMs: z.optional(ms),
    }),
    z.object({ type: z.literal("goaway"), reason: z.string(), resumeWithinMs: ms }),
    z.object({ type: z.literal("end"), audioMs: ms, utterances: count }),
    z.object({ type: z.literal("pong"), id: count }),
  ]))();

export type Endpointing = z.infer<typeof endpointingSchema>;
export type ClientMessage = z.infer<typeof clientMessageSchema>;
export type ServerMessage = z.infer<typeof serverMessageSchema>;
export type ClientMessageOf<T extends ClientMessage["type"]> = Extract<ClientMessage, { type: T }>;
export type ServerMessageOf<T extends ServerMessage["type"]> = Extract<ServerMessage, { type: T }>;
/** Where a session goes on that another connection has begun. */
export type ResumePoint = z.infer<typeof resumeSchema>;
export type FinalWord = z.infer<typeof wordSchema>;
export type SpokenCommand = z.infer<typeof spokenCommandSchema>;
export type PartialsMode = z.infer<typeof partialsSchema>;
/** The options of a session that `start` sets and `update` changes. */
export type SessionOptions = Omit<ClientMessageOf<"update">, "type">;
