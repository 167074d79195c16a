/** Everything that the page can do, by name: what the palette lists. */

export interface Command {
  id: string;
  label: string;
  /** As it is written on keys: `Ctrl+F`. */
  keys?: string;
  isDisabled?: boolean;
  run(): void;
}
