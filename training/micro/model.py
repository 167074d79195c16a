"""The network: an encoder-decoder of Whisper's shape (pre-norm, tanh GELU, tied output embedding) and a CTC head.

Module names are the runtime's tensor names, so that export has nothing to translate. Training on short windows stays
true to a runtime that always sees up to 1500 positions by two devices:

* deep padding: a few representatives stand for all of the constant padding positions; their attention logits carry
  the log of how many positions each stands for;
* zero keys: the runtime's flash attention pads keys to a multiple of 256 with zero vectors, which one zero key with
  the log of their number as its logit stands for.
"""
import math

import torch
import torch.nn.functional as F
from torch import nn

from features import BANDS
from tokens import FIRST_TIMESTAMP, SPECIAL, TIMESTAMPS, VOCABULARY

AUDIO_CONTEXT = 1500
TEXT_CONTEXT = 448

# The positional embeddings are scaled down: at full size they drown what a narrow model has to say.
_AUDIO_POSITION_SCALE = 0.3
_TEXT_POSITION_SCALE = 0.15


def sinusoids(length, width):
    step = math.log(10_000) / (width // 2 - 1)
    angles = torch.arange(length)[:, None] * torch.exp(-step * torch.arange(width // 2))[None]
    return torch.cat([angles.sin(), angles.cos()], 1)


def gelu(x):
    return F.gelu(x, approximate="tanh")


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width, bias=False)
        self.value = nn.Linear(width, width)
        self.out = nn.Linear(width, width)
        self.last_weights = None
        """Weights of the last cross-attention in training, for the guidance loss: [batch, heads, queries, keys]."""

    def forward(self, x, source=None, bias=None, zero_keys=None):
        """Self-attention, or attention to `source`.

        `bias` is added to the logits (broadcast to [batch, 1, queries, keys]); `zero_keys` [batch] is the log of the
        number of zero keys, or None.
        """
        batch, length, width = x.shape
        cross = source is not None
        source = source if cross else x
        keys, depth = source.shape[1], width // self.heads

        def split(y, count):
            return y.view(batch, count, self.heads, depth).transpose(1, 2)

        query, key, value = split(self.query(x), length), split(self.key(source), keys), split(self.value(source), keys)
        logits = torch.matmul(query, key.transpose(2, 3)) * depth ** -0.5
        if bias is not None:
            logits = logits + bias
        if zero_keys is not None:
            zero = zero_keys.view(batch, 1, 1, 1).expand(batch, self.heads, length, 1)
            weights = torch.cat([logits, zero], 3).softmax(-1)[..., :keys]
        else:
            weights = logits.softmax(-1)
        self.last_weights = weights if cross and self.training else None
        return self.out(torch.matmul(weights, value).transpose(1, 2).reshape(batch, length, width))


class Gelu(nn.Module):
    def forward(self, x):
        return gelu(x)


class Block(nn.Module):
    def __init__(self, width, heads, cross=False):
        super().__init__()
        self.attn = Attention(width, heads)
        self.attn_ln = nn.LayerNorm(width)
        if cross:
            self.cross_attn = Attention(width, heads)
            self.cross_attn_ln = nn.LayerNorm(width)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), Gelu(), nn.Linear(4 * width, width))
        self.mlp_ln = nn.LayerNorm(width)

    def forward(self, x, bias=None, zero_keys=None, audio=None, audio_bias=None, audio_zero_keys=None):
        x = x + self.attn(self.attn_ln(x), bias=bias, zero_keys=zero_keys)
        if audio is not None:
            x = x + self.cross_attn(self.cross_attn_ln(x), audio, bias=audio_bias, zero_keys=audio_zero_keys)
        return x + self.mlp(self.mlp_ln(x))


