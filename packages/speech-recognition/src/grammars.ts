/** What programs set to say which words to expect. */

/** Kept for programs that set one: browsers take grammars and do nothing with them, and so does this. */
export class SpeechGrammar {
  src = "";
  weight = 1;
}

/** See {@link SpeechGrammar}. */
export class SpeechGrammarList extends Array<SpeechGrammar> {
  /** A list that is mapped or filtered is a plain one. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  item(index: number): SpeechGrammar | undefined {
    return this[index];
  }

  addFromString(text: string, weight = 1): void {
    this.push(Object.assign(new SpeechGrammar(), { src: `data:application/xml,${encodeURIComponent(text)}`, weight }));
  }

  addFromURI(src: string, weight = 1): void {
    this.push(Object.assign(new SpeechGrammar(), { src, weight }));
  }
}

/** A word or a term to expect. The server listens for it; how strongly, it decides itself. */
export class SpeechRecognitionPhrase {
  constructor(
    readonly phrase: string,
    /** 0 to 10. */
    readonly boost = 1,
  ) {
    if (phrase === "") throw new DOMException("A phrase is empty.", "SyntaxError");
    if (!(boost >= 0 && boost <= 10)) throw new DOMException("A boost is a number from 0 to 10.", "SyntaxError");
  }
}
