#!/usr/bin/env bash
# Makes the model file of this package out of the public one, and checks that it is the one that is shipped.
#
#   make-model.sh DIRECTORY
#
# Writes smart-turn-v3.2-float.onnx and the LICENSE into DIRECTORY. Needs Python 3 with venv and pip.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=${1:?usage: make-model.sh DIRECTORY}
shipped_sha256=2bb026316b14a660486a75b1733cd3fbab8c2fd0314dc9af7be49f8cca967e4f
float_sha256=9f8fe99277e2ef9afe49413a5c72ca1540c0e856e4a4e6dedf82a2be4784ae2d

mkdir -p "$work/wheel"
work=$(cd "$work" && pwd)
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet numpy onnx==1.22.0
"$work/venv/bin/pip" download --quiet --no-deps --require-hashes --requirement "$here/wheel.txt" --dest "$work/wheel"
for wheel in "$work"/wheel/*.whl; do python3 -m zipfile -e "$wheel" "$work/wheel"; done
shipped="$work/wheel/pipecat/audio/turn/smart_turn/data/smart-turn-v3.2-cpu.onnx"
echo "$shipped_sha256  $shipped" | sha256sum --check
cp "$work"/wheel/pipecat_ai-*.dist-info/licenses/LICENSE "$work/LICENSE"

"$work/venv/bin/python" "$here/float_activations.py" "$shipped" "$work/smart-turn-v3.2-float.onnx"
echo "$float_sha256  $work/smart-turn-v3.2-float.onnx" | sha256sum --check
