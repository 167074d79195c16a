/** How a client's events become output. */
import type { ClientEvent, ClientSnapshot, ServerMessageOf } from "@stt/core";

/** Where events come from. */
export interface RenderSource {
  /** File name; absent for the microphone. */
  file?: string;
  /** Show the name with each line: there are several. */
  labelled: boolean;
  getSnapshot(): ClientSnapshot;
  /** A final as it is to be printed, with its line breaks; empty for nothing now. */
  finalText(final: ServerMessageOf<"final">): string;
}

export interface Renderer {
  event(source: RenderSource, event: ClientEvent): void;
  /** Text that is not a final's: what a format has at its end. */
  print(text: string): void;
  /** A sentence for the person, on stderr. */
  notice(sentence: string): void;
  /** Leaves the terminal as it should be found. */
  end(): void;
}

/** A warning with the file it is about. */
export function labelledMessage({ file }: RenderSource, message: string): string {
  return file === undefined ? message : `${file}: ${message}`;
}
