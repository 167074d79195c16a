"""Trains the micro model for a given time.

Data-parallel on a CPU: start WORLD_SIZE copies with RANK=0..WORLD_SIZE-1 and with MASTER_ADDR and MASTER_PORT set.
"""
import argparse
import math
import os
import random
import time
from pathlib import Path

import torch
import torch.distributed as dist
import torch.nn.functional as F

from corpus import Corpus
from data import SampleMaker
from model import AUDIO_CONTEXT, Micro
from optim import Muon
from tokens import FIRST_TIMESTAMP, SPECIAL, VOCABULARY
from vocab import CTC_CHARS, EMPTY_TOKEN, Vocab, learn_tokens
from voices import CORE_TRAINING_VOICES

GUIDANCE_WEIGHT = 0.3
EVALUATE_EVERY_S, SAVE_EVERY_S = 300, 120
REPORT_EVERY, REFRESH_EVERY = 25, 60
KEY_BLOCK = 256
"""The runtime's flash attention pads keys to a multiple of this."""


def parse_arguments():
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0], formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    parser.add_argument("--data", required=True, help="directory of training shards")
    parser.add_argument("--val", required=True, help="directory of held-out shards")
    parser.add_argument("--out", required=True, type=Path, help="directory of vocabulary and checkpoints")
    parser.add_argument("--core", action="store_true", help="only the core voices")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=2)

    shape = parser.add_argument_group("model")
    shape.add_argument("--width", type=int, default=192)
    shape.add_argument("--heads", type=int, default=3)
    shape.add_argument("--encoder-layers", type=int, default=4)
    shape.add_argument("--decoder-layers", type=int, default=3, help="not 2: see README.md")
    shape.add_argument("--merges", type=int, default=1000, help="merges of the vocabulary")

    schedule = parser.add_argument_group("schedule")
    schedule.add_argument("--minutes", type=float, default=60)
    schedule.add_argument("--max-steps", type=int, default=0, help="stop after this many steps; 0: only by time")
    schedule.add_argument("--budget", type=int, default=4800, help="encoder positions of a batch")
    schedule.add_argument(
        "--phase", type=float, nargs=2, default=(0.45, 0.7), help="when batches of several utterances and of 30 s begin"
    )
    schedule.add_argument("--max-augmentation", type=float, default=1.0)
    schedule.add_argument("--muon", type=float, default=0.02, help="rate of the matrices")
    schedule.add_argument("--adam", type=float, default=2e-3, help="rate of everything else")
    schedule.add_argument("--ctc-weight", type=float, default=1.0)

    resume = parser.add_argument_group("resuming")
    resume.add_argument("--resume", help="checkpoint")
    resume.add_argument("--from-average", action="store_true", help="start from its averaged weights")
    resume.add_argument("--start", type=float, default=0, help="share of the schedule that is done, 0..1")
    return parser.parse_args()


class Clock:
    """The position in the schedule, 0..1."""

    def __init__(self, minutes, start):
        self._began = time.time()
        self._seconds = minutes * 60
        self._start = start

    def progress(self):
        return min(1.0, self._start + (1 - self._start) * (time.time() - self._began) / self._seconds)


class Processes:
    """This process among those that train together."""

    def __init__(self):
        self.rank = int(os.environ.get("RANK", 0))
        self.world = int(os.environ.get("WORLD_SIZE", 1))
        if self.world > 1:
            dist.init_process_group("gloo")

    @staticmethod
    def sum(tensor):
        dist.all_reduce(tensor)
        return tensor

    @torch.no_grad()
    def average_gradients(self, parameters, progress):
        """Averages the gradients, and the schedule position, over all processes."""
        if self.world == 1:
            return progress
        gradients = [torch.zeros_like(p) if p.grad is None else p.grad for p in parameters]
        flat = self.sum(torch.cat([*(g.flatten() for g in gradients), torch.tensor([progress])])) / self.world
        first = 0
        for parameter in parameters:
            parameter.grad = flat[first:first + parameter.numel()].view_as(parameter)
            first += parameter.numel()
        return float(flat[-1])


