"""Synthesises utterances with espeak-ng, flite and festival, and writes them as shards of log-mel frames.

A shard is `NAME.npy` (all frames of its utterances, float16, one after another) and `NAME.json` (for each utterance:
text, language, voice, number of frames, id and, from espeak-ng, the frame in which each word begins).
"""
import argparse
import ctypes
import json
import os
import random
import subprocess
import tempfile
from multiprocessing import Process
from pathlib import Path

import numpy as np
from scipy.signal import resample_poly

import textgen
from audio import at_peak, read_wav, trim, write_wav
from features import FRAMES_PER_SECOND, SAMPLE_RATE, log10_mel
from voices import pick_any_voice, pick_core_voice

SHARD_SIZE = 400
MAX_SECONDS = 12

CONNECTIVES = {
    "en": ["Well, ", "By the way, ", "Also, ", "Listen, ", "Okay, ", "And "],
    "ru": ["Кстати, ", "Слушай, ", "И ещё, ", "Ладно, ", "Хорошо, ", "А "],
}


class Espeak:
    """espeak-ng through its C library, which, unlike its command, tells when each word begins."""

    class _Event(ctypes.Structure):
        _fields_ = [
            ("type", ctypes.c_int),
            ("uid", ctypes.c_uint),
            ("text_position", ctypes.c_int),
            ("length", ctypes.c_int),
            ("audio_position", ctypes.c_int),
            ("sample", ctypes.c_int),
            ("user", ctypes.c_void_p),
            ("id", ctypes.c_char * 8),
        ]

    # From speak_lib.h
    _OUTPUT_SYNCHRONOUS, _WORD_EVENT, _CHARS_UTF8, _BY_CHARACTER = 2, 1, 1, 1
    _RATE, _PITCH, _PITCH_RANGE = 1, 3, 4

    def __init__(self):
        self._library = ctypes.CDLL("libespeak-ng.so.1")
        self._library.espeak_Initialize(self._OUTPUT_SYNCHRONOUS, 400, None, 0)
        callback = ctypes.CFUNCTYPE(
            ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(self._Event)
        )
        self._callback = callback(self._on_audio)  # kept, or it would be collected under the library
        self._library.espeak_SetSynthCallback(self._callback)

    def _on_audio(self, samples, count, events):
        if count and samples:
            self._audio.append(np.ctypeslib.as_array(samples, (count,)).copy())
        i = 0
        while events[i].type:
            if events[i].type == self._WORD_EVENT:
                self._words.append((events[i].text_position - 1, events[i].audio_position / 1000))
            i += 1
        return 0

    def say(self, text, voice, rate, pitch, pitch_range):
        """(samples, [(text position, seconds) of each word]), or (None, None) when the voice is missing."""
        self._audio, self._words = [], []
        if self._library.espeak_SetVoiceByName(voice.encode()):
            return None, None
        for parameter, value in ((self._RATE, rate), (self._PITCH, pitch), (self._PITCH_RANGE, pitch_range)):
            self._library.espeak_SetParameter(parameter, value, 0)
        data = text.encode()
        self._library.espeak_Synth(data, len(data) + 1, 0, self._BY_CHARACTER, 0, self._CHARS_UTF8, None, None)
        if not self._audio:
            return None, None
        samples = np.concatenate(self._audio).astype(np.float32) / 32768
        return resample_poly(samples, 320, 441).astype(np.float32), self._words  # 22.05 to 16 kHz


