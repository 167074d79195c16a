/** A model on disk. */
export interface ResolvedModel {
  /** Name for people and for `ready`. */
  name: string;
  /** Path of the ggml file. */
  path: string;
}