class Average:
    """An exponential average of the weights: far better than the raw ones at these rates."""

    def __init__(self, network):
        self.weights = {name: value.clone() for name, value in network.state_dict().items()}

    @torch.no_grad()
    def update(self, network, step):
        keep = min(0.995, step / (step + 20))
        current = network.state_dict()
        torch._foreach_mul_(list(self.weights.values()), keep)
        torch._foreach_add_(list(self.weights.values()), [current[name] for name in self.weights], alpha=1 - keep)


class Objective:
    """The three losses of a batch."""

    def __init__(self, network, vocab_size, rng, device):
        self._network = network
        self._vocab_size = vocab_size
        self._rng = rng
        self._device = device
        rows = torch.zeros(VOCABULARY, dtype=torch.long)
        for token in [*range(vocab_size), *SPECIAL, *range(FIRST_TIMESTAMP, VOCABULARY)]:
            rows[token] = network.decoder.compact_id(token)
        self._rows = rows.to(device)

    def __call__(self, batch, context, zero_keys):
        """(cross-entropy, CTC, guidance, accuracy)"""
        network, device = self._network, self._device
        mel = torch.from_numpy(batch.mel).to(device)
        tokens = self._rows[torch.from_numpy(batch.tokens).to(device)]
        targets = torch.from_numpy(batch.targets).to(device)
        trained = targets >= 0
        with torch.autocast(device, dtype=torch.bfloat16):
            audio, bias = network.encoder(mel, context, zero_keys=zero_keys)
            table = network.decoder.table()
            if network.training and self._rng.random() < 0.4:
                tokens = self._with_wrong_history(tokens)
            hidden = network.decoder(tokens, audio, bias, zero_keys, table)[trained]
            logits = network.decoder.logits(hidden, table).float()
            ctc_logits = network.ctc(audio[:, :batch.positions])
        expected = self._rows[targets[trained]]
        accuracy = (logits.argmax(-1) == expected).float().mean().item()
        guidance = self._guidance(batch, audio.shape[1]) if network.training else torch.zeros(())
        return F.cross_entropy(logits, expected), self._ctc(ctc_logits, batch), guidance, accuracy

    def _with_wrong_history(self, tokens):
        """Replaces some text tokens, so that the decoder listens instead of guessing on."""
        wrong = (tokens < self._vocab_size) & (torch.rand(tokens.shape, device=self._device) < 0.06)
        random_tokens = torch.randint(EMPTY_TOKEN + 1, self._vocab_size, tokens.shape, device=self._device)
        return torch.where(wrong, random_tokens, tokens)

    @staticmethod
    def _ctc(logits, batch):
        lengths = torch.tensor([len(ids) for ids in batch.ctc])
        losses = F.ctc_loss(
            logits.float().log_softmax(-1).transpose(0, 1),
            torch.tensor(sum(batch.ctc, []), dtype=torch.long),
            torch.from_numpy(batch.audio_positions),
            lengths,
            reduction="none",
            zero_infinity=True,
        )
        return losses.sum() / max(1, int(lengths.sum()))

    def _guidance(self, batch, keys):
        """Head 0 of the upper decoder layers is to look at the positions of the word that is written."""
        first = torch.from_numpy(batch.place_first).to(self._device)
        last = torch.from_numpy(batch.place_last).to(self._device)
        known = last >= 0
        positions = torch.arange(keys, device=self._device)
        inside = (positions >= first[known][:, None]) & (positions <= last[known][:, None])
        upper, loss = list(self._network.decoder.blocks)[1:], torch.zeros(())
        for block in upper:
            weights = block.cross_attn.last_weights[:, 0][known].float()
            loss = loss - ((weights * inside).sum(1) + 1e-4).log().mean()
        return loss / len(upper)


