import { z } from "@hono/zod-openapi";
import { isVocabulary, VOCABULARY_RULE } from "@stt/core";
import { FALSE_WORDS, LANGUAGE_RULE, normalizeLanguage, normalizeLanguageChoice, TRUE_WORDS } from "@stt/core/config";
import { FieldError, fieldErrorOf } from "./field-error.js";
import type { Task } from "./file-job.js";
import type { FormFields } from "./upload.js";

export const RESPONSE_FORMATS = ["json", "text", "srt", "verbose_json", "vtt"] as const;
export type ResponseFormat = (typeof RESPONSE_FORMATS)[number];

/** What a form of OpenAI's transcription API asks for, checked. */
export interface TranscriptionRequest {
  /** Absent when none was named: the model of the finals. */
  model: string | undefined;
  /** Whisper's code or `auto`, and the languages among which that decides; absent for the server's default. */
  language: string | undefined;
  languages: string[] | undefined;
  prompt: string | undefined;
  /** Names and terms to expect, beside those of the server's settings. */
  keywords: readonly string[];
  /** 0..1 */
  temperature: number;
  format: ResponseFormat;
  segments: boolean;
  words: boolean;
  stream: boolean;
}

function refuse(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: "custom", message });
  return z.NEVER;
}

const ZERO_TO_ONE = "pass a number from 0 to 1";

const common = {
  model: z.string().optional().meta({
    description: "A loaded model, or an OpenAI name for the main one, which is also what no name means.",
    example: "whisper-1",
  }),
  language: z
    .string()
    .transform((tag, context) => normalizeLanguageChoice(tag) ?? refuse(context, `pass ${LANGUAGE_RULE.en}`))
    .optional()
    .meta({ description: "Of the speech, or auto; without it the server's own setting counts.", example: "en" }),
  prompt: z.string().optional().meta({ description: "Text that came before, or words to expect." }),
  response_format: z.enum(RESPONSE_FORMATS, { error: `allowed are ${RESPONSE_FORMATS.join(", ")}` }).default("json"),
  temperature: z.coerce.number({ error: ZERO_TO_ONE }).min(0, ZERO_TO_ONE).max(1, ZERO_TO_ONE).default(0),
};

/** Fields that may come several times, as `name[]`, `name[0]` or `name`. */
const lists = {
  timestamp_granularities: z
    .array(z.enum(["segment", "word"], { error: "pass word or segment" }))
    .default([])
    .meta({ description: "With response_format=verbose_json; without it, segments." }),
  keywords: z
    .array(z.string())
    .default([])
    .refine(isVocabulary, { error: `pass ${VOCABULARY_RULE.en}` })
    .meta({ description: "Names and terms to expect." }),
  languages: z
    .array(z.string())
    .transform((values, context) => {
      const tags = values.flatMap((list) => list.split(/[\s,;]+/)).filter(Boolean);
      return tags.map((tag) => normalizeLanguage(tag) ?? refuse(context, "pass codes such as en,ru"));
    })
    .optional()
    .meta({ description: "The languages among which auto decides, one each or all in one: en,ru." }),
  include: z
    .array(z.string())
    .default([])
    .refine((values) => values.length === 0, "log probabilities of tokens are not given by this server, leave it out")
    .meta({ description: "Nothing can be included." }),
};
const isList = (name: string): name is keyof typeof lists => Object.hasOwn(lists, name);

/** The fields beside the file. Empty ones count as left out. */
const schemas = {
  transcribe: z.strictObject({
    ...common,
    ...lists,
    stream: z
      .stringbool({ truthy: [...TRUE_WORDS], falsy: [...FALSE_WORDS], error: "pass true or false" })
      .default(false)
      .meta({ type: "boolean", description: "Server-sent events with the text as it is decoded." }),
    chunking_strategy: z.string().optional().meta({ description: "Taken and not needed." }),
  }),
  translate: z.strictObject({ ...common, languages: lists.languages }),
};
type Sent = z.output<typeof schemas.translate> & Partial<z.output<typeof schemas.transcribe>>;

/**
 * Reads the fields of `/v1/audio/transcriptions` or `/v1/audio/translations`.
 *
 * @throws FieldError naming the field that is wrong, its value and what is allowed.
 */
export function readTranscriptionRequest(fields: FormFields, task: Task): TranscriptionRequest {
  const sent = collect(fields);
  const schema = schemas[task];
  const result = schema.safeParse(sent);
  if (!result.success) throw fieldErrorOf(result.error, sent, ["file", ...Object.keys(schema.shape)]);
  const {
    model,
    language,
    languages,
    prompt,
    keywords = [],
    temperature,
    stream = false,
    ...asked
  }: Sent = result.data;
  const { response_format: format, timestamp_granularities: granularities = [] } = asked;
  if (stream && format !== "json" && format !== "text") {
    throw new FieldError("response_format", `With stream=true the text is sent as it comes: use json, not ${format}.`);
  }
  if (granularities.length > 0 && format !== "verbose_json") {
    throw new FieldError(
      "timestamp_granularities",
      `Timestamps come with response_format=verbose_json, not with ${format}.`,
    );
  }
  const words = granularities.includes("word");
  const segments = granularities.length === 0 || granularities.includes("segment");
  return { model, language, languages, prompt, keywords, temperature, format, stream, segments, words };
}

/** The form as its description has it, for the OpenAPI document. */
export function formSchema(task: Task): object {
  const { $schema: _, properties = {}, ...schema } = z.toJSONSchema(schemas[task], { io: "input" });
  const named = Object.entries(properties).map(([name, field]) => [isList(name) ? `${name}[]` : name, field]);
  const file = { type: "string", format: "binary", description: "The audio; its content decides of what kind it is." };
  return { ...schema, properties: { file, ...Object.fromEntries(named) }, required: ["file"] };
}

/** Each field with its value, lists with all of them; what is empty is left out. */
function collect(fields: FormFields): Record<string, string | string[]> {
  const sent: Record<string, string | string[]> = Object.create(null);
  for (const [key, all] of fields) {
    const values = all.filter((value) => value.trim() !== "");
    const name = key.replace(/\[\d*\]$/, "");
    if (values.length === 0) continue;
    if (isList(name)) sent[name] = [...(sent[name] ?? []), ...values];
    else if (values.length > 1) throw new FieldError(key, `${key} was sent ${values.length} times; send it once.`);
    else sent[key] = values[0]!;
  }
  return sent;
}
