import { randomUUID } from "node:crypto";
import { createWriteStream, type WriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import busboy, { type BusboyHeaders, type BusboyInstance } from "@fastify/busboy";
import { abortError, messageOf, SttError } from "@stt/core";
import { FieldError } from "./field-error.js";

/** The values of each field as they were sent. */
export type FormFields = ReadonlyMap<string, readonly string[]>;

/** A form that was received: its fields, and its file on disk. */
export interface Upload {
  fields: FormFields;
  /** Where the file lies; absent when none was sent. */
  path: string | undefined;
  /** Removes the file. Idempotent. */
  dispose(): Promise<void>;
}

export interface UploadOptions {
  /** The field that holds the audio, whether or not its part has a file name or a type. */
  file: string;
  /** Longest file. */
  maxBytes: number;
  signal: AbortSignal;
  /** Called when nothing speaks against reading the body. */
  onAccept(): void;
}

const MAX_FIELDS = 64;
const MAX_FIELD_BYTES = 16_384;
const MAX_NAME_CHARACTERS = 100;
/** What a form may hold beside its file. */
const FORM_BYTES = 1_048_576;

/**
 * Receives a multipart form. The file goes to the system's folder for temporary files (TMPDIR) as it arrives, readable by this
 * user alone; nothing of it is kept in memory, and nothing on disk when this fails. What is left of the body then is not read.
 *
 * @throws SttError `unsupported_media` when it is no form, `too_large`, `invalid_argument`, `io_error`, `aborted`.
 */
export async function receiveUpload(request: IncomingMessage, options: UploadOptions): Promise<Upload> {
  const declared = Number(request.headers["content-length"] ?? 0);
  if (declared > options.maxBytes + FORM_BYTES) throw tooLarge(options);
  const form = formOf(request, options);
  options.onAccept();
  const path = join(tmpdir(), `stt-upload-${randomUUID()}`);
  const dispose = () => rm(path, { force: true });
  try {
    const { fields, hasFile } = await read(request, form, path, options);
    return { fields, path: hasFile ? path : undefined, dispose };
  } catch (error) {
    request.unpipe(form);
    // A folder that cannot be written cannot be cleaned either, and there is nothing in it.
    await dispose().catch(() => {});
    throw error;
  }
}

function formOf({ headers }: IncomingMessage, { file, maxBytes }: UploadOptions): BusboyInstance {
  try {
    return busboy({
      headers: headers as BusboyHeaders,
      isPartAFile: (name, _type, fileName) => name === file || fileName !== undefined,
      limits: {
        files: 1,
        fields: MAX_FIELDS,
        parts: MAX_FIELDS + 2,
        fieldSize: MAX_FIELD_BYTES,
        fileSize: maxBytes,
        headerPairs: 50,
        headerSize: 16_384,
      },
    });
  } catch (cause) {
    throw notAForm(file, cause);
  }
}

async function read(request: IncomingMessage, form: BusboyInstance, path: string, options: UploadOptions) {
  const { file, signal } = options;
  const fields = new Map<string, string[]>();
  let out: WriteStream | undefined;
  let written: Promise<void> | undefined;
  let onAbort = () => {};
  try {
    await new Promise<void>((resolve, reject) => {
      onAbort = () => reject(abortError(signal.reason));
      signal.addEventListener("abort", onAbort, { once: true });
      if (signal.aborted) onAbort();
      form.on("field", (name = "", value, _nameTruncated, valueTruncated) => {
        if (name.length > MAX_NAME_CHARACTERS)
          reject(new FieldError(name.slice(0, MAX_NAME_CHARACTERS), "A field's name is longer than 100 characters."));
        if (valueTruncated) reject(new FieldError(name, `${name} is longer than ${MAX_FIELD_BYTES} bytes.`));
        fields.set(name, [...(fields.get(name) ?? []), value]);
      });
      form.on("file", (name = "", stream) => {
        stream.once("limit", () => reject(tooLarge(options)));
        stream.on("error", (error: unknown) => reject(malformed(error)));
        if (name !== file) {
          stream.resume();
          const shown = JSON.stringify(name.slice(0, MAX_NAME_CHARACTERS));
          reject(new FieldError(name, `The audio belongs in the field ${file}, not in ${shown}.`));
          return;
        }
        out = createWriteStream(path, { flags: "wx", mode: 0o600 });
        // Of a small form the end may come before the file is known not to be writable: either way it is the same failure.
        written = finished(stream.pipe(out)).catch((error) => {
          throw notWritten(error);
        });
        written.catch(reject);
      });
      form.once("filesLimit", () => reject(new FieldError(file, "Send one file at a time.")));
      for (const event of ["fieldsLimit", "partsLimit"] as const) {
        form.once(event, () =>
          reject(new SttError("invalid_argument", `The form has more than ${MAX_FIELDS} fields.`)),
        );
      }
      // Each malformed part is an error of its own, and one without a listener would end the process.
      form.on("error", (error) => reject(malformed(error)));
      form.once("finish", resolve);
      request.on("error", (error) => reject(malformed(error)));
      request.pipe(form);
    });
    await written;
    return { fields, hasFile: written !== undefined };
  } catch (error) {
    // A file that is still being opened would come into being after it was removed.
    out?.destroy();
    await written?.catch(() => {});
    throw error;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

function notAForm(file: string, cause: unknown): SttError {
  return new SttError(
    "unsupported_media",
    `The request is not a form: send multipart/form-data with the audio in the field ${file}.`,
    { cause },
  );
}

export function tooLarge({ file, maxBytes }: UploadOptions): FieldError {
  return new FieldError(
    file,
    `The file is larger than ${maxBytes} bytes, the most this server takes (MAX_UPLOAD_BYTES). Send it compressed, or in parts.`,
    "too_large",
  );
}

export function malformed(error: unknown): SttError {
  return new SttError("invalid_argument", `The form is malformed: ${messageOf(error)}.`, { cause: error });
}

/** Where it should have gone, and why it could not, is for the log. */
export function notWritten(cause: unknown): SttError {
  return new SttError(
    "io_error",
    "The server cannot store the file at present. Its operator finds the reason in the log.",
    {
      cause,
    },
  );
}
