/** The end of the server's log. */
import { Button, fill, formatTime, Icon } from "@stt/ui";
import { useLayoutEffect, useRef, useState } from "react";
import { usePage } from "./page-context.js";
import type { LogLine } from "./server-types.js";
import { useShortcut } from "./use-shortcut.js";

type Level = LogLine["level"];

/** The least important first. */
const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal"] as const satisfies readonly Level[];
/** Lines that are drawn: more than anybody scrolls back. */
const SHOWN = 300;
/** Characters of a line's details; more is seen by pointing at it. */
const MAX_DETAILS = 400;

export function Log() {
  const { texts, snapshot } = usePage();
  const { log, status } = snapshot;
  const [level, setLevel] = useState<Level>("debug");
  /** The lines as they were when it was paused. */
  const [held, setHeld] = useState<LogLine[] | null>(null);
  const [search, setSearch] = useState("");
  const list = useRef<HTMLOListElement>(null);
  const isAtEnd = useRef(true);
  const toggle = () => setHeld((before) => (before === null ? log : null));
  useShortcut("p", toggle);

  const from = LEVELS.indexOf(level);
  const words = search.trim().toLowerCase();
  const lines = (held ?? log)
    .filter((line) => LEVELS.indexOf(line.level) >= from && (words === "" || searchText(line).includes(words)))
    .slice(-SHOWN);
  const waiting = held === null ? 0 : log.filter(({ seq }) => seq > (held.at(-1)?.seq ?? -1)).length;
  const newest = lines.at(-1)?.seq;
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls when there is a new line
  useLayoutEffect(() => {
    const element = list.current;
    if (element && isAtEnd.current) element.scrollTop = element.scrollHeight;
  }, [newest, level]);

  return (
    <section className="panel log">
      <div className="bar">
        <h2>{texts.log}</h2>
        <label>
          <span>{texts.level}</span>
          <select value={level} onChange={({ target }) => setLevel(target.value as Level)}>
            {LEVELS.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
        <label>
          <span>{texts.search}</span>
          <input
            type="search"
            value={search}
            placeholder={texts.logSearchHint}
            onChange={({ target }) => setSearch(target.value)}
          />
        </label>
        <Button aria-pressed={held !== null} onClick={toggle}>
          <Icon name={held === null ? "pause" : "play"} />
          {held === null ? texts.pause : texts.follow}
        </Button>
        <span className="hint tabular">{held !== null && fill(texts.paused, { n: waiting })}</span>
      </div>
      {lines.length === 0 ? (
        <p className="hint">
          {!status?.keepsLog
            ? texts.logElsewhere
            : words === ""
              ? texts.noLog
              : fill(texts.noLogLines, { words: search })}
        </p>
      ) : (
        <ol
          ref={list}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also with the keyboard
          tabIndex={0}
          aria-label={texts.log}
          onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
            isAtEnd.current = scrollTop + clientHeight >= scrollHeight - 8;
          }}
        >
          {lines.map((line) => (
            <Line key={line.seq} line={line} />
          ))}
        </ol>
      )}
    </section>
  );
}

function Line({ line: { time, level, message, fields } }: { line: LogLine }) {
  const { locale } = usePage();
  const details = detailsOf(fields);
  return (
    <li className={`line-${level}`}>
      <time dateTime={time}>{formatTime(time, locale)}</time> <b>{level}</b> <span>{message}</span>{" "}
      {details.length <= MAX_DETAILS ? (
        details !== "" && <small>{details}</small>
      ) : (
        <small title={details}>{details.slice(0, MAX_DETAILS)}…</small>
      )}
    </li>
  );
}

function detailsOf(fields: LogLine["fields"]): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(" ");
}

function searchText({ level, message, fields }: LogLine): string {
  return `${level} ${message} ${detailsOf(fields)}`.toLowerCase();
}
