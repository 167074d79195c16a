import { mkdir, stat, statfs, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { abortError, isSttError, SttError } from "@stt/core";
import type { Log } from "../observability/log.js";
import { HttpClient } from "../outbound/http-client.js";
import { CATALOG, type CatalogEntry, COLLECTION_URL, modelFileName, sourceOf } from "./catalog.js";
import { withFileLock } from "./file-lock.js";
import { checkModelFile } from "./model-file.js";
import { fetchSidecar, type OpenedDownload, openDownload, unreachable } from "./open-download.js";
import { notWritable, PartFile } from "./part-file.js";
import { StallGuard } from "./stall-guard.js";

/** How far a download is. */
export interface DownloadProgress {
  /** Canonical name of the model. */
  name: string;
  /** `waiting`: another process is fetching the same model; `retrying`: after a failure that may pass. */
  state: "downloading" | "waiting" | "retrying" | "checking";
  receivedBytes: number;
  /** Bytes of the whole file, approximate until the server has said; absent where nobody knows. */
  totalBytes?: number;
  /** What is tried again, with `retrying`. */
  failure?: SttError;
}

export interface DownloadOptions {
  /** A model name or alias; on a server of one's own any file `ggml-NAME.bin`. */
  name: string;
  /** The model folder. */
  directory: string;
  /** @default whisper.cpp's collection */
  baseUrl?: string;
  log: Log;
  onProgress?(progress: DownloadProgress): void;
  /** Stops; what has come is kept for the next time. */
  signal?: AbortSignal;
  /** @default {@link CATALOG} */
  catalog?: readonly CatalogEntry[];
  /** Longest wait for an answer, milliseconds. @default 20000 */
  connectTimeoutMs?: number;
  /** Longest silence within the file, milliseconds. @default 30000 */
  stallTimeoutMs?: number;
  /** Failures in a row without any progress after which it is given up. @default 6 */
  attempts?: number;
  /** Pause before the first further attempt, milliseconds; doubles up to half a minute. @default 1000 */
  retryDelayMs?: number;
  /** Bytes that can be written in the model folder. @default asked of the file system */
  freeBytes?(directory: string): Promise<number>;
}

const MAX_RETRY_DELAY_MS = 30_000;
/** No model of whisper.cpp comes near it. */
const MAX_BYTES = 16 * 2 ** 30;
/** A file smaller than this cannot be a model's. */
const MIN_BYTES = 10_000;
/** Left free for everybody else on the disk. */
const SPARE_BYTES = 32 * 2 ** 20;

/**
 * Fetches a model into the model folder: resumed where it broke off, checked, and there only when it is whole.
 *
 * Two processes that want the same model fetch it once. A checksum comes from the catalogue, else from the server
 * (Hugging Face's `X-Linked-Etag`, or `FILE.sha256` beside the file); without any only the structure is checked, with a warning.
 *
 * @returns path of the file.
 * @throws SttError `model_not_found`, `bad_model`, `connection_failed`, `timeout`, `rate_limited`, `forbidden`, `io_error`, `aborted`.
 */
export async function downloadModel(options: DownloadOptions): Promise<string> {
  const { directory, signal, baseUrl = COLLECTION_URL } = options;
  const entry = sourceOf(options.name, baseUrl !== COLLECTION_URL, options.catalog ?? CATALOG);
  const target = path.join(directory, modelFileName(entry.name));
  await mkdir(directory, { recursive: true }).catch((cause) => {
    throw notWritable(directory, cause);
  });
  const progress = { name: entry.name, receivedBytes: 0, ...totalOf(entry.approximateBytes) };
  const onWait = () => options.onProgress?.({ ...progress, state: "waiting" });
  return withFileLock(target, { signal, onWait }, async (lost) => {
    if (await exists(target)) return target;
    const download = new Download(entry, target, `${baseUrl}/${modelFileName(entry.name)}`, {
      ...options,
      signal: signal ? AbortSignal.any([signal, lost]) : lost,
    });
    try {
      await download.run();
    } catch (error) {
      throw isSttError(error) ? error : notWritable(directory, error);
    }
    return target;
  });
}

/** One download, under its lock. */
class Download {
  readonly #entry: CatalogEntry;
  readonly #target: string;
  readonly #url: string;
  readonly #options: DownloadOptions;
  readonly #http = new HttpClient();
  #sha256: string | undefined;
  #askedSidecar = false;
  #totalBytes: number | undefined;

  constructor(entry: CatalogEntry, target: string, url: string, options: DownloadOptions) {
    this.#entry = entry;
    this.#target = target;
    this.#url = url;
    this.#options = options;
    this.#totalBytes = entry.approximateBytes;
  }

  async run(): Promise<void> {
    const { signal } = this.#options;
    signal?.throwIfAborted();
    const part = await PartFile.open(this.#target, this.#entry.sha1 === undefined ? "sha256" : "sha1");
    try {
      await this.#fetch(part);
      if (!(await this.#isIntact(part))) {
        // A part of an older version, or damage on the way: once more from the start, then it is the server's.
        this.#options.log.warn(
          { model: this.#entry.name },
          "the downloaded model has a wrong checksum, fetching it anew",
        );
        await part.restart();
        await this.#fetch(part);
        if (!(await this.#isIntact(part))) throw await this.#mismatch(part);
      }
      this.#report("checking", part.size);
      await this.#checkStructure(part);
      await part.finish();
      if (this.#sha256 !== undefined && this.#entry.sha1 === undefined) {
        await writeFile(`${this.#target}.sha256`, `${this.#sha256}  ${path.basename(this.#target)}\n`);
      }
    } finally {
      await part.close();
      this.#http.close();
    }
  }

  /** Until every byte is there, or no further attempt makes sense. */
  async #fetch(part: PartFile): Promise<void> {
    const { attempts = 6, retryDelayMs = 1000, signal, log } = this.#options;
    for (let failures = 0; ; ) {
      const before = part.size;
      try {
        await this.#attempt(part);
        return;
      } catch (error) {
        if (signal?.aborted) throw abortError(signal.reason);
        if (part.size > before) failures = 0;
        if (!isSttError(error) || !error.retryable || ++failures >= attempts) throw error;
        const backoffMs = Math.min(MAX_RETRY_DELAY_MS, retryDelayMs * 2 ** (failures - 1));
        const pauseMs = Math.max(error.retryAfterMs ?? 0, backoffMs);
        log.warn({ model: this.#entry.name, retryInMs: pauseMs }, `${error.message} Trying again.`);
        this.#report("retrying", part.size, error);
        await delay(pauseMs, undefined, { signal }).catch(() => {
          throw abortError(signal?.reason);
        });
      }
    }
  }

  async #attempt(part: PartFile): Promise<void> {
    const { connectTimeoutMs = 20_000, stallTimeoutMs = 30_000 } = this.#options;
    const guard = new StallGuard(this.#url, this.#options.signal);
    try {
      guard.expect(connectTimeoutMs);
      await this.#askSidecar(guard.signal);
      if (!this.#mayResume(part)) await part.restart();
      const opened = await openDownload({
        url: this.#url,
        offset: part.size,
        etag: part.origin?.etag,
        http: this.#http,
        signal: guard.signal,
      });
      if (!opened) {
        if (await this.#isWhole(part)) return;
        await part.restart();
        throw new SttError("connection_failed", `${this.#url} has nothing after what was fetched before.`, {
          retryable: true,
        });
      }
      try {
        await this.#prepare(part, opened);
        for await (const chunk of opened.body) {
          guard.expect(stallTimeoutMs);
          this.#checkSize(part.size + (chunk as Buffer).length);
          await part.append(chunk as Buffer);
          this.#report("downloading", part.size);
        }
      } catch (error) {
        throw isSttError(error) ? error : unreachable(this.#url, error, guard.signal);
      } finally {
        opened.body.destroy();
      }
      if (opened.totalBytes !== undefined && part.size < opened.totalBytes) {
        throw new SttError(
          "connection_failed",
          `${this.#url} broke off after ${part.size} of ${opened.totalBytes} bytes.`,
          { retryable: true },
        );
      }
    } finally {
      guard.dispose();
    }
  }

  async #prepare(part: PartFile, opened: OpenedDownload): Promise<void> {
    this.#sha256 ??= opened.sha256;
    if (opened.offset === 0 && part.size > 0) await part.restart();
    this.#totalBytes = opened.totalBytes ?? this.#totalBytes;
    this.#checkSize(opened.totalBytes ?? 0);
    if (opened.totalBytes !== undefined && opened.totalBytes < MIN_BYTES) {
      throw new SttError(
        "bad_model",
        `${this.#url} is ${opened.totalBytes} bytes long, which is no model: check MODEL_BASE_URL.`,
      );
    }
    await this.#checkSpace((this.#totalBytes ?? 0) - part.size);
    await part.setOrigin({ url: this.#url, ...(opened.etag === undefined ? {} : { etag: opened.etag }) });
    this.#report("downloading", part.size);
  }

  /** Without a checksum only the server's word can tell that the rest belongs to what is there. */
  #mayResume(part: PartFile): boolean {
    if (part.size === 0) return true;
    if (part.origin?.url !== this.#url) return false;
    return part.origin.etag !== undefined || this.#expected !== undefined;
  }

  get #expected(): string | undefined {
    return this.#entry.sha1 ?? this.#sha256;
  }

  async #isIntact(part: PartFile): Promise<boolean> {
    return this.#expected === undefined || part.digest() === this.#expected;
  }

  async #isWhole(part: PartFile): Promise<boolean> {
    if (this.#expected !== undefined) return this.#isIntact(part);
    return checkModelFile(part.path).then(
      () => true,
      () => false,
    );
  }

  async #mismatch(part: PartFile): Promise<SttError> {
    const found = part.digest();
    await part.restart();
    const kind = this.#entry.sha1 === undefined ? "SHA-256" : "SHA-1";
    return new SttError(
      "bad_model",
      `${this.#url} has the ${kind} ${found} instead of ${this.#expected}: the file there is another one or damaged. Try again later, or set MODEL_BASE_URL to another server.`,
    );
  }

  async #checkStructure(part: PartFile): Promise<void> {
    try {
      await checkModelFile(part.path);
    } catch (error) {
      await part.restart();
      throw error;
    }
    if (this.#expected === undefined) {
      this.#options.log.warn(
        { model: this.#entry.name },
        `no checksum is known of ${this.#url}: only its structure was checked. Put FILE.sha256 beside it to have it verified.`,
      );
    }
  }

  async #askSidecar(signal: AbortSignal): Promise<void> {
    const own = (this.#options.baseUrl ?? COLLECTION_URL) !== COLLECTION_URL;
    if (this.#askedSidecar || this.#expected !== undefined || !own) return;
    this.#sha256 = await fetchSidecar({ url: this.#url, http: this.#http, signal });
    this.#askedSidecar = true;
  }

  #checkSize(bytes: number): void {
    const { approximateBytes } = this.#entry;
    // The table's figures are rounded to a tenth of a GiB.
    const most = approximateBytes === undefined ? MAX_BYTES : approximateBytes * 1.1 + 2 ** 20;
    if (bytes <= most) return;
    throw new SttError(
      "bad_model",
      `${this.#url} is larger than the model ${this.#entry.name} can be (${gigabytes(most)}): check MODEL_BASE_URL.`,
    );
  }

  async #checkSpace(bytes: number): Promise<void> {
    const directory = path.dirname(this.#target);
    const free = await (this.#options.freeBytes ?? freeBytes)(directory);
    if (bytes + SPARE_BYTES <= free) return;
    throw new SttError(
      "io_error",
      `The model ${this.#entry.name} needs ${gigabytes(bytes)} more in ${directory}, where ${gigabytes(free)} are free: make room, or set MODEL_DIR to another disk.`,
    );
  }

  #report(state: DownloadProgress["state"], receivedBytes: number, failure?: SttError): void {
    const { name } = this.#entry;
    const total = totalOf(this.#totalBytes);
    this.#options.onProgress?.({ name, state, receivedBytes, ...total, ...(failure ? { failure } : {}) });
  }
}

function totalOf(totalBytes: number | undefined): { totalBytes?: number } {
  return totalBytes === undefined ? {} : { totalBytes };
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined)) !== undefined;
}

async function freeBytes(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(2)} GB`;
}
