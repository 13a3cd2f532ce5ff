"""Fine-tune the word tagger on a CPU (or a GPU, when there is one).

Binary cross-entropy against soft labels on the first piece of each token; the embedding table is
frozen (22M parameters, 11M of them trained); AdamW with warm-up and linear decay; mini-batches of
sentences of like length; bfloat16 autocast. It stops at the wall-clock limit with the schedule
compressed to fit, so that a run always ends with a decayed learning rate.
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
from models.recipes.tagger_model import TaggerNetwork, first_pieces, load_base, pad, save_network

Sample = tuple[list[int], list[float]]  # piece ids; label of each piece, -1 where it carries none


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """Settings of one run. quotas: sentences taken of each origin (0 = none, absent = all); minutes: wall clock."""

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


def load_samples(path: Path, quotas: dict[str, int], tokenizer: Any) -> list[Sample]:
    """Read the prepared examples (already shuffled), keep each origin's quota, and turn them into pieces."""
    taken: dict[str, int] = {}
    samples: list[Sample] = []
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            record = json.loads(line)
            origin = record["origin"]
            if taken.get(origin, 0) >= quotas.get(origin, 10**9):
                continue
            taken[origin] = taken.get(origin, 0) + 1
            samples.append(_sample(record, tokenizer))
    print("sentences:", dict(sorted(taken.items())), flush=True)
    return samples


def _sample(record: dict[str, Any], tokenizer: Any) -> Sample:
    encoding = tokenizer.encode(record["text"])
    labels = [-1.0] * len(encoding.ids)
    marks = sorted(record["labels"])
    at = 0
    for piece, start, end in first_pieces(encoding):
        while at < len(marks) and marks[at][1] <= start:
            at += 1
        touching = [p for s, e, p in marks[at : at + 4] if s < end and e > start]
        if touching:
            labels[piece] = max(touching)
    return encoding.ids, labels


def batches(samples: Sequence[Sample], pieces: int, chance: random.Random) -> list[list[Sample]]:
    """One epoch of batches of at most ``pieces`` padded pieces, like lengths together, in random order."""
    order = sorted(samples, key=lambda sample: len(sample[0]) + chance.random() * 4)
    result: list[list[Sample]] = []
    batch: list[Sample] = []
    for sample in order:
        if batch and (len(batch) + 1) * len(sample[0]) > pieces:
            result.append(batch)
            batch = []
        batch.append(sample)
    if batch:
        result.append(batch)
    chance.shuffle(result)
    return result


def _tensors(batch: Sequence[Sample]) -> tuple[Tensor, Tensor, Tensor]:
    ids, mask = pad([sample[0] for sample in batch])
    labels = np.full(ids.shape, -1.0, np.float32)
    for row, (_, marks) in enumerate(batch):
        labels[row, : len(marks)] = marks
    return torch.from_numpy(ids), torch.from_numpy(mask), torch.from_numpy(labels)


def _loss(network: TaggerNetwork, batch: Sequence[Sample], device: torch.device) -> Tensor:
    ids, mask, labels = (tensor.to(device) for tensor in _tensors(batch))
    with torch.autocast(device.type, torch.bfloat16):
        logits = network(ids, mask)
    keep = labels >= 0
    return nn.functional.binary_cross_entropy_with_logits(logits.float()[keep], labels[keep])


def train(plan: Plan, examples: Path) -> None:
    """Run the plan; the folder ``plan.out`` gets the network after every third of the run and at the end."""
    torch.manual_seed(plan.seed)
    chance = random.Random(plan.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    network, tokenizer = load_base(plan.base)
    samples = load_samples(examples, plan.quotas, tokenizer)
    network.to(device).train()
    network.encoder.embeddings.word_embeddings.weight.requires_grad_(False)
    trained = [p for p in network.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=plan.learning_rate, weight_decay=plan.weight_decay)
    began, done, seen, losses, reported = time.monotonic(), 0.0, 0, [], 0
    epoch = batches(samples, plan.batch_pieces, chance)
    total, step = int(len(epoch) * plan.epochs), 0
    while done < 1:
        if step and step % len(epoch) == 0:
            epoch = batches(samples, plan.batch_pieces, chance)
        batch = epoch[step % len(epoch)]
        done = max(step / total, (time.monotonic() - began) / 60 / plan.minutes)
        for group in optimiser.param_groups:
            group["lr"] = plan.learning_rate * min(done / plan.warm_up if plan.warm_up else 1, 1, max(0.0, 1 - done))
        loss = _loss(network, batch, device)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(trained, 1.0)
        optimiser.step()
        losses.append(loss.item())
        seen += sum(len(ids) for ids, _ in batch)
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
    parser.add_argument("--base", type=Path, default=work / "base", help="folder of all-MiniLM-L6-v2")
    parser.add_argument("--out", type=Path, default=work / "run")
    parser.add_argument("--examples", type=Path, default=work / "examples.jsonl")
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--epochs", type=float, default=1.0)
    parser.add_argument("--learning-rate", type=float, default=2e-4)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quota", action="append", default=[], metavar="ORIGIN=N", help="at most N sentences of it")
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    quotas = {name: int(count) for name, _, count in (item.partition("=") for item in given.quota)}
    plan = Plan(given.base, given.out, given.minutes, given.epochs, learning_rate=given.learning_rate, quotas=quotas)
    train(dataclasses.replace(plan, seed=given.seed), given.examples)


if __name__ == "__main__":
    main()
