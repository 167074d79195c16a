"""Composes utterances into what the model will hear: gaps, cut-offs, splices, several utterances in a row."""
import dataclasses
import typing

import numpy as np

from augment import warp
from features import BANDS, SILENCE

SLACK_TIMED = 4
"""Frames by which a word may lie outside its time, when that time comes from the synthesiser."""


class Word(typing.NamedTuple):
    """A word and where it is heard, in frames; `slack` widens the place on both sides."""

    text: str
    first: float
    last: float
    slack: float

    def moved(self, frames):
        return self._replace(first=self.first + frames, last=self.last + frames)


@dataclasses.dataclass
class Segment:
    """A run of speech within a composition. `open` speech goes on past the end of the window."""

    first: int
    last: int
    text: str
    words: list
    open: bool = False


def silence(frames):
    return np.full((frames, BANDS), SILENCE, np.float32)


def words_of(text, starts, frames):
    """The words between spaces, with their places: from the word starts, or spread evenly by letters."""
    # Of several starts at one text position the earliest counts.
    starts = sorted(dict(reversed(sorted(starts))).items()) if starts else None
    words, position = [], 0
    for word in text.split(" "):
        if starts:
            i = max((k for k, (at, _) in enumerate(starts) if at <= position), default=0)
            last = starts[i + 1][1] if i + 1 < len(starts) else frames
            words.append(Word(word, starts[i][1], last, SLACK_TIMED))
        else:
            first, last = frames * position / len(text), frames * (position + len(word)) / len(text)
            words.append(Word(word, first, last, SLACK_TIMED + frames * 0.05))
        position += len(word) + 1
    return words


def heard_text(text, starts, frames, cut):
    """What is heard of `text` when only its first `cut` frames are: a word counts once three quarters of it are."""
    starts = sorted(set(starts))
    for k, (position, first) in enumerate(starts):
        last = starts[k + 1][1] if k + 1 < len(starts) else frames
        if cut < first + 0.75 * (last - first):
            return text[:position].rstrip()
    return text


class Composer:
    """Draws utterances from a corpus. `strength()` is the augmentation strength, 0..1."""

    def __init__(self, corpus, rng, strength):
        self._corpus = corpus
        self._rng = rng
        self._strength = strength

    def gap(self):
        """Frames of silence around speech."""
        draw = self._rng.random() * (0.5 + 0.5 * self._strength())
        bounds = (0, 0.2) if draw < 0.5 else (0.2, 0.8) if draw < 0.85 else (0.8, 1.6)
        return int(100 * self._rng.uniform(*bounds))

    def _utterance(self, index):
        """(text, mel, word starts or None), warped at random."""
        utterance = self._corpus.utterances[index]
        mel, speed = utterance.mel.astype(np.float32), 1.0
        if self._rng.random() < self._strength():
            mel, speed = warp(mel, self._rng)
        timed = utterance.words and len(utterance.words) > 2
        starts = [(position, frame / speed) for position, frame in utterance.words] if timed else None
        return utterance.text, mel, starts

    def sequence(self, indices, cut_off=False, window=None):
        """Utterances with pauses between them. Returns (mel, segments).

        With `cut_off` the last one breaks off; with `window` the composition ends at that many frames, in mid-speech if
        need be.
        """
        rng, segments = self._rng, []
        at = self.gap()
        parts = [silence(at)]
        for k, index in enumerate(indices):
            text, mel, starts = self._utterance(index)
            if k:
                pause = int(100 * rng.choice([rng.uniform(0.15, 0.7), rng.uniform(0.5, 2.2)]))
                parts.append(silence(pause))
                at += pause
            frames = len(mel)
            words = [word.moved(at) for word in words_of(text, starts, frames)]
            if window and at + frames > window:
                if not starts or at >= window - 40:
                    break
                heard = heard_text(text, starts, frames, window - at)
                parts.append(mel[:window - at])
                segments.append(Segment(at, window, heard, words, open=True))
                at = window
                break
            if cut_off and k == len(indices) - 1 and starts:
                cut = int(rng.uniform(0.15, 0.98) * frames)
                heard = heard_text(text, starts, frames, cut)
                parts.append(mel[:cut])
                if heard:
                    segments.append(Segment(at, at + cut, heard, words))
                return np.concatenate(parts), segments
            parts.append(mel)
            segments.append(Segment(at, at + frames, text, words))
            at += frames
        tail = self.gap()
        if window:
            tail = max(0, min(tail, window - at))
        parts.append(silence(tail))
        return np.concatenate(parts), segments

    def splice(self, language, limit):
        """Fragments of two to four unrelated utterances in one breath, at most about `limit` frames.

        The language model is of little help there, so the decoder has to listen.
        """
        mel, words = self._fragments(language, limit)
        lead = self.gap()
        spliced = np.concatenate([silence(lead), mel, silence(self.gap())])
        text = " ".join(word.text for word in words)
        return spliced, [Segment(lead, lead + len(mel), text, [word.moved(lead) for word in words])]

    def _fragments(self, language, limit):
        rng, parts, words, at = self._rng, [], [], 0
        count = rng.randint(2, 4)
        for k in range(count):
            mel, source = self._timed_words(language)
            if k == 0:
                a, b = 0, rng.randint(1, len(source) - 1)
            elif k == count - 1:
                a, b = rng.randint(1, len(source) - 1), len(source)
            else:
                a = rng.randint(1, len(source) - 1)
                b = min(len(source), a + rng.randint(1, 3))
            while b > a + 1 and at + source[b - 1].last - source[a].first > limit:
                b -= 1
            first, last = int(source[a].first), int(source[b - 1].last)
            if last - first < 8 or (parts and at + last - first > limit):
                continue
            parts.append(mel[first:last])
            for word in source[a:b]:
                text = word.text if k == count - 1 else word.text.rstrip(".,?!")
                words.append(Word(text, at + word.first - first, at + word.last - first, SLACK_TIMED))
            at += last - first
        if not parts:
            return self._fragments(language, limit + 20)
        return np.concatenate(parts), words

    def _timed_words(self, language):
        while True:
            text, mel, starts = self._utterance(self._rng.choice(self._corpus.by_language[language]))
            if starts and len(text.split(" ")) >= 3:
                return mel, words_of(text, starts, len(mel))
