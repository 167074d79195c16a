/** One line of the log. */
export interface LogLine {
  /** Counts all lines since the start. */
  seq: number;
  /** ISO 8601, UTC. */
  time: string;
  level: "trace" | "debug" | "info" | "warn" | "error" | "fatal";
  message: string;
  /** What was logged with the sentence. */
  fields: Record<string, unknown>;
}

const LEVELS: Readonly<Record<number, LogLine["level"]>> = {
  10: "trace",
  20: "debug",
  30: "info",
  40: "warn",
  50: "error",
  60: "fatal",
};
const CAPACITY = 500;
/** A longer line keeps its sentence and loses its fields. */
const MAX_LINE_CHARACTERS = 4000;
const MAX_MESSAGE_CHARACTERS = 1000;

/** The last lines of the log as they were written, secrets taken out. */
export class LogTail {
  /** JSON as the logger wrote it, or what was cut down from it. A ring. */
  readonly #lines: string[] = [];
  #count = 0;

  constructor(private readonly capacity = CAPACITY) {}

  /** Lines ever taken: the cursor of {@link since}. */
  get count(): number {
    return this.#count;
  }

  /** @param line of JSON, as pino writes it */
  take(line: string): void {
    this.#lines[this.#count % this.capacity] = line.length > MAX_LINE_CHARACTERS ? cutDown(line) : line;
    this.#count += 1;
  }

  /**
   * The lines after a cursor, as far as they are kept, oldest first.
   *
   * @param cursor a former {@link count}; 0 for all
   */
  since(cursor = 0): LogLine[] {
    const lines: LogLine[] = [];
    for (let seq = Math.max(cursor, this.#count - this.capacity, 0); seq < this.#count; seq++)
      lines.push(read(this.#lines[seq % this.capacity]!, seq));
    return lines;
  }
}

function read(line: string, seq: number): LogLine {
  try {
    const { level, time, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
    return { seq, time: String(time), level: LEVELS[Number(level)] ?? "info", message: String(msg ?? ""), fields };
  } catch {
    return { seq, time: new Date().toISOString(), level: "info", message: line, fields: {} };
  }
}

function cutDown(line: string): string {
  const { time, level, message } = read(line, 0);
  const weight = Object.entries(LEVELS).find(([, name]) => name === level)![0];
  return JSON.stringify({ level: Number(weight), time, msg: `${message.slice(0, MAX_MESSAGE_CHARACTERS)} …` });
}
