import { SttError } from "@stt/core";
import { canonicalModelName, isModelName } from "@stt/core/config";

/** The collection that the catalogue describes. */
export const COLLECTION_URL = "https://huggingface.co/ggerganov/whisper.cpp/resolve/main";

/** A file of the collection. */
export interface CatalogEntry {
  /** Canonical name, such as `large-v3-turbo-q5_0`. */
  name: string;
  /** Size as whisper.cpp's table gives it, rounded to its precision: good for a bar before the server tells the real one. */
  approximateBytes?: number;
  /** SHA-1 of the file, hexadecimal; absent where the table has none, and then the collection's own SHA-256 is asked for. */
  sha1?: string;
}

const MIB = 2 ** 20;
const GIB = 2 ** 30;

/** whisper.cpp's table (`models/README.md` of v1.9.1), as far as our names go. */
const TABLE: readonly (readonly [name: string, bytes: number, sha1: string])[] = [
  ["tiny", 75 * MIB, "bd577a113a864445d4c299885e0cb97d4ba92b5f"],
  ["tiny.en", 75 * MIB, "c78c86eb1a8faa21b369bcd33207cc90d64ae9df"],
  ["base", 142 * MIB, "465707469ff3a37a2b9b8d8f89f2f99de7299dac"],
  ["base.en", 142 * MIB, "137c40403d78fd54d454da0f9bd998f78703390c"],
  ["small", 466 * MIB, "55356645c2b361a969dfd0ef2c5a50d530afd8d5"],
  ["small.en", 466 * MIB, "db8a495a91d927739e50b3fc1cc4c6b8f6c2d022"],
  ["medium", 1.5 * GIB, "fd9727b6e1217c2f614f9b698455c4ffd82463b4"],
  ["medium.en", 1.5 * GIB, "8c30f0e44ce9560643ebd10bbe50cd20eafd3723"],
  ["large-v1", 2.9 * GIB, "b1caaf735c4cc1429223d5a74f0f4d0b9b59a299"],
  ["large-v2", 2.9 * GIB, "0f4c8e34f21cf1a914c59d8b3ce882345ad349d6"],
  ["large-v2-q5_0", 1.1 * GIB, "00e39f2196344e901b3a2bd5814807a769bd1630"],
  ["large-v3", 2.9 * GIB, "ad82bf6a9043ceed055076d0fd39f5f186ff8062"],
  ["large-v3-q5_0", 1.1 * GIB, "e6e2ed78495d403bef4b7cff42ef4aaadcfea8de"],
  ["large-v3-turbo", 1.5 * GIB, "4af2b29d7ec73d781377bfd1758ca957a807e941"],
  ["large-v3-turbo-q5_0", 547 * MIB, "e050f7970618a659205450ad97eb95a18d69c9ee"],
];

/** Further files that whisper.cpp's own script fetches (`models/download-ggml-model.sh` of v1.9.1); it states no checksums. */
const WITHOUT_CHECKSUM = [
  "tiny-q5_1",
  "tiny.en-q5_1",
  "tiny-q8_0",
  "base-q5_1",
  "base.en-q5_1",
  "base-q8_0",
  "small-q5_1",
  "small.en-q5_1",
  "small-q8_0",
  "medium-q5_0",
  "medium.en-q5_0",
  "medium-q8_0",
  "large-v2-q8_0",
  "large-v3-turbo-q8_0",
] as const;

/** Every file of the collection that a model name can mean. */
export const CATALOG: readonly CatalogEntry[] = [
  ...TABLE.map(([name, approximateBytes, sha1]) => ({ name, approximateBytes, sha1 })),
  ...WITHOUT_CHECKSUM.map((name) => ({ name })),
];

/** The file of a name or alias; undefined for names that the collection does not have. */
export function catalogEntry(name: string): CatalogEntry | undefined {
  const canonical = canonicalModelName(name);
  return CATALOG.find((entry) => entry.name === canonical);
}

/** The name of a model's file in the model folder and on a server of models. */
export function modelFileName(name: string): string {
  return `ggml-${canonicalModelName(name)}.bin`;
}

/** Most characters of a name; it becomes a file name. */
const MAX_NAME = 100;

/** Whether a name is safe as part of a file name and an address: letters, digits, `.`, `_`, `-`, and no dot first. */
export function isFetchableName(name: string): boolean {
  return name.length <= MAX_NAME && /^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(name);
}

/**
 * What is known of a model that is to be fetched.
 *
 * @param ownServer whether it comes from elsewhere than the collection; a server of one's own may hold models of one's own.
 * @throws SttError `model_not_found` for a name that is not to be had.
 */
export function sourceOf(name: string, ownServer: boolean, catalog: readonly CatalogEntry[] = CATALOG): CatalogEntry {
  const canonical = canonicalModelName(name);
  const entry = catalog.find((one) => one.name === canonical);
  if (entry) return entry;
  if (ownServer && isFetchableName(canonical)) return { name: canonical };
  const family = canonical.replace(/-q\d_\d$/, "");
  const variants = catalog.filter((one) => one.name.startsWith(`${family}-q`)).map((one) => one.name);
  const choice =
    isModelName(name) && family !== canonical
      ? `of ${family} it has ${[family, ...variants].join(", ")}`
      : `it has ${catalog.map((one) => one.name).join(", ")}`;
  throw new SttError(
    "model_not_found",
    `The model ${JSON.stringify(name.slice(0, MAX_NAME))} is not in whisper.cpp's collection: ${choice}. For a model of your own set MODEL_BASE_URL to the server that has it, or give the path of a file.`,
  );
}
