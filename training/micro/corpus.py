"""The synthesised utterances in memory."""
import dataclasses
import json
from pathlib import Path

import numpy as np


@dataclasses.dataclass
class Utterance:
    text: str
    language: str
    voice: str
    mel: np.ndarray
    """[frames, bands] log10 power, float16."""
    words: list | None
    """[(text position, frame)] of each word's beginning, where the engine tells."""


class Corpus:
    """All shards of a directory; `refresh` picks up those that were written since."""

    def __init__(self, directory, voices=None):
        self.utterances = []
        self.by_language = {"en": [], "ru": []}
        """Indices of the utterances."""
        self._directory = Path(directory)
        self._voices = voices
        self._seen = set()
        self.refresh()

    def refresh(self):
        for path in sorted(self._directory.glob("shard_*.npy")):
            if path in self._seen or path.name.endswith(".tmp.npy"):
                continue
            self._seen.add(path)
            self._load(path)
        return len(self.utterances)

    def _load(self, path):
        mels, first = np.load(path), 0
        for entry in json.loads(path.with_suffix(".json").read_text(encoding="utf-8")):
            mel = mels[first:first + entry["frames"]]
            first += entry["frames"]
            if self._voices and entry["voice"] not in self._voices:
                continue
            self.by_language[entry["language"]].append(len(self.utterances))
            self.utterances.append(
                Utterance(entry["text"], entry["language"], entry["voice"], mel, entry["words"])
            )
