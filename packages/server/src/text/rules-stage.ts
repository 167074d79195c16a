import { type SpokenCommand, separator } from "@stt/core";
import type { SessionSettings } from "../settings/session-settings.js";
import { atomsOf, atomsOfPieces, textOf, wordsOf } from "./atoms.js";
import { figuresRule } from "./numbers/figures-rule.js";
import { wordsRule } from "./numbers/words-rule.js";
import { COMPLETE, type Grown, type Rule, rewrite } from "./rewrite.js";
import { fillerRule } from "./rules/fillers.js";
import { profanityRule } from "./rules/profanity.js";
import { redactionRules } from "./rules/redaction.js";
import { replaceIn } from "./rules/replacements.js";
import { commandHoldRule, type Pause, takeCommands } from "./rules/spoken-commands.js";
import { literalRule, spokenPunctuationRule } from "./rules/spoken-punctuation.js";
import { typographyRule } from "./rules/typography.js";
import type { LiveText, TextContext, TextPiece, TextStage } from "./text-stage.js";

type Step = (text: Grown) => Grown;

/** Settings never change: what was made of them serves every text. */
const known = new WeakMap<SessionSettings, Map<string, Step[]>>();

function stepsFor({ settings, language }: TextContext): Step[] {
  const byLanguage = known.get(settings) ?? new Map<string, Step[]>();
  known.set(settings, byLanguage);
  const steps = byLanguage.get(language) ?? makeSteps(settings, language);
  byLanguage.set(language, steps);
  return steps;
}

/** The rules that a session asks for, in the order in which they run. */
function makeSteps(settings: SessionSettings, language: string): Step[] {
  const { commands } = settings;
  const spoken = settings.spokenPunctuation || commands !== false;
  const own = typeof commands === "object" ? Object.keys(commands) : [];
  const by = (rule: Rule | undefined): Step[] => (rule ? [(text) => rewrite(text, rule)] : []);
  return [
    ...by(settings.fillers === "remove" ? fillerRule(language) : undefined),
    ...by(spoken ? literalRule(language, own) : undefined),
    ...by(settings.spokenPunctuation ? spokenPunctuationRule(language) : undefined),
    ...by(settings.numerals === "figures" ? figuresRule(language) : undefined),
    ...by(settings.numerals === "words" ? wordsRule(language) : undefined),
    ...(settings.replace.length > 0 ? [(text: Grown) => replaceIn(text, settings.replace, language)] : []),
    ...by(settings.profanity === "mask" ? profanityRule(language, settings.profanityWords) : undefined),
    ...redactionRules(settings.redact, language).flatMap(by),
    ...by(settings.typography ? typographyRule(language) : undefined),
  ];
}

/** Everything that a session asks for beyond formatting: see docs/text.md. */
export const rulesStage: TextStage = {
  final(pieces, context) {
    const steps = stepsFor(context);
    if (steps.length === 0) return [...pieces];
    const { atoms, words } = atomsOfPieces(pieces);
    const done = steps.reduce<Grown>((text, step) => step(text), { atoms, certain: COMPLETE });
    return pieces.map((piece, i) => {
      const own = done.atoms.filter((atom) => atom.piece === i);
      return { ...piece, text: textOf(own), ...(piece.words && { words: wordsOf(own, words) }) };
    });
  },

  live(text, context) {
    const { settings, language } = context;
    const steps = stepsFor(context);
    const held = settings.commands !== false;
    if (steps.length === 0 && !held) return text;
    const grown = grownOf(text, language);
    const begun = held ? rewrite(grown, commandHoldRule(settings.commands, language)) : grown;
    const done = steps.reduce<Grown>((now, step) => step(now), begun);
    const shown = done.atoms.slice(0, done.shown ?? done.atoms.length);
    let certain = Math.min(done.certain, shown.length);
    // What stands close to the next word waits for it: readers join the two texts with a space.
    if (certain > 0 && shown[certain - 1]!.gluesNext) certain--;
    return { committed: textOf(shown.slice(0, certain)), tentative: textOf(shown.slice(certain)) };
  },
};

function grownOf({ committed, tentative }: LiveText, language: string): Grown {
  const sure = atomsOf(committed);
  const open = atomsOf(tentative);
  if (open[0] && sure.length > 0) open[0].space = separator(committed, tentative, language);
  return { atoms: [...sure, ...open], certain: sure.length };
}

/** Takes the commands off the end of a final, before anything is written of it. */
export function withoutCommands<T extends TextPiece>(
  pieces: readonly T[],
  { settings, language, pauses = [] }: TextContext & { pauses?: readonly Pause[] | undefined },
  utterance: Pause,
): { pieces: T[]; commands: SpokenCommand[] } {
  if (settings.commands === false) return { pieces: [...pieces], commands: [] };
  const { atoms, words } = atomsOfPieces(pieces);
  const { atoms: rest, commands } = takeCommands(atoms, { commands: settings.commands, language, pauses }, utterance);
  if (commands.length === 0) return { pieces: [...pieces], commands };
  const left = pieces.map((piece, i) => {
    const own = rest.filter((atom) => atom.piece === i);
    return { ...piece, text: textOf(own), ...(piece.words && { words: wordsOf(own, words) }) };
  });
  return { pieces: left, commands };
}
