"""Fine-tune the post-editor on a CPU (or a GPU, when there is one).

Cross-entropy of both heads against the versions' votes; the embedding table is frozen; AdamW with warm-up and
linear decay; batches of sentences of like length; bfloat16 autocast. The schedule runs over the wall-clock
minutes given, so that every run ends with a decayed rate. The network is written every few minutes;
``--resume`` takes an interrupted run up from there, ``--base FOLDER`` starts a new run from an earlier one.
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

from models.recipes import post_editor_model
from models.recipes.corpora import work_folder
from models.recipes.post_editor_model import HEADS, PostEditorNetwork
from models.recipes.tagger_model import pad
from mtcheck import store
from mtcheck.engines.edit_tags import tokens_of
from mtcheck.engines.post_editor import case_types, first_pieces

Votes = tuple[int, int, float]  # place, number of the tag, share of the votes
SAVE_EVERY = 180.0  # seconds


@dataclasses.dataclass(frozen=True, slots=True)
class Sample:
    """A sentence as the network sees it: piece ids, token types, first piece of each token, votes for each head."""

    ids: list[int]
    types: list[int]
    pieces: list[int]
    votes: tuple[list[Votes], list[Votes]]


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """Settings of one run, which ends after ``minutes`` or ``steps``, whichever comes first.

    quotas: sentences of each origin in one epoch (absent = all). frozen: lowest layers that stay as they are.
    """

    out: Path
    minutes: float = 40.0
    steps: int = 10**6
    batch_pieces: int = 3000
    learning_rate: float = 3e-4
    warm_up: float = 0.05
    weight_decay: float = 0.01
    seed: int = 1
    quotas: dict[str, int] = dataclasses.field(default_factory=dict)
    frozen: int = 0


def sample_of(record: dict[str, Any], tokenizer: Any) -> Sample:
    """The sentence of one line of ``examples.jsonl``, cut at the encoder's reach."""
    text = record["text"]
    encoding = tokenizer.encode(text)
    pieces = first_pieces(encoding, tokens_of(text))
    votes = tuple([(p, n, w) for p, n, w in record[head] if p < len(pieces)] for head in HEADS)
    return Sample(list(encoding.ids), case_types(encoding, text), pieces, (votes[0], votes[1]))


def epoch_of(samples: dict[str, list[Sample]], plan: Plan, chance: random.Random) -> list[list[Sample]]:
    """Batches of at most ``batch_pieces`` padded pieces, like lengths together, in random order."""
    chosen: list[Sample] = []
    for origin, group in samples.items():
        chosen += chance.sample(group, min(len(group), plan.quotas.get(origin, len(group))))
    result: list[list[Sample]] = [[]]
    for sample in sorted(chosen, key=lambda s: len(s.ids) + chance.random() * 4):
        if result[-1] and (len(result[-1]) + 1) * len(sample.ids) > plan.batch_pieces:
            result.append([])
        result[-1].append(sample)
    chance.shuffle(result)
    return result


def loss_of(network: PostEditorNetwork, batch: Sequence[Sample], device: torch.device) -> Tensor:
    """Mean over the tokens of the cross-entropy against the votes; what no version asked for votes for keeping."""
    ids, mask = pad([sample.ids for sample in batch])
    types, _ = pad([sample.types for sample in batch])
    places = [(row, piece) for row, sample in enumerate(batch) for piece in sample.pieces]
    starts = np.cumsum([0, *(len(sample.pieces) for sample in batch)])
    tensors = (torch.from_numpy(ids), torch.from_numpy(mask), torch.from_numpy(types), torch.tensor(places))
    with torch.autocast(device.type, torch.bfloat16):
        outputs = network(*(tensor.to(device) for tensor in tensors))
    total = torch.zeros((), device=device)
    for head, logits in enumerate(outputs):
        logs = nn.functional.log_softmax(logits.float(), dim=-1)
        voted = [(int(starts[row]) + p, n, w) for row, s in enumerate(batch) for p, n, w in s.votes[head]]
        keep = torch.ones(len(places), device=device)
        if voted:
            rows, tags, shares = (torch.tensor(column, device=device) for column in zip(*voted, strict=True))
            keep.index_add_(0, rows, -shares.float())
            total = total - (logs[rows, tags] * shares).sum()
        total = total - (logs[:, 0] * keep.clamp(min=0)).sum()
    return total / len(places)


