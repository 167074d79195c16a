"""The model's own vocabulary, and the character set of its auxiliary CTC head.

Ids 0..255 are raw bytes, so that any prompt can be written; 256 is the empty token, which the model says for silence;
then come pieces of at most two letters, learnt by merging frequent neighbours in the project's own sentences. Short
pieces cover short stretches of sound and are learnt much sooner than whole words. Encoding takes the longest match
from the left inside words that carry their leading space, as the runtime does with prompts.
"""
import collections
import json
import re
from pathlib import Path

WORD = re.compile(rb"'s|'t|'re|'ve|'m|'ll|'d| ?[A-Za-z]+| ?[0-9]+| ?[^\s0-9A-Za-z]+|\s+(?!\S)|\s+")
"""How the runtime cuts text before it looks for tokens."""

EMPTY_TOKEN = 256
MIN_PAIR_COUNT = 8

CTC_CHARS = " 'abcdefghijklmnopqrstuvwxyzабвгдежзийклмнопрстуфхцчшщъыьэюяё"


def learn_tokens(texts, merges, max_letters=2):
    """The tokens, as bytes in the order of their ids, learnt from `texts` in at most `merges` merges."""
    counts = collections.Counter(
        word.decode() for text in texts for word in WORD.findall((" " + text).encode())
    )
    spelling = {word: list(word) for word in counts}
    pieces = sorted({char for word in counts for char in word if ord(char) > 127})
    for _ in range(merges):
        pairs = collections.Counter()
        for word, parts in spelling.items():
            for pair in zip(parts, parts[1:]):
                pairs[pair] += counts[word]
        if not pairs:
            break
        pair, count = pairs.most_common(1)[0]
        if count < MIN_PAIR_COUNT:
            break
        pieces.append("".join(pair))
        for word, parts in spelling.items():
            spelling[word] = _merge(parts, pair)
    tokens = [bytes([value]) for value in range(256)] + [b""]
    known = set(tokens)
    for piece in pieces:
        token = piece.encode()
        if len(piece.strip()) <= max_letters and token not in known:
            known.add(token)
            tokens.append(token)
    return tokens


def _merge(parts, pair):
    merged, i = [], 0
    while i < len(parts):
        if tuple(parts[i:i + 2]) == pair:
            merged.append("".join(pair))
            i += 2
        else:
            merged.append(parts[i])
            i += 1
    return merged


class Vocab:
    """Text to token ids and back."""

    def __init__(self, tokens):
        self.tokens = tokens
        self._ids = {token: i for i, token in enumerate(tokens)}
        self._longest = max(map(len, tokens))
        self._cache = {}

    def __len__(self):
        return len(self.tokens)

    def encode(self, text):
        ids = []
        for word in WORD.findall(text.encode()):
            if word not in self._cache:
                self._cache[word] = list(self._encode_word(word))
            ids += self._cache[word]
        return ids

    def _encode_word(self, word):
        start = 0
        while start < len(word):
            end = min(len(word), start + self._longest)
            while word[start:end] not in self._ids:
                end -= 1
            yield self._ids[word[start:end]]
            start = end

    def decode(self, ids):
        return b"".join(self.tokens[i] for i in ids if i < len(self.tokens)).decode(errors="replace")

    def letters(self, token_id):
        """How many letters a token stands for, to spread a word's time over its tokens."""
        return len(self.tokens[token_id].decode(errors="ignore").strip())

    def save(self, path):
        Path(path).write_text(json.dumps([token.hex() for token in self.tokens]))

    @classmethod
    def load(cls, path):
        return cls([bytes.fromhex(text) for text in json.loads(Path(path).read_text())])


def ctc_ids(text):
    """Class numbers of the CTC head; 0 is its blank."""
    return [CTC_CHARS.index(char) + 1 for char in text.lower() if char in CTC_CHARS]
