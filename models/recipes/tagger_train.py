"""Fine-tune the word tagger on a CPU (or a GPU, when there is one).

Binary cross-entropy against soft labels on the first piece of each token; the embedding table is
frozen (22M parameters, 11M of them trained); AdamW with warm-up and linear decay; mini-batches of
sentences of like length; bfloat16 autocast. Where a sentence has a better wording, both stand in one
batch, the better one labelled all-OK, and a ranking loss asks for a lower mean logit on it. It stops
at the wall-clock limit with the schedule compressed to fit, so that a run always ends with a decayed
learning rate.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from models.recipes.corpora import work_folder
from models.recipes.tagger_measure import dev_summary
from models.recipes.tagger_model import TaggerNetwork, first_pieces, load_base, load_network, pad, save_network
from mtcheck import store

Sample = tuple[list[int], list[float]]  # piece ids; label of each piece, -1 where it carries none
Unit = tuple[Sample, ...]  # one sentence, or a sentence and its better wording
RANK_SCALE = 5.0


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """Settings of one run. quotas: sentences taken of each origin (0 = none, absent = all).

    twice: origins seen twice an epoch; minutes: wall clock.
    """

    base: Path
    out: Path
    minutes: float = 30.0
    epochs: float = 1.0
    batch_pieces: int = 1500
    learning_rate: float = 2e-4
    warm_up: float = 0.06
    weight_decay: float = 0.01
    seed: int = 1
    quotas: dict[str, int] = dataclasses.field(default_factory=dict)
    twice: tuple[str, ...] = ()
    rank_weight: float = 0.3


def load_samples(path: Path, plan: Plan, tokenizer: Any) -> list[Unit]:
    """Read the prepared examples in the seed's order, keep each origin's quota, repeat some, turn them into pieces."""
    taken: dict[str, int] = {}
    units: list[Unit] = []
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    random.Random(plan.seed).shuffle(records)
    for record in records:
        origin = record["origin"]
        if taken.get(origin, 0) >= plan.quotas.get(origin, 10**9):
            continue
        taken[origin] = taken.get(origin, 0) + 1
        unit = [_sample(record["text"], record["labels"], tokenizer)]
        if record["better"]:
            unit.append(_sample(record["better"], [[0, 10**9, 0.0]], tokenizer))
        units += [tuple(unit)] * (2 if origin in plan.twice else 1)
    print("sentences:", dict(sorted(taken.items())), flush=True)
    return units


def _sample(text: str, marks: Sequence[Sequence[float]], tokenizer: Any) -> Sample:
    encoding = tokenizer.encode(text)
    labels = [-1.0] * len(encoding.ids)
    at = 0
    for piece, start, end in first_pieces(encoding):
        while at < len(marks) and marks[at][1] <= start:
            at += 1
        touching = [p for s, e, p in marks[at : at + 4] if s < end and e > start]
        if touching:
            labels[piece] = max(touching)
    return encoding.ids, labels


def batches(units: Sequence[Unit], pieces: int, chance: random.Random) -> list[list[Unit]]:
    """One epoch of batches of at most ``pieces`` padded pieces, like lengths together, in random order."""

    def width(unit: Unit) -> int:
        return max(len(ids) for ids, _ in unit)

    result: list[list[Unit]] = [[]]
    for unit in sorted(units, key=lambda unit: width(unit) + chance.random() * 4):
        sequences = sum(map(len, result[-1])) + len(unit)
        if result[-1] and sequences * width(unit) > pieces:
            result.append([])
        result[-1].append(unit)
    chance.shuffle(result)
    return result


def _tensors(batch: Sequence[Sample]) -> tuple[Tensor, Tensor, Tensor]:
    ids, mask = pad([sample[0] for sample in batch])
    labels = np.full(ids.shape, -1.0, np.float32)
    for row, (_, marks) in enumerate(batch):
        labels[row, : len(marks)] = marks
    return torch.from_numpy(ids), torch.from_numpy(mask), torch.from_numpy(labels)


def _loss(network: TaggerNetwork, batch: Sequence[Unit], rank_weight: float, device: torch.device) -> Tensor:
    ids, mask, labels = (tensor.to(device) for tensor in _tensors([sample for unit in batch for sample in unit]))
    with torch.autocast(device.type, torch.bfloat16):
        logits = network(ids, mask)
    logits, keep = logits.float(), labels >= 0
    loss = nn.functional.binary_cross_entropy_with_logits(logits[keep], labels[keep])
    starts = np.cumsum([0] + [len(unit) for unit in batch[:-1]])
    worse = [int(at) for at, unit in zip(starts, batch, strict=True) if len(unit) == 2]
    if worse and rank_weight:
        means = (logits * keep).sum(1) / keep.sum(1).clamp(min=1)
        first = torch.tensor(worse, device=device)
        loss = loss + rank_weight * nn.functional.softplus(-RANK_SCALE * (means[first] - means[first + 1])).mean()
    return loss


def train(plan: Plan, examples: Path) -> None:
    """Run the plan; the folder ``plan.out`` gets the network after every third of the run and at the end."""
    torch.manual_seed(plan.seed)
    chance = random.Random(plan.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    again = (plan.base / "tagger.safetensors").exists()
    network, tokenizer = load_network(plan.base) if again else load_base(plan.base)
    units = load_samples(examples, plan, tokenizer)
    network.to(device).train()
    network.encoder.embeddings.word_embeddings.weight.requires_grad_(False)
    trained = [p for p in network.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=plan.learning_rate, weight_decay=plan.weight_decay)
    began, done, seen, losses, reported = time.monotonic(), 0.0, 0, [], 0
    epoch = batches(units, plan.batch_pieces, chance)
    total, step = int(len(epoch) * plan.epochs), 0
    while done < 1:
        if step and step % len(epoch) == 0:
            epoch = batches(units, plan.batch_pieces, chance)
        batch = epoch[step % len(epoch)]
        done = max(step / total, (time.monotonic() - began) / 60 / plan.minutes)
        for group in optimiser.param_groups:
            group["lr"] = plan.learning_rate * min(done / plan.warm_up if plan.warm_up else 1, 1, max(0.0, 1 - done))
        loss = _loss(network, batch, plan.rank_weight, device)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(trained, 1.0)
        optimiser.step()
        losses.append(loss.item())
        seen += sum(len(ids) for unit in batch for ids, _ in unit)
        step += 1
        if step % 50 == 0:
            print(f"{done:.0%} step {step} loss {np.mean(losses[-50:]):.4f}", flush=True)
        if int(done * 3) > reported or done >= 1:
            reported, paused = int(done * 3), time.monotonic()
            network.cpu().eval()
            save_network(network, tokenizer, plan.out)
            speed = seen / (paused - began)
            print(f"{done:.0%} step {step} loss {np.mean(losses):.4f} {speed:.0f} pieces/s", flush=True)
            print("   ", dev_summary(network, tokenizer), flush=True)
            network.to(device).train()
            losses = []
            began += time.monotonic() - paused  # measuring is not training
    (plan.out / "plan.json").write_text(
        json.dumps({**dataclasses.asdict(plan), "base": plan.base.name, "out": plan.out.name}, indent=1) + "\n"
    )


def main() -> None:
    """Command line: ``python -m models.recipes.tagger_train --base FOLDER``."""
    parser = argparse.ArgumentParser(description=__doc__)
    work = work_folder() / "tagger"
    parser.add_argument("--base", type=Path, help="an earlier run (default: all-MiniLM-L6-v2 as fetched)")
    parser.add_argument("--out", type=Path, default=work / "run")
    parser.add_argument("--examples", type=Path, default=work / "examples.jsonl")
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--epochs", type=float, default=1.0)
    parser.add_argument("--learning-rate", type=float, default=2e-4)
    parser.add_argument("--rank-weight", type=float, default=0.3, help="weight of the ranking loss")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quota", action="append", default=[], metavar="ORIGIN=N", help="at most N sentences of it")
    parser.add_argument("--twice", action="append", default=[], metavar="ORIGIN", help="see it twice an epoch")
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    quotas = {name: int(count) for name, _, count in (item.partition("=") for item in given.quota)}
    base = given.base or store.locate("all-minilm-l6-v2")
    plan = Plan(base, given.out, given.minutes, given.epochs, learning_rate=given.learning_rate, quotas=quotas)
    plan = dataclasses.replace(plan, rank_weight=given.rank_weight)
    train(dataclasses.replace(plan, seed=given.seed, twice=tuple(given.twice)), given.examples)


if __name__ == "__main__":
    main()
