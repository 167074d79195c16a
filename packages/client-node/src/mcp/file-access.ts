/** Which files somebody else's program may have transcribed: those in folders that the person named, and nothing else. */
import { realpath, stat } from "node:fs/promises";
import path from "node:path";
import { SttError } from "@stt/core";

export class FileAccess {
  readonly #folders: readonly string[];

  private constructor(folders: readonly string[]) {
    this.#folders = folders;
  }

  /** @throws SttError `invalid_argument` for what is no folder */
  static async within(folders: readonly string[]): Promise<FileAccess> {
    const real: string[] = [];
    for (const folder of folders) {
      const found = await realpath(folder).catch(() => undefined);
      if (found === undefined || !(await stat(found)).isDirectory()) {
        throw new SttError("invalid_argument", `${folder} is no folder.`);
      }
      real.push(found);
    }
    return new FileAccess(real);
  }

  /** The folders, without links. */
  get folders(): readonly string[] {
    return this.#folders;
  }

  /**
   * The file behind a path, links resolved. What lies outside is refused in the same words whether or not it is there.
   *
   * @param asked absolute, or relative to one of the folders
   * @throws SttError `forbidden`, `not_found`
   */
  async open(asked: string): Promise<string> {
    if (asked.includes("\0")) throw new SttError("invalid_argument", "A path holds no NUL.");
    let isWithin = false;
    for (const folder of this.#folders) {
      const file = path.resolve(folder, asked);
      isWithin ||= contains(folder, file);
      const real = await realpath(file).catch(() => undefined);
      if (real === undefined || !contains(folder, real)) continue;
      // A pipe or a device would be read for ever.
      if ((await stat(real)).isFile()) return real;
      throw new SttError("invalid_argument", `${asked} is no file.`);
    }
    if (isWithin) throw new SttError("not_found", `There is no file ${asked} that may be read.`);
    throw new SttError(
      "forbidden",
      `${asked} lies outside of the folders that may be read: ${this.#folders.join(", ")}.`,
    );
  }
}

function contains(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== "" && relative !== ".." && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}
