"""Makes the recordings of the repository's samples/: held-out sentences in the core voices, silence and noise."""
import argparse
import json
import random
import tempfile
from pathlib import Path

import numpy as np

import textgen
from audio import at_peak, trim, write_wav
from features import SAMPLE_RATE
from synth import Synthesiser

SEED = 77
UTTERANCES = {
    "en": "espeak:en-us espeak:en flite:slt flite:rms espeak:en-us+m3 espeak:en+f3 "
    "espeak:en-us+f2 flite:slt espeak:en-us+m1 flite:rms espeak:en-us espeak:en+m3",
    "ru": "espeak:ru espeak:ru+f3 espeak:ru+m3 fest:msu_ru_nsh_clunits espeak:ru espeak:ru+m1 "
    "espeak:ru+f2 fest:msu_ru_nsh_clunits espeak:ru+m3 espeak:ru+f3 espeak:ru espeak:ru+m1",
}
PARAGRAPHS = {"en": [("espeak:en-us", 38), ("flite:slt", 48)], "ru": [("espeak:ru", 38), ("espeak:ru+m3", 48)]}
"""Voice and least length in seconds."""
QUIET_SECONDS = 20


class Recorder:
    def __init__(self, directory, rng, synthesiser):
        self._directory = directory
        self._rng = rng
        self._synthesiser = synthesiser
        self.transcripts = {}

    def utterance(self, name, language, voice):
        """One sentence of at least five words."""
        text = self._sentence(language, 5)
        # Drawn in this order, so that the seed gives the recordings that are in the repository.
        lead = self._pause(0.15, 0.5)
        speech = self._say(text, language, voice)
        samples = np.concatenate([lead, speech, self._pause(0.15, 0.5)])
        self._save(name, samples, text=text, lang=language, voice=voice)

    def paragraph(self, name, language, voice, min_seconds):
        """Sentences with pauses of 1 to 2 s, and where each of them lies."""
        parts, sentences, at = [np.zeros(SAMPLE_RATE // 2, np.float32)], [], SAMPLE_RATE // 2
        while at < min_seconds * SAMPLE_RATE:
            text = self._sentence(language, 4)
            speech = self._say(text, language, voice)
            end = at + len(speech)
            sentences.append({"text": text, "start": round(at / SAMPLE_RATE, 2), "end": round(end / SAMPLE_RATE, 2)})
            pause = self._pause(1, 2)
            parts += [speech, pause]
            at = end + len(pause)
        text = " ".join(sentence["text"] for sentence in sentences)
        self._save(name, np.concatenate(parts), text=text, lang=language, voice=voice, sentences=sentences)

    def quiet(self, name, samples):
        self._save(name, samples, text="", lang=None, voice=None)

    def _sentence(self, language, min_words):
        while True:
            text = textgen.sentence(language, self._rng)
            if textgen.is_heldout(text) and len(text.split()) >= min_words:
                return text

    def _pause(self, least, most):
        return np.zeros(int(SAMPLE_RATE * self._rng.uniform(least, most)), np.float32)

    def _say(self, text, language, voice):
        samples, _ = self._synthesiser.say_all([(text, language, voice)])[0]
        if samples is None:
            raise SystemExit(f"the voice {voice} is not installed")
        return at_peak(trim(samples, keep_seconds=0.05)[0])

    def _save(self, name, samples, *, text, lang, voice, **more):
        write_wav(self._directory / name, samples)
        seconds = round(len(samples) / SAMPLE_RATE, 2)
        self.transcripts[name] = {"text": text, "lang": lang, "voice": voice, "seconds": seconds, **more}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path)
    args = parser.parse_args()
    args.directory.mkdir(parents=True, exist_ok=True)
    rng = random.Random(SEED)
    with tempfile.TemporaryDirectory() as temporary:
        recorder = Recorder(args.directory, rng, Synthesiser(rng, core=True, directory=temporary))
        for language in textgen.LANGUAGES:
            for number, voice in enumerate(UTTERANCES[language].split(), 1):
                recorder.utterance(f"{language}_{number:02d}.wav", language, voice)
            for number, (voice, min_seconds) in enumerate(PARAGRAPHS[language], 1):
                recorder.paragraph(f"{language}_paragraph_{number}.wav", language, voice, min_seconds)
        length = QUIET_SECONDS * SAMPLE_RATE
        hiss = np.convolve(np.random.RandomState(3).randn(length), np.ones(4) / 4, "same").astype(np.float32)
        recorder.quiet(f"noise_{QUIET_SECONDS}s.wav", hiss * 0.02)
        recorder.quiet(f"silence_{QUIET_SECONDS}s.wav", np.zeros(length, np.float32))
    path = args.directory / "transcripts.json"
    path.write_text(json.dumps(recorder.transcripts, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
