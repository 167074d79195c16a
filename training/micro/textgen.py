"""Sentences to train on: a template grammar for dictation in English and Russian.

A template such as "Remind me to {task} {when}." holds slots; a slot's words may hold slots themselves. Templates and
slots are data, in grammar/<language>.json. Whether a sentence is held out for testing follows from a hash of its
text, so that no training set can contain it, whoever generates it and with whatever seed.
"""
import argparse
import functools
import hashlib
import json
import random
import re
from pathlib import Path

LANGUAGES = ("en", "ru")
SLOT = re.compile(r"\{(\w+)\}")
CAPITAL_SUFFIX = "_c"
"""A slot name with this suffix is the same slot, with a capital first letter."""


class Grammar:
    """The templates and slots of one language."""

    def __init__(self, templates, slots):
        self.templates = templates
        self.slots = slots

    @classmethod
    @functools.cache
    def load(cls, language):
        data = json.loads((Path(__file__).parent / "grammar" / f"{language}.json").read_text(encoding="utf-8"))
        return cls([template for topic in data["templates"].values() for template in topic], data["slots"])

    def expand(self, text, rng):
        """Fills every slot of `text`, to any depth."""
        return SLOT.sub(lambda match: self._fill(match.group(1), rng), text)

    def _fill(self, name, rng):
        slot = name.removesuffix(CAPITAL_SUFFIX)
        if slot == "digits":
            words = " ".join(rng.choice(self.slots["digit"]) for _ in range(rng.randint(3, 5)))
        else:
            words = self.expand(rng.choice(self.slots[slot]), rng)
        return capitalise(words) if name.endswith(CAPITAL_SUFFIX) else words

    @functools.cached_property
    def words(self):
        """All words of the grammar, sorted."""
        texts = [*self.templates, *(text for slot in self.slots.values() for text in slot)]
        return sorted({word for text in texts for word in re.findall(r"[\w']+", SLOT.sub(" ", text))})

    def is_name(self, word):
        return word in self.slots.get("name", ()) or word in self.slots.get("nomN", ())


def capitalise(text):
    """Makes the first letter a capital and leaves the rest alone."""
    return text[0].upper() + text[1:]


def sentence(language, rng):
    """One sentence of the grammar, with capital letters and punctuation."""
    grammar = Grammar.load(language)
    return grammar.expand(rng.choice(grammar.templates), rng)


def word_salad(language, rng):
    """Two to seven random words: nothing to guess from, so that the acoustic side has to listen."""
    words = [rng.choice(Grammar.load(language).words) for _ in range(rng.randint(2, 7))]
    words = [word if _keeps_capital(word, rng) else word.lower() for word in words]
    if language == "en":
        words = ["I" if word == "i" else word for word in words]
    text = words[0]
    for word in words[1:]:
        text += (", " if rng.random() < 0.1 else " ") + word
    return capitalise(text) + "."


def _keeps_capital(word, rng):
    return word[0].isupper() and len(word) > 3 and rng.random() < 0.5


def is_heldout(text):
    """Whether a sentence is kept for testing: about 4 % of those with at least four words."""
    return hashlib.md5(text.encode()).digest()[0] < 10 and len(text.split()) >= 4


def main():
    parser = argparse.ArgumentParser(description="Show what the grammar says.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--draws", type=int, default=60_000, help="sentences to draw for the statistics")
    args = parser.parse_args()
    rng = random.Random(args.seed)
    for language in LANGUAGES:
        drawn = {sentence(language, rng) for _ in range(args.draws)}
        mean = sum(len(text.split()) for text in drawn) / len(drawn)
        heldout = sum(map(is_heldout, drawn))
        print(
            f"{language}: {len(Grammar.load(language).words)} words; {len(drawn)} distinct sentences in {args.draws} "
            f"draws, {mean:.1f} words on average, {heldout} held out"
        )
        for text in rng.sample(sorted(drawn), 12):
            print("  ", text, "(held out)" if is_heldout(text) else "")
        for _ in range(3):
            print("  ~", word_salad(language, rng))


if __name__ == "__main__":
    main()