def train(network: PostEditorNetwork, tokenizer: Any, tags: dict[str, list[str]], plan: Plan, examples: Path) -> None:
    """Run the plan; ``plan.out`` holds the network and, until the run is over, ``progress.pt`` to resume it."""
    chance = random.Random(plan.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    samples: dict[str, list[Sample]] = {}
    for line in examples.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        samples.setdefault(record["origin"], []).append(sample_of(record, tokenizer))
    network.to(device).train()
    for layer in network.encoder.encoder.layer[: plan.frozen]:
        layer.requires_grad_(False)
    network.encoder.embeddings.requires_grad_(not plan.frozen)
    network.encoder.embeddings.word_embeddings.weight.requires_grad_(False)
    trained = [p for p in network.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=plan.learning_rate, weight_decay=plan.weight_decay)
    progress, spent, step = plan.out / "progress.pt", 0.0, 0
    if progress.exists():
        state = torch.load(progress, weights_only=True)
        optimiser.load_state_dict(state["optimiser"])
        spent, step = state["spent"], state["step"]
        chance = random.Random(plan.seed + step)
    began, saved, losses, batches = time.monotonic() - spent, time.monotonic(), [], []
    done = 0.0
    while done < 1:
        batches = batches or epoch_of(samples, plan, chance)
        done = max((time.monotonic() - began) / 60 / plan.minutes, step / plan.steps)
        for group in optimiser.param_groups:
            group["lr"] = plan.learning_rate * min(done / plan.warm_up, 1, max(0.0, 1 - done))
        loss = loss_of(network, batches.pop(), device)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(trained, 1.0)
        optimiser.step()
        losses.append(loss.item())
        step += 1
        if step % 25 == 0:
            print(f"{done:.1%} step {step} loss {np.mean(losses[-25:]):.4f}", flush=True)
        if time.monotonic() - saved > SAVE_EVERY or done >= 1:
            saved = time.monotonic()
            post_editor_model.save(network, tokenizer, tags, plan.out)
            state = {"optimiser": optimiser.state_dict(), "spent": saved - began, "step": step}
            torch.save(state, progress)
    progress.unlink()
    last = round(float(np.mean(losses[-100:])), 4)
    written = {**dataclasses.asdict(plan), "out": plan.out.name, "steps": step, "loss": last}
    (plan.out / "plan.json").write_text(json.dumps(written, indent=1) + "\n")


def main() -> None:
    """Command line: ``python -m models.recipes.post_editor_train --minutes 40``."""
    parser = argparse.ArgumentParser(description=__doc__)
    work = work_folder() / "post-editor"
    parser.add_argument("--base", type=Path, help="an earlier run (default: all-MiniLM-L6-v2 as fetched)")
    parser.add_argument("--out", type=Path, default=work / "run")
    parser.add_argument("--data", type=Path, default=work, help="folder of examples.jsonl and tags.json")
    parser.add_argument("--minutes", type=float, default=40.0)
    parser.add_argument("--learning-rate", type=float, default=3e-4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--frozen", type=int, default=0, help="lowest layers that stay as they are (faster)")
    parser.add_argument("--resume", action="store_true", help="take an interrupted run up again")
    parser.add_argument("--quota", action="append", default=[], metavar="ORIGIN=N", help="at most N of it an epoch")
    given = parser.parse_args()
    torch.manual_seed(given.seed)
    torch.set_num_threads(1)
    quotas = {name: int(count) for name, _, count in (item.partition("=") for item in given.quota)}
    plan = Plan(given.out, given.minutes, learning_rate=given.learning_rate, seed=given.seed, quotas=quotas)
    plan = dataclasses.replace(plan, frozen=given.frozen)
    if not given.resume:
        (given.out / "progress.pt").unlink(missing_ok=True)
    earlier = given.out if given.resume and (given.out / "progress.pt").exists() else given.base
    tags = json.loads((given.data / "tags.json").read_text(encoding="utf-8"))
    if earlier:
        network, tokenizer, known = post_editor_model.load(earlier)
        if known != tags:
            raise SystemExit(f"{earlier} was trained on other tags than {given.data / 'tags.json'}")
    else:
        sizes = len(tags["token_tags"]), len(tags["gap_tags"])
        network, tokenizer = post_editor_model.from_base(store.locate("all-minilm-l6-v2"), sizes)
    train(network, tokenizer, tags, plan, given.data / "examples.jsonl")


if __name__ == "__main__":
    main()
