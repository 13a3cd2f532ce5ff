"""Train a sequence-to-sequence model: the same program on a CPU and on a GPU.

Batches of like length by tokens, bfloat16 autocast with fp32 weights, AdamW, linear warm-up, inverse
square root decay and a linear cool-down over the news phase, label smoothing, an exponential moving
average of the weights (which is what is measured and shipped), dev chrF while it goes. It stops
cleanly at a wall-clock limit and goes on from its checkpoint, batch for batch, when started again.
"""

from __future__ import annotations

import dataclasses
import json
import math
import time
from collections.abc import Sequence
from pathlib import Path

import sentencepiece
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import MarianMTModel

from models.recipes.seq2seq_model import Pairs, loss_of, new_network, tensors, zero_padding_row
from models.recipes.seq2seq_plans import Plan


@dataclasses.dataclass(frozen=True, slots=True)
class Limits:
    """How long to go on now: wall-clock minutes; and how often to look: every so many updates (0 = never)."""

    minutes: float = 9.0
    measure_every: int = 2_000
    dev_sentences: int = 200


@dataclasses.dataclass(slots=True)
class Progress:
    """Where the run stands: updates made, the chunk in hand, batches of it already used, target pieces seen."""

    update: int = 0
    chunk: int = 0
    used: int = 0
    pieces: int = 0


def learning_rate(plan: Plan, update: int) -> float:
    """Linear warm-up, inverse square root, and a linear cool-down to zero over the news phase."""
    rate = plan.learning_rate * min(update / plan.warm_up, math.sqrt(plan.warm_up / max(update, 1)))
    left = 1 - update / plan.updates
    return rate * min(1.0, left / plan.news_share) if plan.news_share else rate


def phase_weights(plan: Plan, update: int) -> list[float]:
    """The corpus weights in force at an update."""
    news = update >= plan.updates * (1 - plan.news_share)
    return [source.news if news else source.general for source in plan.sources]


class Trainer:
    """Network, average, optimiser and progress of one plan, and their checkpoint in ``folder``."""

    def __init__(self, plan: Plan, pairs: Pairs, pieces: int, folder: Path) -> None:
        """Start anew, or from the folder's checkpoint when it has one."""
        self.plan, self.pairs, self.folder = plan, pairs, folder
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.network = new_network(plan, pieces).to(self.device)
        self.average = {name: weight.detach().clone() for name, weight in self.network.named_parameters()}
        self.optimiser = torch.optim.AdamW(
            self.network.parameters(), lr=0.0, betas=(0.9, 0.98), eps=1e-9, weight_decay=0.01, fused=True
        )
        self.progress = Progress()
        if (folder / "progress.json").exists():
            self._resume()

    def _parts(self) -> dict[str, dict[str, Tensor]]:
        state = self.optimiser.state
        named = dict(self.network.named_parameters())
        return {
            "weights": {k: v.detach() for k, v in named.items()},
            "average": self.average,
            "first": {k: state[v]["exp_avg"] for k, v in named.items() if v in state},
            "second": {k: state[v]["exp_avg_sq"] for k, v in named.items() if v in state},
        }

    def save(self) -> None:
        """Write the checkpoint; the progress file goes last, so that a torn one is never taken up."""
        (self.folder / "progress.json").unlink(missing_ok=True)
        for part, table in self._parts().items():
            save_file({k: v.cpu().contiguous() for k, v in table.items()}, self.folder / f"{part}.safetensors")
        (self.folder / "progress.json").write_text(json.dumps(dataclasses.asdict(self.progress)) + "\n")

    @torch.no_grad()
    def _resume(self) -> None:
        self.progress = Progress(**json.loads((self.folder / "progress.json").read_text()))
        tables = {part: load_file(self.folder / f"{part}.safetensors") for part in self._parts()}
        for name, weight in self.network.named_parameters():
            weight.copy_(tables["weights"][name])
            self.average[name].copy_(tables["average"][name])
            if name not in tables["first"]:  # the fixed position table has no optimiser state
                continue
            self.optimiser.state[weight] = {
                "step": torch.tensor(float(self.progress.update), device=self.device),
                "exp_avg": tables["first"][name].to(self.device),
                "exp_avg_sq": tables["second"][name].to(self.device),
            }

    def update(self, batch: Sequence[int]) -> float:
        """One update; returns the batch's loss."""
        for group in self.optimiser.param_groups:
            group["lr"] = learning_rate(self.plan, self.progress.update + 1)
        source, target = tensors(self.pairs, batch, self.network.config.pad_token_id, self.device)
        loss = loss_of(self.network, source, target, self.plan.label_smoothing)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimiser.step()
        zero_padding_row(self.network)
        self.progress.update += 1
        self.progress.used += 1
        self.progress.pieces += int(self.pairs.target_lengths[batch].sum())
        self._average()
        return loss.item() if self.progress.update % 50 == 0 else math.nan

    @torch.no_grad()
    def _average(self) -> None:
        decay = min(self.plan.ema_decay, (1 + self.progress.update) / (10 + self.progress.update))
        averages, weights = list(self.average.values()), [p.detach() for p in self.network.parameters()]
        torch._foreach_lerp_(averages, weights, 1 - decay)

    @torch.no_grad()
    def averaged(self) -> MarianMTModel:
        """A copy of the network that carries the averaged weights, on the CPU, ready to generate."""
        copy = new_network(self.plan, self.network.config.vocab_size - 1)
        for name, weight in copy.named_parameters():
            weight.copy_(self.average[name].cpu())
        copy.eval()
        return copy


