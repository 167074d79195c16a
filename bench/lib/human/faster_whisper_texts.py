"""usage: faster_whisper_texts.py MODEL LANGUAGE BEAMS FILE...   The texts of files by faster-whisper, a JSON array on stdout.
faster_whisper_texts.py --version MODEL   Its version, if it and the model are here. Nothing is downloaded."""

import json
import os
import sys

os.environ.setdefault("HF_HUB_OFFLINE", "1")
import faster_whisper

if sys.argv[1] == "--version":
    faster_whisper.WhisperModel(sys.argv[2], device="cpu", compute_type="int8", local_files_only=True)
    print(faster_whisper.__version__)
    sys.exit()

name, language, beams, *files = sys.argv[1:]
model = faster_whisper.WhisperModel(name, device="cpu", compute_type="int8", local_files_only=True)
texts = []
for file in files:
    segments, _ = model.transcribe(file, language=language, beam_size=int(beams), best_of=int(beams))
    texts.append(" ".join(segment.text.strip() for segment in segments))
json.dump(texts, sys.stdout)