class Encoder(nn.Module):
    def __init__(self, width, heads, layers):
        super().__init__()
        self.conv1 = nn.Conv1d(BANDS, width, 3, padding=1)
        self.conv2 = nn.Conv1d(width, width, 3, stride=2, padding=1)
        self.register_buffer(
            "positional_embedding", sinusoids(AUDIO_CONTEXT, width) * _AUDIO_POSITION_SCALE, persistent=False
        )
        self.blocks = nn.ModuleList([Block(width, heads) for _ in range(layers)])
        self.ln_post = nn.LayerNorm(width)

    def forward(self, mel, context=None, representatives=16, zero_keys=None):
        """[batch, bands, 2 L] to ([batch, L + padding, width], the bias that cross-attention has to add).

        A `context` of more than L + 8 positions adds deep padding up to it.
        """
        x = gelu(self.conv1(mel))
        x = gelu(self.conv2(x)).transpose(1, 2)
        length, bias = x.shape[1], None
        padding = context - length if context else 0
        if padding > 8:
            count = min(representatives, padding)
            edges = torch.linspace(length, context, count + 1)
            places = (edges[:-1] + torch.rand(count) * (edges[1:] - edges[:-1])).long().clamp(length, context - 1)
            # The last position that the convolutions' zero padding has not touched looks like all padding would.
            deep = x[:, length - 3:length - 2] + self.positional_embedding[places.to(x.device)][None]
            x = torch.cat([x + self.positional_embedding[:length], deep], 1)
            bias = torch.zeros(length + count, device=x.device)
            bias[length:] = math.log(padding / count)
        else:
            x = x + self.positional_embedding[:length]
        for block in self.blocks:
            x = block(x, bias=bias, zero_keys=zero_keys)
        return self.ln_post(x), bias


class Decoder(nn.Module):
    """Works on compact ids: [text tokens | special tokens | one row for all unused ids | timestamps]."""

    def __init__(self, tokens, width, heads, layers):
        super().__init__()
        self.tokens = tokens
        self.register_buffer(
            "positional_embedding", sinusoids(TEXT_CONTEXT, width) * _TEXT_POSITION_SCALE, persistent=False
        )
        self.register_buffer("timestamp_positions", sinusoids(TIMESTAMPS, width), persistent=False)
        self.blocks = nn.ModuleList([Block(width, heads, cross=True) for _ in range(layers)])
        self.ln = nn.LayerNorm(width)
        self.embedding = nn.Parameter(torch.randn(tokens + len(SPECIAL) + 1, width) * 0.06)
        # Timestamps share a base and a projection of their position, since each alone is seen too rarely.
        self.timestamp_base = nn.Parameter(torch.zeros(width))
        self.timestamp_projection = nn.Parameter(torch.eye(width) * 0.05)

    @property
    def unused_row(self):
        return self.tokens + len(SPECIAL)

    @property
    def unused_count(self):
        return VOCABULARY - self.tokens - len(SPECIAL) - TIMESTAMPS

    def compact_id(self, token):
        """The row of a token id that is trained."""
        if token < self.tokens:
            return token
        if token >= FIRST_TIMESTAMP:
            return self.unused_row + 1 + token - FIRST_TIMESTAMP
        return self.tokens + SPECIAL.index(token)

    def table(self):
        """The compact embedding table."""
        return torch.cat([self.embedding, self.timestamp_base + self.timestamp_positions @ self.timestamp_projection])

    def forward(self, tokens, audio, audio_bias=None, audio_zero_keys=None, table=None):
        table = self.table() if table is None else table
        length = tokens.shape[1]
        x = F.embedding(tokens, table) + self.positional_embedding[:length]
        causal = torch.full((length, length), -1e9, device=x.device).triu(1)
        for block in self.blocks:
            x = block(x, bias=causal, audio=audio, audio_bias=audio_bias, audio_zero_keys=audio_zero_keys)
        return self.ln(x)

    def logits(self, hidden, table):
        logits = hidden @ table.t()
        # The shared row answers for all unused ids: trained against their number, it learns never to win.
        counts = torch.zeros(table.shape[0], device=logits.device)
        counts[self.unused_row] = math.log(self.unused_count)
        return logits + counts


class Micro(nn.Module):
    def __init__(self, tokens, ctc_classes, width=192, heads=3, encoder_layers=4, decoder_layers=3):
        super().__init__()
        self.shape = {
            "tokens": tokens,
            "ctc_classes": ctc_classes,
            "width": width,
            "heads": heads,
            "encoder_layers": encoder_layers,
            "decoder_layers": decoder_layers,
        }
        self.encoder = Encoder(width, heads, encoder_layers)
        self.decoder = Decoder(tokens, width, heads, decoder_layers)
        self.ctc = nn.Linear(width, ctc_classes)
        for block in [*self.encoder.blocks, *self.decoder.blocks]:
            for name, parameter in block.named_parameters():
                if parameter.dim() == 2:
                    nn.init.xavier_uniform_(parameter)
                    if "out.weight" in name or "mlp.2.weight" in name:
                        parameter.data *= 0.4

    def matrices(self):
        """The weights that Muon trains; the optimiser for the rest is AdamW."""
        return [
            parameter
            for blocks in (self.encoder.blocks, self.decoder.blocks)
            for parameter in blocks.parameters()
            if parameter.dim() == 2
        ]