class Trainer:
    def __init__(self, args):
        torch.set_num_threads(args.threads)
        self.args = args
        self.processes = Processes()
        torch.manual_seed(args.seed)
        args.out.mkdir(parents=True, exist_ok=True)
        self.clock = Clock(args.minutes, args.start)
        voices = CORE_TRAINING_VOICES if args.core else None
        self.corpus, self.validation = Corpus(args.data, voices), Corpus(args.val, voices)
        self.vocab = self._load_vocab(args.out / "vocab.json")
        self.network = Micro(
            len(self.vocab), len(CTC_CHARS) + 1, args.width, args.heads, args.encoder_layers, args.decoder_layers
        ).to(args.device)
        self.average = Average(self.network)
        self.first_step = self.step = self.seen = 0
        if args.resume:
            self._resume(args.resume)
        self._make_optimisers()
        self.rng = random.Random(args.seed + 100 * self.processes.rank)
        self.objective = Objective(self.network, len(self.vocab), self.rng, args.device)
        seed = args.seed + int(args.start * 1000) + 7777 * self.processes.rank
        self.maker = SampleMaker.for_training(self.corpus, self.vocab, seed, self._augmentation)
        parameters = sum(parameter.numel() for parameter in self.network.parameters())
        size = f"{len(self.corpus.utterances)} utterances; {len(self.vocab)} tokens"
        self._say(f"{size}; {parameters / 1e6:.2f} M parameters")

    def _load_vocab(self, path):
        if not path.exists():
            texts = [utterance.text for utterance in self.corpus.utterances]
            Vocab(learn_tokens(texts, self.args.merges)).save(path)
        return Vocab.load(path)

    def _resume(self, path):
        checkpoint = torch.load(path, map_location=self.args.device)
        self.network.load_state_dict(checkpoint["average" if self.args.from_average else "network"])
        self.average.weights.update(checkpoint["average"])
        self.first_step = self.step = checkpoint["step"]
        self.seen = checkpoint["seen"]

    def _make_optimisers(self):
        matrices = self.network.matrices()
        known = {id(matrix) for matrix in matrices}
        self.parameters = list(self.network.parameters())
        self.others = [parameter for parameter in self.parameters if id(parameter) not in known]
        self.adam = torch.optim.AdamW(self.others, lr=self.args.adam, betas=(0.9, 0.98), weight_decay=0.001)
        self.muon = Muon(matrices, Processes.sum, self.processes.rank, self.processes.world)

    def _augmentation(self):
        """Full strength is reached a quarter of the schedule after batches of several utterances begin."""
        return min(self.args.max_augmentation, max(0.15, (self.clock.progress() - self.args.phase[0]) / 0.25))

    def _learning_rate(self, progress):
        """A short ramp, a plateau, then down to zero."""
        ramp = min(1, (self.step - self.first_step + 1) / (25 if self.args.resume else 100))
        return ramp * (1 if progress < 0.3 else max(0.0, (1 - progress) / 0.7))

    def _context(self, positions, size):
        """The context to pretend (None: just the audio), and the log of the zero keys that the runtime would add."""
        draw = self.rng.random()
        if draw < 0.15:
            context = None
        elif draw < 0.45:
            fitting = [choice for choice in (256, 512, 768) if choice >= positions]
            context = self.rng.choice(fitting or [AUDIO_CONTEXT])
        elif draw < 0.55:
            context = min(AUDIO_CONTEXT, positions + self.rng.randint(0, 600))
        else:
            context = AUDIO_CONTEXT
        zeros = -(context or positions) % KEY_BLOCK if self.rng.random() < 0.7 else 0
        return context, self._zero_keys(zeros, size) if zeros else None

    def _zero_keys(self, count, size):
        return torch.full((size,), math.log(count), device=self.args.device)

    def run(self):
        several_from, long_from = self.args.phase
        batches = self.maker.batches(
            self.args.budget,
            share_few=lambda: 0 if self.clock.progress() < several_from else 0.18,
            share_long=lambda: 0 if self.clock.progress() < long_from else 0.06,
        )
        report = Report()
        last_evaluation = last_save = time.time()
        self.network.train()
        progress = self.clock.progress()
        while progress < 1:
            waited = time.time()
            kind, batch = next(batches)
            report.data_seconds += time.time() - waited
            losses, progress = self._train_on(batch)
            if kind == "one":
                report.add(*losses)
            if self.step % REPORT_EVERY == 0 and report.count:
                rate = self._learning_rate(progress)
                where = f"step {self.step} seen {self.seen} at {progress:.3f} rate {rate:.2f}"
                self._say(f"{where} {report} {batch.size}x{batch.positions}")
                report = Report()
            if time.time() - last_evaluation > EVALUATE_EVERY_S and self.processes.rank == 0:
                self._say(f"{self.evaluate()}; {self.corpus.refresh()} utterances")
                last_evaluation = time.time()
            if self.step % REFRESH_EVERY == 0:
                self.corpus.refresh()
            if time.time() - last_save > SAVE_EVERY_S:
                self._save("checkpoint.pt")
                last_save = time.time()
            if self.args.max_steps and self.step - self.first_step >= self.args.max_steps:
                break
        if self.processes.rank == 0:
            self._say(self.evaluate())
            self._save("final.pt")

    def _train_on(self, batch):
        context, zero_keys = self._context(batch.positions, batch.size)
        progress = self.clock.progress()
        cross_entropy, ctc, guidance, accuracy = self.objective(batch, context, zero_keys)
        (cross_entropy + self.args.ctc_weight * ctc + GUIDANCE_WEIGHT * guidance).backward()
        progress = self.processes.average_gradients(self.parameters, progress)
        rate = self._learning_rate(progress)
        torch.nn.utils.clip_grad_norm_(self.others, 2.0)
        for group in self.adam.param_groups:
            group["lr"] = self.args.adam * rate
        self.adam.step()
        self.muon.step(self.args.muon * rate)
        self.network.zero_grad(set_to_none=True)
        self.step += 1
        self.seen += batch.size * self.processes.world
        self.average.update(self.network, self.step)
        return (cross_entropy.item(), ctc.item(), guidance.item(), accuracy), progress

    @torch.no_grad()
    def evaluate(self):
        """Losses of the averaged weights on held-out utterances, at the runtime's full context."""
        self.network.eval()
        trained = {name: value.clone() for name, value in self.network.state_dict().items()}
        self.network.load_state_dict(self.average.weights)
        maker = SampleMaker.for_validation(self.validation, self.vocab, seed=5)
        utterances, report = self.validation.utterances, Report()
        for offset in range(2):
            indices = sorted(range(offset, len(utterances), 2)[:48], key=lambda i: len(utterances[i].mel))
            batch = maker.batch([maker.sample("one", index) for index in indices])
            zero_keys = self._zero_keys(-AUDIO_CONTEXT % KEY_BLOCK, batch.size)
            cross_entropy, ctc, guidance, accuracy = self.objective(batch, AUDIO_CONTEXT, zero_keys)
            report.add(cross_entropy.item(), ctc.item(), guidance.item(), accuracy)
        self.network.load_state_dict(trained)
        self.network.train()
        return f"held out: {report}"

    def _save(self, name):
        if self.processes.rank:
            return
        temporary = self.args.out / f"{name}.tmp"
        torch.save(
            {
                "network": self.network.state_dict(),
                "average": self.average.weights,
                "shape": self.network.shape,
                "step": self.step,
                "seen": self.seen,
            },
            temporary,
        )
        temporary.replace(self.args.out / name)

    def _say(self, text):
        if self.processes.rank == 0:
            print(time.strftime("%H:%M:%S"), text, flush=True)


class Report:
    """Means since the last report."""

    def __init__(self):
        self.count = 0
        self.data_seconds = 0.0
        self._sums = [0.0] * 4

    def add(self, *values):
        self.count += 1
        self._sums = [total + value for total, value in zip(self._sums, values)]

    def __str__(self):
        cross_entropy, ctc, guidance, accuracy = (total / max(1, self.count) for total in self._sums)
        text = f"ce {cross_entropy:.4f} ctc {ctc:.4f} guidance {guidance:.4f} accuracy {accuracy:.4f}"
        return f"{text} data {self.data_seconds:.1f} s" if self.data_seconds else text


if __name__ == "__main__":
    Trainer(parse_arguments()).run()
