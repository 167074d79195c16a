"""Training samples and batches.

A sample's kind says what is heard:
    one      an utterance                     few      two to four utterances with pauses
    cut      an utterance that breaks off     long     a 30 s window of many utterances
    splice   fragments of several             silence  silence or noise: the target is the empty token
"""
import dataclasses
import random
import typing

import numpy as np

from augment import Corruption, make_noises
from compose import Composer, silence
from features import BANDS, SILENCE, normalise
from tokens import (
    END_OF_TEXT,
    FIRST_TIMESTAMP,
    LANGUAGE,
    LAST_TIMESTAMP_STEP,
    NO_SPEECH,
    NO_TIMESTAMPS,
    PREVIOUS_TEXT,
    START,
    TRANSCRIBE,
)
from vocab import EMPTY_TOKEN, ctc_ids

IGNORED = -100
"""Target of positions that are not trained."""

WINDOW_FRAMES = 3000
MAX_POSITIONS = 1500


class Place(typing.NamedTuple):
    """Encoder positions in which the token predicted at `index` is heard."""

    index: int
    first: float
    last: float


@dataclasses.dataclass
class Sample:
    mel: np.ndarray
    tokens: list
    targets: list
    ctc: list
    places: list


class Batch(typing.NamedTuple):
    """Arrays of one size. `place_first` and `place_last` are -1 where a token has no place."""

    mel: np.ndarray
    audio_positions: np.ndarray
    tokens: np.ndarray
    targets: np.ndarray
    ctc: list
    place_first: np.ndarray
    place_last: np.ndarray

    @property
    def size(self):
        return len(self.mel)

    @property
    def positions(self):
        """Encoder positions: two frames each."""
        return self.mel.shape[2] // 2


