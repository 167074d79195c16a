"""Augmentation in the mel domain: cheap enough to vary every utterance anew each time it is used."""
import random

import numpy as np
from scipy.signal import lfilter

from features import BANDS, FRAMES_PER_SECOND, SAMPLE_RATE, log10_mel

_NOISES = ("white", "pink", "brown", "hum", "fan", "babble")


def make_noises(utterances, rng, samples_rng, count=36, seconds=32):
    """Clips of mel power, of several colours, hums, fans and babble, each with a mean frame power of 1."""
    noises = []
    for index in range(count):
        kind = _NOISES[index % len(_NOISES)]
        if kind == "babble":
            power = _babble(utterances, rng, seconds)
        else:
            samples = _noise(kind, rng, samples_rng, seconds * SAMPLE_RATE).astype(np.float32)
            power = 10 ** log10_mel(samples * (0.1 / (np.abs(samples).mean() + 1e-6)))
        noises.append((power / power.sum(1).mean()).astype(np.float32))
    return noises


def _noise(kind, rng, samples_rng, length):
    white = samples_rng.randn(length).astype(np.float32)
    if kind == "pink":
        return lfilter([1], [1, -0.9], white) + 0.2 * samples_rng.randn(length)
    if kind == "brown":
        return lfilter([1], [1, -0.985], white) + 0.05 * samples_rng.randn(length)
    time = np.arange(length) / SAMPLE_RATE
    if kind == "hum":
        base = rng.choice([50, 60, 100, 120])
        harmonics = (np.sin(2 * np.pi * base * k * time + k) * rng.uniform(0.2, 1) for k in range(1, 8))
        return 0.1 * white + sum(harmonics)
    if kind == "fan":
        coloured = lfilter([1], [1, -rng.uniform(0.5, 0.95)], white)
        return coloured * (1 + 0.5 * np.sin(2 * np.pi * rng.uniform(0.5, 6) * time))
    return white


def _babble(utterances, rng, seconds):
    power = np.full((seconds * FRAMES_PER_SECOND, BANDS), 1e-9, np.float32)
    for _ in range(rng.randint(4, 8)):
        start = rng.randint(0, 100)
        while start < len(power):
            mel = rng.choice(utterances).mel
            length = min(len(mel), len(power) - start)
            power[start:start + length] += 10 ** mel[:length].astype(np.float32)
            start += length + rng.randint(5, 60)
    return power


def warp(mel, rng):
    """Changes speed and, by stretching the frequency axis, the length of the vocal tract. Returns (mel, speed)."""
    speed = 1.0
    if rng.random() < 0.4:
        speed = rng.uniform(0.88, 1.15)
        at = np.clip(np.arange(int(len(mel) / speed)) * speed, 0, len(mel) - 1.001)
        low = at.astype(int)
        part = (at - low)[:, None].astype(np.float32)
        mel = mel[low] * (1 - part) + mel[np.minimum(low + 1, len(mel) - 1)] * part
    if rng.random() < 0.4:
        stretch = rng.uniform(0.93, 1.07)
        at = np.clip(np.arange(BANDS) * stretch, 0, BANDS - 1.001)
        low = at.astype(int)
        part = (at - low).astype(np.float32)
        mel = mel[:, low] * (1 - part) + mel[:, low + 1] * part
    return mel, speed


class Corruption:
    """Reverberation, equalisation, noise, clicks and gain. `strength()` is 0..1 and grows during training."""

    def __init__(self, noises, rng: random.Random, strength):
        self._noises = noises
        self._rng = rng
        self._strength = strength

    def speech(self, mel):
        rng = self._rng
        power = 10 ** mel
        if rng.random() < 0.2 * self._strength():
            amount, decay = rng.uniform(0.05, 0.35), rng.uniform(0.75, 0.93)
            power = power + amount * (1 - decay) * lfilter([1], [1, -decay], power, axis=0).astype(np.float32)
        if rng.random() < 0.4 * self._strength():
            band = np.linspace(-1, 1, BANDS)
            tilt = rng.uniform(-0.5, 0.5) * band
            bump = rng.uniform(-0.3, 0.3) * np.sin(np.pi * band * rng.uniform(0.5, 2))
            power = power * (10 ** (tilt + bump)).astype(np.float32)
        level = np.sort(power.sum(1))[-max(1, len(power) // 3):].mean()
        if rng.random() < 0.15 + 0.4 * self._strength():
            snr = rng.uniform(25 - 21 * self._strength(), 45)
            power = power + self._noise(len(power)) * level * 10 ** (-snr / 10)
        power = power * 10 ** rng.uniform(-2.2, 0.6)
        return _to_log(power)

    def no_speech(self, mel):
        rng = self._rng
        power = 10 ** mel
        level = 10 ** rng.uniform(-3, 1.5)
        if rng.random() < 0.85:
            power = power + self._noise(len(power)) * level
            if rng.random() < 0.3:
                self._add_clicks(power, level)
        return _to_log(power)

    def _noise(self, frames):
        noise = self._rng.choice(self._noises)
        first = self._rng.randint(0, len(noise) - frames) if len(noise) > frames else 0
        return noise[first:first + frames]

    def _add_clicks(self, power, level):
        for _ in range(self._rng.randint(1, 3)):
            frame = self._rng.randint(0, max(0, len(power) - 3))
            power[frame:frame + 2] += level * self._rng.uniform(0.5, 20) / BANDS


def _to_log(power):
    return np.log10(np.maximum(power, 1e-10))
