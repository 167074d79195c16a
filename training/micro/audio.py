"""WAV files and the trimming of synthesised speech."""
import wave

import numpy as np
from scipy.signal import resample_poly

from features import SAMPLE_RATE

PEAK = 0.5


def read_wav(path):
    """Mono float32 at 16 kHz."""
    with wave.open(str(path)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), np.int16).astype(np.float32) / 32768
        rate = file.getframerate()
    return samples if rate == SAMPLE_RATE else resample_poly(samples, SAMPLE_RATE, rate).astype(np.float32)


def write_wav(path, samples):
    """16-bit mono at 16 kHz."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype(np.int16).tobytes())


def trim(samples, words=None, keep_seconds=0.03):
    """Cuts silence from both ends. `words` are (text position, seconds) and move along.

    Returns (None, None) when less than 0.1 s of sound is left.
    """
    loud = np.flatnonzero(np.abs(samples) > 0.008 * max(np.abs(samples).max(), 1e-4))
    if len(loud) < SAMPLE_RATE // 10:
        return None, None
    keep = int(keep_seconds * SAMPLE_RATE)
    first, last = max(0, loud[0] - keep), min(len(samples), loud[-1] + keep)
    moved = [(position, max(0.0, time - first / SAMPLE_RATE)) for position, time in words] if words else None
    return samples[first:last], moved


def at_peak(samples, floor=0.0):
    """The same sound, its loudest sample at PEAK."""
    return samples * (PEAK / max(floor, np.abs(samples).max()))