@torch.inference_mode()
def dev_chrf(
    network: MarianMTModel, pieces: sentencepiece.SentencePieceProcessor, dev: Sequence[tuple[str, str]], beams: int = 1
) -> float:
    """chrF of greedy outputs (or ``beams``) on (source, reference) pairs."""
    import sacrebleu

    device, padding = network.device, network.config.pad_token_id
    outputs: list[str] = []
    for at in range(0, len(dev), 50):
        encoded = [[*pieces.encode(source), network.config.eos_token_id] for source, _ in dev[at : at + 50]]
        width = max(map(len, encoded))
        ids = torch.tensor([row + [padding] * (width - len(row)) for row in encoded], device=device)
        made = network.generate(
            input_ids=ids, attention_mask=(ids != padding).long(), num_beams=beams, max_length=min(256, 2 * width + 10)
        )
        specials = {padding, network.config.eos_token_id}
        outputs += [pieces.decode([i for i in row if i not in specials]) for row in made.tolist()]
    return float(sacrebleu.corpus_chrf(outputs, [[reference for _, reference in dev]]).score)


def train(
    trainer: Trainer, limits: Limits, spm: sentencepiece.SentencePieceProcessor, dev: Sequence[tuple[str, str]]
) -> bool:
    """Go on until the plan is done (True) or the time is up (False); a checkpoint is written either way."""
    plan, progress = trainer.plan, trainer.progress
    began, seen = time.monotonic(), progress.pieces
    trainer.network.train()
    while progress.update < plan.updates:
        weights = phase_weights(plan, progress.update)
        batches = list(trainer.pairs.chunk(weights, plan.seed, progress.chunk, plan.batch_tokens))
        for batch in batches[progress.used :]:
            loss = trainer.update(batch)
            spent = time.monotonic() - began
            if not math.isnan(loss):
                speed = (progress.pieces - seen) / spent
                print(f"update {progress.update} loss {loss:.3f} {speed:.0f} target pieces/s", flush=True)
            if limits.measure_every and progress.update % limits.measure_every == 0:
                score = dev_chrf(trainer.averaged().to(trainer.device), spm, dev[: limits.dev_sentences])
                print(f"update {progress.update} dev chrF {score:.2f} (average, greedy)", flush=True)
            if spent > limits.minutes * 60 or progress.update >= plan.updates:
                break
        else:
            progress.chunk, progress.used = progress.chunk + 1, 0
            continue
        break
    trainer.save()
    spent = max(time.monotonic() - began, 1e-9)
    print(
        f"update {progress.update} of {plan.updates}, {(progress.pieces - seen) / spent:.0f} target pieces/s",
        flush=True,
    )
    return progress.update >= plan.updates