class SampleMaker:
    """Makes samples and batches from a corpus. `corruption` None leaves the audio clean, for validation."""

    def __init__(self, corpus, vocab, rng, strength, corruption):
        self._corpus = corpus
        self._vocab = vocab
        self._rng = rng
        self._strength = strength
        self._corruption = corruption
        self._composer = Composer(corpus, rng, strength)

    @classmethod
    def for_training(cls, corpus, vocab, seed, strength):
        rng = random.Random(seed)
        noises = make_noises(corpus.utterances, rng, np.random.RandomState(seed))
        return cls(corpus, vocab, rng, strength, Corruption(noises, rng, strength))

    @classmethod
    def for_validation(cls, corpus, vocab, seed):
        return cls(corpus, vocab, random.Random(seed), lambda: 0.0, None)

    def sample(self, kind, index=None, max_prompt=0, max_frames=500):
        """One sample; `index` is the utterance of the kinds one, cut and splice; `max_frames` bounds silence."""
        rng, segments = self._rng, []
        language = rng.choice(["en", "ru"])
        if kind == "silence":
            mel = self._corruption.no_speech(silence(int(rng.uniform(20, max_frames))))
        else:
            if index is not None:
                language = self._corpus.utterances[index].language
            mel, segments = self._speech(kind, language, index)
            if self._corruption:
                mel = self._corruption.speech(mel)
            if kind == "long":
                mel = mel[:WINDOW_FRAMES]
        prompt_length = 0
        if max_prompt and rng.random() < 0.6:
            prompt_length = rng.randint(1, max_prompt)
        tokens, targets, places = self._target(segments, language, prompt_length)
        return Sample(mel, tokens, targets, ctc_ids(" ".join(segment.text for segment in segments)), places)

    def _speech(self, kind, language, index):
        rng, compose = self._rng, self._composer
        if kind in ("one", "cut"):
            return compose.sequence([index], cut_off=kind == "cut")
        if kind == "splice":
            return compose.splice(language, len(self._corpus.utterances[index].mel) + 20)
        of_language = self._corpus.by_language[language]
        if kind == "few":
            indices = [rng.choice(of_language) for _ in range(rng.randint(2, 4))]
            return compose.sequence(indices, cut_off=rng.random() < 0.3)
        indices = [rng.choice(of_language) for _ in range(24)]
        if rng.random() >= 0.7:  # a window that is not full
            indices = indices[:max(1, rng.randint(800, WINDOW_FRAMES) // 260)]
        return compose.sequence(indices, window=WINDOW_FRAMES)

    def _target(self, segments, language, prompt_length):
        """(tokens, targets shifted by one, places), half of the time with timestamps."""
        rng = self._rng
        timestamps = rng.random() < 0.5
        prompt = self._prompt(language, prompt_length, timestamps) if prompt_length else []
        head = [START, LANGUAGE[language], TRANSCRIBE] + ([] if timestamps else [NO_TIMESTAMPS])
        body, places = self._body(segments, timestamps)
        sequence = prompt + head + body + [END_OF_TEXT]
        targets = sequence[1:] + [IGNORED]
        start = len(prompt)
        targets[:start] = [IGNORED] * start
        if not segments:
            targets[start] = NO_SPEECH
            if rng.random() < 0.75:
                targets[start + len(head) - 1] = NO_SPEECH
        targets[start + 1] = IGNORED  # the language and the task are given, not guessed
        if not timestamps:
            targets[start + 2] = IGNORED
        offset = start + len(head) - 1
        moved = [place._replace(index=place.index + offset) for place in places]
        return sequence[:-1], targets[:-1], moved

    def _prompt(self, language, length, timestamps):
        """Text that is said to come before: other sentences, now and then of the other language."""
        rng, tokens = self._rng, []
        while len(tokens) < length:
            source = language if rng.random() < 0.9 else rng.choice(["en", "ru"])
            utterance = self._corpus.utterances[rng.choice(self._corpus.by_language[source])]
            text = self._vocab.encode(" " + utterance.text)
            if timestamps and rng.random() < 0.6:
                first = rng.randint(0, 1200)
                text = [_timestamp(first), *text, _timestamp(first + len(utterance.mel) // 2)]
            tokens += text
        return [PREVIOUS_TEXT, *tokens[-length:]]

    def _body(self, segments, timestamps):
        if not segments:
            end = [FIRST_TIMESTAMP + LAST_TIMESTAMP_STEP]
            return ([FIRST_TIMESTAMP, EMPTY_TOKEN, *end] if timestamps else [EMPTY_TOKEN]), []
        body, places = [], []
        for k, segment in enumerate(segments):
            if timestamps:
                first = round(segment.first / 2)
                body.append(_timestamp(min(first, 50) if k == 0 else first))
                if segment.open:
                    continue
            for n, text in enumerate(segment.text.split(" ") if segment.text else ()):
                tokens = self._vocab.encode(" " + text)
                if n < len(segment.words):
                    places += self._places(len(body), tokens, text, segment.words[n])
                body += tokens
            if timestamps:
                body.append(_timestamp(round(segment.last / 2)))
        return body or [EMPTY_TOKEN], places

    def _places(self, index, tokens, text, word):
        """Spreads a word's time over its tokens by their letters."""
        places, before = [], 0
        length = word.last - word.first
        for k, token in enumerate(tokens):
            letters = self._vocab.letters(token)
            first = (word.first + length * before / len(text)) / 2 - word.slack
            last = (word.first + length * (before + letters) / len(text)) / 2 + word.slack
            places.append(Place(index + k, first, last))
            before += letters
        return places

    def batch(self, samples):
        """Pads samples to one size; `samples` have at most 30 s."""
        positions = min(MAX_POSITIONS, max((len(sample.mel) + 1) // 2 for sample in samples) + 4)
        size, length = len(samples), max(len(sample.tokens) for sample in samples)
        mel = np.empty((size, BANDS, 2 * positions), np.float32)
        audio_positions = np.empty(size, np.int64)
        tokens = np.full((size, length), END_OF_TEXT, np.int64)
        targets = np.full((size, length), IGNORED, np.int64)
        place_first = np.full((size, length), -1, np.float32)
        place_last = np.full((size, length), -1, np.float32)
        for i, sample in enumerate(samples):
            heard = sample.mel[:2 * positions]
            padded = np.full((2 * positions, BANDS), SILENCE, np.float32)
            padded[:len(heard)] = heard
            mel[i] = normalise(padded, heard.max()).T
            audio_positions[i] = min(positions, len(heard) // 2 + 2)
            tokens[i, :len(sample.tokens)] = sample.tokens
            targets[i, :len(sample.targets)] = sample.targets
            for index, first, last in sample.places:
                if last < positions:
                    place_first[i, index], place_last[i, index] = max(0, first), last
        ctc = [sample.ctc for sample in samples]
        return Batch(mel, audio_positions, tokens, targets, ctc, place_first, place_last)

    def batches(self, budget, share_few, share_long):
        """Endless (kind, batch). A batch has about `budget` encoder positions; `share_*()` mix in the other kinds."""
        rng = self._rng
        while True:
            order = list(range(len(self._corpus.utterances)))
            rng.shuffle(order)
            order = order[:6000]
            for first in range(0, len(order) - 600, 600):
                for indices in self._buckets(order[first:first + 600], budget):
                    draw = rng.random()
                    no_prompt = 0.8 - 0.2 * self._strength()
                    max_prompt = 0 if draw < no_prompt else 40 if draw < 0.95 else 220
                    if rng.random() < share_long():
                        yield "long", self.batch([self._long(max_prompt) for _ in range(max(2, budget // 1500))])
                    if rng.random() < share_few():
                        samples = [self.sample("few", max_prompt=max_prompt) for _ in range(max(2, budget // 450))]
                        yield "few", self.batch(sorted(samples, key=lambda sample: len(sample.mel)))
                    yield "one", self.batch([self._short(index, max_prompt) for index in indices])

    def _long(self, max_prompt):
        kind = "long" if self._rng.random() < 0.93 else "silence"
        return self.sample(kind, max_prompt=max_prompt, max_frames=WINDOW_FRAMES)

    def _short(self, index, max_prompt):
        draw = self._rng.random()
        if draw >= 0.95:
            return self.sample("silence", max_prompt=max_prompt, max_frames=300)
        kind = "one" if draw < 0.63 else "splice" if draw < 0.80 else "cut"
        return self.sample(kind, index, max_prompt=max_prompt)

    def _buckets(self, indices, budget):
        """Groups utterances of similar length into batches, in random order."""
        utterances, rng = self._corpus.utterances, self._rng
        margin = 20 + int(35 * self._strength())
        buckets, bucket, longest = [], [], 0
        for index in sorted(indices, key=lambda i: len(utterances[i].mel) + rng.uniform(0, 40)):
            positions = len(utterances[index].mel) // 2 + margin
            if bucket and max(longest, positions) * (len(bucket) + 1) > budget:
                buckets.append(bucket)
                bucket, longest = [], 0
            bucket.append(index)
            longest = max(longest, positions)
        buckets.append(bucket)
        rng.shuffle(buckets)
        return buckets


def _timestamp(step):
    return FIRST_TIMESTAMP + min(LAST_TIMESTAMP_STEP, step)
