import { randomUUID } from "node:crypto";
import { createWriteStream, type WriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { abortError, messageOf, SttError } from "@stt/core";
import busboy, { type Busboy } from "busboy";
import { FieldError } from "./field-error.js";

/** A form that was received: its fields, and its file on disk. */
export interface Upload {
  fields: ReadonlyMap<string, readonly string[]>;
  /** Where the file lies; absent when none was sent. */
  path: string | undefined;
  /** Removes the file. Idempotent. */
  dispose(): Promise<void>;
}

const MAX_FIELDS = 64;
const MAX_FIELD_BYTES = 16_384;
/** What a form may hold beside its file. */
const FORM_BYTES = 1_048_576;

/**
 * Receives a multipart form. The file goes to the system's folder for temporary files (TMPDIR) as it arrives, readable by this
 * user alone; nothing of it is kept in memory, and nothing on disk when this fails.
 *
 * @param maxBytes longest file
 * @throws SttError `unsupported_media` when it is no form, `too_large`, `invalid_argument`, `io_error`, `aborted`.
 */
export async function receiveUpload(request: IncomingMessage, maxBytes: number, signal: AbortSignal): Promise<Upload> {
  const declared = Number(request.headers["content-length"] ?? 0);
  if (declared > maxBytes + FORM_BYTES) throw tooLarge(maxBytes);
  const form = formOf(request, maxBytes);
  const path = join(tmpdir(), `stt-upload-${randomUUID()}`);
  const dispose = () => rm(path, { force: true });
  try {
    const { fields, hasFile } = await read(request, form, { path, maxBytes, signal });
    return { fields, path: hasFile ? path : undefined, dispose };
  } catch (error) {
    // The rest of the body is not of interest, but whoever sends it should get to read the answer.
    request.unpipe(form);
    request.resume();
    await dispose();
    throw error;
  }
}

function formOf(request: IncomingMessage, maxBytes: number): Busboy {
  try {
    const limits = { files: 1, fields: MAX_FIELDS, fieldSize: MAX_FIELD_BYTES, fieldNameSize: 100, headerPairs: 50 };
    return busboy({ headers: request.headers, limits: { ...limits, fileSize: maxBytes, parts: MAX_FIELDS + 2 } });
  } catch (cause) {
    throw new SttError(
      "unsupported_media",
      "The request is not a form: send multipart/form-data with the audio in the field file.",
      { cause },
    );
  }
}

interface Target {
  path: string;
  maxBytes: number;
  signal: AbortSignal;
}

async function read(request: IncomingMessage, form: Busboy, { path, maxBytes, signal }: Target) {
  const fields = new Map<string, string[]>();
  let out: WriteStream | undefined;
  let written: Promise<void> | undefined;
  let onAbort = () => {};
  try {
    await new Promise<void>((resolve, reject) => {
      onAbort = () => reject(abortError(signal.reason));
      signal.addEventListener("abort", onAbort, { once: true });
      if (signal.aborted) onAbort();
      form.on("field", (name, value, { nameTruncated, valueTruncated }) => {
        if (nameTruncated) reject(new FieldError(name, "A field's name is longer than 100 bytes."));
        if (valueTruncated) reject(new FieldError(name, `${name} is longer than ${MAX_FIELD_BYTES} bytes.`));
        fields.set(name, [...(fields.get(name) ?? []), value]);
      });
      form.on("file", (name, stream) => {
        stream.once("limit", () => reject(tooLarge(maxBytes)));
        if (name !== "file") {
          stream.resume();
          reject(new FieldError(name, `The audio belongs in the field file, not in ${JSON.stringify(name)}.`));
          return;
        }
        out = createWriteStream(path, { flags: "wx", mode: 0o600 });
        written = finished(stream.pipe(out));
        written.catch((error) => reject(notWritten(error)));
        stream.on("error", (error) => reject(malformed(error)));
      });
      form.once("filesLimit", () => reject(new FieldError("file", "Send one file at a time.")));
      for (const event of ["fieldsLimit", "partsLimit"] as const) {
        form.once(event, () =>
          reject(new SttError("invalid_argument", `The form has more than ${MAX_FIELDS} fields.`)),
        );
      }
      // Each malformed part is an error of its own, and one without a listener would end the process.
      form.on("error", (error) => reject(malformed(error)));
      form.once("close", resolve);
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

function tooLarge(maxBytes: number): SttError {
  return new SttError(
    "too_large",
    `The file is larger than ${maxBytes} bytes, the most this server takes (MAX_UPLOAD_BYTES). Send it compressed, or in parts.`,
  );
}

function malformed(error: unknown): SttError {
  return new SttError("invalid_argument", `The form is malformed: ${messageOf(error)}.`, { cause: error });
}

function notWritten(cause: unknown): SttError {
  return new SttError("io_error", `The upload cannot be stored: ${messageOf(cause)}.`, { cause });
}
