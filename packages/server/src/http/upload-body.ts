import { createHash, randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { abortError, isSttError, SttError } from "@stt/core";
import { notWritten, tooLarge, type Upload, type UploadOptions } from "./upload.js";

/**
 * Receives a body that is the file. It goes to the disk as `receiveUpload` has it.
 *
 * @throws SttError `too_large`, `invalid_argument` when there is none, `io_error`, `aborted`.
 */
export async function receiveBody(
  request: IncomingMessage,
  options: UploadOptions,
): Promise<Upload & { sha256: string }> {
  const { maxBytes, signal } = options;
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) throw tooLarge(options);
  options.onAccept();
  const path = join(tmpdir(), `stt-upload-${randomUUID()}`);
  const dispose = () => rm(path, { force: true });
  const out = createWriteStream(path, { flags: "wx", mode: 0o600 });
  const hash = createHash("sha256");
  let bytes = 0;
  try {
    await new Promise<void>((resolve, reject) => {
      const onAbort = () => reject(abortError(signal.reason));
      signal.addEventListener("abort", onAbort, { once: true });
      if (signal.aborted) onAbort();
      out.once("error", (error) => reject(notWritten(error)));
      out.once("close", () => {
        signal.removeEventListener("abort", onAbort);
        resolve();
      });
      request.on("error", () => reject(new SttError("aborted", "The client went away.")));
      request.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        hash.update(chunk);
        if (bytes > maxBytes) reject(tooLarge(options));
      });
      request.pipe(out);
    });
    if (bytes === 0) throw new SttError("invalid_argument", "There is no audio: it is the body of the request.");
    return { fields: new Map(), path, dispose, sha256: hash.digest("hex") };
  } catch (error) {
    request.unpipe(out);
    request.pause();
    out.destroy();
    // A file that is still being opened would come into being after it was removed.
    if (!out.closed) await new Promise<void>((resolve) => out.once("close", () => resolve()));
    // A folder that cannot be written cannot be cleaned either, and there is nothing in it.
    await dispose().catch(() => {});
    throw isSttError(error) ? error : notWritten(error);
  }
}
