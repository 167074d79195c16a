"""Writes a checkpoint as a ggml speech model with 16-bit weights."""
import argparse
import struct
from pathlib import Path

import numpy as np
import torch

from features import BANDS, mel_filters
from model import AUDIO_CONTEXT, TEXT_CONTEXT, Micro
from tokens import FIRST_TIMESTAMP, SPECIAL, VOCABULARY
from vocab import Vocab

MAGIC = 0x67676D6C
F32, F16 = 0, 1


def full_embedding(network):
    """[VOCABULARY, width]: every id, where the compact table has one row for all unused ones."""
    decoder = network.decoder
    with torch.no_grad():
        table = decoder.table().numpy()
    full = np.repeat(table[decoder.unused_row][None], VOCABULARY, 0)
    full[:decoder.tokens] = table[:decoder.tokens]
    for token in SPECIAL:
        full[token] = table[decoder.compact_id(token)]
    full[FIRST_TIMESTAMP:] = table[decoder.unused_row + 1:]
    return full


def tensors_of(network):
    """The runtime's tensors by name."""
    tensors = {
        "encoder.positional_embedding": network.encoder.positional_embedding.numpy(),
        "decoder.positional_embedding": network.decoder.positional_embedding.numpy(),
        "decoder.token_embedding.weight": full_embedding(network),
    }
    ours = ("decoder.embedding", "decoder.timestamp_", "ctc.")
    for name, value in network.state_dict().items():
        if not name.startswith(ours):
            array = value.float().numpy()
            is_conv_bias = name.startswith("encoder.conv") and name.endswith("bias")
            tensors[name] = array.reshape(-1, 1) if is_conv_bias else array
    expected = 11 + 15 * network.shape["encoder_layers"] + 24 * network.shape["decoder_layers"]
    if len(tensors) != expected:
        raise RuntimeError(f"the runtime expects {expected} tensors, the network has {len(tensors)}")
    return tensors


def write_model(path, network, vocab):
    shape = network.shape
    with open(path, "wb") as file:
        audio = (AUDIO_CONTEXT, shape["width"], shape["heads"], shape["encoder_layers"])
        text = (TEXT_CONTEXT, shape["width"], shape["heads"], shape["decoder_layers"])
        file.write(struct.pack("<12i", MAGIC, VOCABULARY, *audio, *text, BANDS, F16))
        filters = mel_filters()
        file.write(struct.pack("<2i", *filters.shape) + filters.astype("<f4").tobytes())
        file.write(struct.pack("<i", len(vocab)))
        for token in vocab.tokens:
            file.write(struct.pack("<i", len(token)) + token)
        for name, array in tensors_of(network).items():
            _write_tensor(file, name, array)


def _write_tensor(file, name, array):
    conv_bias = name in ("encoder.conv1.bias", "encoder.conv2.bias")
    kind = F32 if array.ndim < 2 or conv_bias or name.endswith("positional_embedding") else F16
    data = np.ascontiguousarray(array.astype("<f4" if kind == F32 else "<f2"))
    encoded = name.encode()
    file.write(struct.pack("<3i", data.ndim, len(encoded), kind))
    file.write(struct.pack(f"<{data.ndim}i", *data.shape[::-1]) + encoded + data.tobytes())


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("vocab", type=Path, help="the vocab.json of the training run")
    parser.add_argument("model", type=Path, help="file to write")
    parser.add_argument("--raw", action="store_true", help="the last weights instead of the averaged ones")
    args = parser.parse_args()
    checkpoint = torch.load(args.checkpoint, map_location="cpu")
    network = Micro(**checkpoint["shape"])
    network.load_state_dict(checkpoint["network" if args.raw else "average"])
    network.eval()
    write_model(args.model, network, Vocab.load(args.vocab))
    print(f"wrote {args.model}: step {checkpoint['step']}, {checkpoint['seen']} utterances seen")


if __name__ == "__main__":
    main()
