"""Log-mel features, computed exactly as the runtime computes them.

16 kHz, windows of 400 samples every 160 (periodic Hann), 80 slaney mel bands, log10 of the power.
"""
import numpy as np
import scipy.fft

SAMPLE_RATE = 16_000
WINDOW = 400
HOP = 160
BANDS = 80
FRAMES_PER_SECOND = SAMPLE_RATE // HOP

SILENCE = -10.0
"""Log power of digital silence."""

# The slaney scale is linear below 1 kHz (15 mel) and logarithmic above.
_BREAK_HZ, _BREAK_MEL, _MEL_PER_HZ = 1000, 15, 3 / 200
_LOG_STEP = np.log(6.4) / 27


def _hz_to_mel(hz):
    hz = np.asarray(hz, float)
    upper = _BREAK_MEL + np.log(np.maximum(hz, 1e-9) / _BREAK_HZ) / _LOG_STEP
    return np.where(hz < _BREAK_HZ, hz * _MEL_PER_HZ, upper)


def _mel_to_hz(mel):
    return np.where(mel < _BREAK_MEL, mel / _MEL_PER_HZ, _BREAK_HZ * np.exp(_LOG_STEP * (mel - _BREAK_MEL)))


def mel_filters():
    """[BANDS, WINDOW / 2 + 1]: triangles of equal area, evenly spaced in mel."""
    bins = np.linspace(0, SAMPLE_RATE / 2, WINDOW // 2 + 1)
    corners = _mel_to_hz(np.linspace(_hz_to_mel(0), _hz_to_mel(SAMPLE_RATE / 2), BANDS + 2))
    filters = np.zeros((BANDS, len(bins)))
    for band, (low, centre, high) in enumerate(zip(corners, corners[1:], corners[2:])):
        triangle = np.minimum((bins - low) / (centre - low), (high - bins) / (high - centre))
        filters[band] = np.maximum(0, triangle) * 2 / (high - low)
    return filters.astype(np.float32)


_FILTERS = mel_filters()
_HANN = (0.5 * (1 - np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW))).astype(np.float32)


def log10_mel(samples):
    """Mono float32 in [-1, 1] to [frames, BANDS], not clamped or scaled; frame i is centred on sample i * HOP."""
    count = len(samples) // HOP
    reflected = samples[1:WINDOW // 2 + 1][::-1]
    padded = np.concatenate([reflected, samples, np.zeros(WINDOW, np.float32)]).astype(np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP][:count] * _HANN
    power = np.abs(scipy.fft.rfft(frames, axis=1)) ** 2
    return np.log10(np.maximum(power @ _FILTERS.T, 1e-10)).astype(np.float32)


def normalise(log_mel, peak=None):
    """What the network sees: at most 8 decades below the peak, scaled to about [-1, 1]."""
    return (np.maximum(log_mel, (log_mel.max() if peak is None else peak) - 8) + 4) / 4
