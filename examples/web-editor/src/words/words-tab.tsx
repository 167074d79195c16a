/** The personal dictionary: what is in it, what comes in and goes out. */
import { MAX_TERM_CHARACTERS, MAX_TERMS } from "@stt/core";
import { Button, fill, Icon } from "@stt/ui";
import { type FormEvent, useRef, useState, useSyncExternalStore } from "react";
import { usePanel } from "../panels/use-panel.js";
import { DICTIONARY } from "./dictionary.js";
import { FileEnds } from "./file-ends.js";
import { readWords, writeWords } from "./words-file.js";

export function WordsTab() {
  const { texts } = usePanel();
  const terms = useSyncExternalStore(DICTIONARY.subscribe, DICTIONARY.getSnapshot);
  const [told, setTold] = useState<string | null>(null);
  const take = (text: string) => {
    const read = readWords(text);
    // The last added stands first.
    const added = read.reverse().filter((term) => DICTIONARY.add(term)).length;
    setTold(fill(texts.wordsImported, { count: added, of: read.length }));
  };
  return (
    <>
      <p className="hint">{texts.dictionaryHint}</p>
      <AddWord onTold={setTold} />
      {told && (
        <p className="hint" role="status">
          {told}
        </p>
      )}
      {terms.length === 0 ? (
        <p className="empty">{texts.dictionaryEmpty}</p>
      ) : (
        <ul className="terms">
          {terms.map(({ term, soundsLike }) => (
            <li key={term}>
              <span className="term">{term}</span>
              <span className="sounds-like">
                {soundsLike.length > 0 && fill(texts.heardAs, { spellings: soundsLike.join(", ") })}
              </span>
              <Button
                className="quiet"
                aria-label={fill(texts.removeOf, { title: term })}
                title={texts.remove}
                onClick={() => DICTIONARY.remove(term)}
              >
                <Icon name="close" />
              </Button>
            </li>
          ))}
        </ul>
      )}
      <FileEnds
        title={texts.dictionary}
        write={terms.length === 0 ? undefined : () => writeWords(terms)}
        onText={take}
      />
    </>
  );
}

function AddWord({ onTold }: { onTold(text: string | null): void }) {
  const { texts } = usePanel();
  const [term, setTerm] = useState("");
  const [heard, setHeard] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const isAdded = DICTIONARY.add({ term, soundsLike: heard.split(",") });
    onTold(isAdded ? null : fill(texts.wordRefused, { max: MAX_TERMS, characters: MAX_TERM_CHARACTERS }));
    if (!isAdded) return;
    setTerm("");
    setHeard("");
    field.current?.focus();
  };
  return (
    <form className="add-word" onSubmit={submit}>
      <label>
        {texts.word}
        <input
          ref={field}
          value={term}
          maxLength={MAX_TERM_CHARACTERS}
          onChange={({ target }) => setTerm(target.value)}
        />
      </label>
      <label>
        {texts.wordHeard}
        <input value={heard} onChange={({ target }) => setHeard(target.value)} />
      </label>
      <Button type="submit" disabled={term.trim() === ""}>
        {texts.teach}
      </Button>
    </form>
  );
}
