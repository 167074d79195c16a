import { createHash, type Hash } from "node:crypto";
import { type FileHandle, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { messageOf, SttError } from "@stt/core";

/** Which version of which file a part is of. */
export interface PartOrigin {
  url: string;
  etag?: string;
}

/** The part of a file that has come so far, with its running checksum. It outlives the process, to be resumed. */
export class PartFile {
  readonly #path: string;
  readonly #algorithm: "sha1" | "sha256";
  readonly #file: FileHandle;
  #hash: Hash;
  #size = 0;
  #origin: PartOrigin | undefined;

  /** Opens what is there, reading it once for the checksum; or starts an empty one. */
  static async open(target: string, algorithm: "sha1" | "sha256"): Promise<PartFile> {
    const file = await open(`${target}.part`, "a+");
    const part = new PartFile(target, algorithm, file);
    try {
      await part.#read();
      return part;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  private constructor(target: string, algorithm: "sha1" | "sha256", file: FileHandle) {
    this.#path = target;
    this.#algorithm = algorithm;
    this.#file = file;
    this.#hash = createHash(algorithm);
  }

  /** Bytes so far. */
  get size(): number {
    return this.#size;
  }

  get origin(): PartOrigin | undefined {
    return this.#origin;
  }

  /** Where it lies. */
  get path(): string {
    return `${this.#path}.part`;
  }

  /** Checksum of the bytes so far, hexadecimal. */
  digest(): string {
    return this.#hash.copy().digest("hex");
  }

  /** @throws SttError `io_error` */
  async append(chunk: Buffer): Promise<void> {
    await this.#write(() => this.#file.appendFile(chunk));
    this.#hash.update(chunk);
    this.#size += chunk.length;
  }

  /** Throws the bytes away. */
  async restart(): Promise<void> {
    await this.#write(() => this.#file.truncate(0));
    this.#hash = createHash(this.#algorithm);
    this.#size = 0;
    this.#origin = undefined;
  }

  async setOrigin(origin: PartOrigin): Promise<void> {
    this.#origin = origin;
    await this.#write(() => writeFile(`${this.path}.json`, JSON.stringify(origin)));
  }

  /** Makes it the file it is a part of, whole or not at all even if the power fails meanwhile. */
  async finish(): Promise<void> {
    await this.#file.sync();
    await this.#file.close();
    await rename(this.path, this.#path);
    await rm(`${this.path}.json`, { force: true });
    await syncDirectory(path.dirname(this.#path));
  }

  async close(): Promise<void> {
    await this.#file.close().catch(() => {});
  }

  async #write(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (cause) {
      throw notWritable(path.dirname(this.#path), cause);
    }
  }

  async #read(): Promise<void> {
    for await (const chunk of this.#file.createReadStream({ start: 0, autoClose: false })) {
      this.#hash.update(chunk as Buffer);
      this.#size += (chunk as Buffer).length;
    }
    this.#origin = await readOrigin(`${this.path}.json`);
  }
}

/** What to throw when the model folder does not take a file. */
export function notWritable(directory: string, cause: unknown): SttError {
  return new SttError(
    "io_error",
    `The model folder ${directory} cannot be written: ${messageOf(cause)}. Give it room and rights, or set MODEL_DIR to another.`,
    { cause },
  );
}

/** Removes the parts of a file that were kept to be resumed. */
export async function removePart(target: string): Promise<void> {
  await rm(`${target}.part`, { force: true });
  await rm(`${target}.part.json`, { force: true });
}

async function readOrigin(file: string): Promise<PartOrigin | undefined> {
  try {
    const { url, etag } = JSON.parse(await readFile(file, "utf8")) as Partial<PartOrigin>;
    return typeof url === "string" ? { url, ...(typeof etag === "string" ? { etag } : {}) } : undefined;
  } catch {
    return undefined;
  }
}

async function syncDirectory(directory: string): Promise<void> {
  // Windows opens no directories; a rename is durable there by itself.
  const handle = await open(directory, "r").catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}