class Synthesiser:
    """Speaks with any of the three engines. `core` keeps speed and pitch in a narrow range."""

    def __init__(self, rng, core, directory):
        self._rng = rng
        self._core = core
        self._directory = Path(directory)
        self._espeak = Espeak()

    def say_all(self, items):
        """[(text, language, voice)] to [(samples or None, word times or None)], in the same order."""
        results = [(None, None)] * len(items)
        for_festival = []
        for index, (text, _, voice) in enumerate(items):
            engine, name = voice.split(":")
            if engine == "espeak":
                results[index] = self._espeak.say(text, name, *self._prosody())
            elif engine == "flite":
                results[index] = (self._flite(text, name), None)
            else:
                for_festival.append((index, name, text))
        for index, samples in self._festival(for_festival):
            results[index] = (samples, None)
        return results

    def _prosody(self):
        uniform = self._rng.uniform
        if self._core:
            return int(uniform(160, 200)), int(uniform(40, 60)), 50
        return int(uniform(150, 235)), int(uniform(25, 75)), int(uniform(30, 70))

    def _stretch(self):
        return f"{self._rng.uniform(0.85, 1.05):.2f}"

    def _flite(self, text, voice):
        path = self._directory / "flite.wav"
        stretch = f"duration_stretch={self._stretch()}"
        subprocess.run(["flite", "-voice", voice, "--setf", stretch, "-t", text, "-o", str(path)], check=True)
        return read_wav(path)

    def _festival(self, items):
        """One festival process for all items, since it is slow to start and to change voices."""
        script, voice = [], None
        for index, name, text in sorted(items, key=lambda item: item[1]):
            if name != voice:
                script.append(f"(voice_{name})")
                voice = name
            script.append(f"(Parameter.set 'Duration_Stretch {self._stretch()})")
            script.append(f'(utt.save.wave (utt.synth (Utterance Text "{text}")) "{self._directory}/{index}.wav")')
        if not script:
            return
        path = self._directory / "festival.scm"
        path.write_text("\n".join(script))
        # A voice that is not installed ends the script early: its utterances are left out.
        subprocess.run(["festival", "-b", str(path)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        for index, _, _ in items:
            recording = self._directory / f"{index}.wav"
            if recording.exists():
                yield index, read_wav(recording)
                recording.unlink()


def lower_first(text, language):
    """For a sentence that moves into the middle of another; names keep their capital."""
    word = text.split()[0].strip(",.!?")
    if word in ("I", "Monday") or textgen.Grammar.load(language).is_name(word):
        return text
    return text[0].lower() + text[1:]


def make_text(language, rng, heldout):
    """One text to speak. Held-out texts are plain sentences; the others are varied and never contain a held-out one."""
    while True:
        draw = rng.random()
        text = textgen.sentence(language, rng)
        if heldout:
            if textgen.is_heldout(text):
                return text
            continue
        if textgen.is_heldout(text):
            continue
        if draw < 0.70:
            return text
        if draw < 0.80:
            return rng.choice(CONNECTIVES[language]) + lower_first(text, language)
        if draw < 0.87:
            second = textgen.sentence(language, rng)
            if textgen.is_heldout(second) or not text.endswith("."):
                continue
            return text[:-1] + (", and " if language == "en" else ", и ") + lower_first(second, language)
        return textgen.word_salad(language, rng)


def write_shards(directory, count, seed, heldout, core):
    """The work of one process."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as temporary:
        synthesiser = Synthesiser(rng, core, temporary)
        for shard, first in enumerate(range(0, count, SHARD_SIZE)):
            items = []
            for _ in range(min(SHARD_SIZE, count - first)):
                language = rng.choice(textgen.LANGUAGES)
                text = make_text(language, rng, heldout)
                voice = pick_core_voice(language, rng) if core else pick_any_voice(language, rng, unseen=heldout)
                items.append((text, language, voice))
            _write_shard(directory, f"{seed}_{shard}", items, synthesiser.say_all(items), keep_audio=heldout)
            print(f"process {seed}: {first + len(items)} of {count}", flush=True)


def _write_shard(directory, name, items, spoken, keep_audio):
    mels, entries = [], []
    for index, ((text, language, voice), (samples, words)) in enumerate(zip(items, spoken)):
        if samples is None:
            continue
        samples, words = trim(samples, words)
        if samples is None or len(samples) > MAX_SECONDS * SAMPLE_RATE:
            continue
        samples = at_peak(samples, floor=1e-3)
        mel = log10_mel(samples)
        identity = f"{name}_{index}"
        if keep_audio:
            write_wav(directory / f"{identity}.wav", samples)
        starts = [(position, round(time * FRAMES_PER_SECOND)) for position, time in words] if words else None
        mels.append(mel.astype(np.float16))
        entries.append(
            {"text": text, "language": language, "voice": voice, "frames": len(mel), "id": identity, "words": starts}
        )
    path = directory / f"shard_{name}"
    np.save(f"{path}.tmp.npy", np.concatenate(mels))
    Path(f"{path}.json").write_text(json.dumps(entries, ensure_ascii=False), encoding="utf-8")
    # Last, so that a training run that watches the directory sees whole shards only.
    os.rename(f"{path}.tmp.npy", f"{path}.npy")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directory", type=Path)
    parser.add_argument("count", type=int, help="utterances")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--core", action="store_true", help="the core voices only")
    parser.add_argument("--heldout", action="store_true", help="held-out sentences only; their audio is kept as WAV")
    args = parser.parse_args()
    args.directory.mkdir(parents=True, exist_ok=True)
    share = args.count // args.processes
    processes = [
        Process(target=write_shards, args=(args.directory, share, args.seed * 100 + i, args.heldout, args.core))
        for i in range(args.processes)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    if any(process.exitcode for process in processes):
        raise SystemExit("a process failed; its message is above")


if __name__ == "__main__":
    main()
