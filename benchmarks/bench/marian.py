"""A MarianMT checkpoint of full size that learnt a few dozen sentence pairs by heart.

No trained checkpoint can be had from a package index, and random weights neither end a sentence nor prefer any word, so
that engines could not be held to equal outputs. This one has the shape of ``models/recipes/seq2seq_plans.py`` and is
trained for a minute or two until it gives its pairs back; what a token costs does not depend on what the weights are.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sentencepiece

from mtcheck.engines.staging import staged_folder

STEPS, RATE, WARM_UP = 120, 1.5e-3, 20
GOOD_ENOUGH = 0.02
"""Loss, in nats a piece, at which the pairs are known by heart."""


def checkpoint(folder: Path, pairs: Sequence[tuple[str, str]], more_text: Sequence[str], *, small: bool) -> Path:
    """The checkpoint in a folder, trained there when there is none. small: two layers of width 64, for tests."""
    if not (folder / "model.safetensors").is_file():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with staged_folder(folder) as staged:
            _make(staged, pairs, more_text, small)
    return folder


def _make(folder: Path, pairs: Sequence[tuple[str, str]], more_text: Sequence[str], small: bool) -> None:
    import torch

    from models.recipes.seq2seq_model import new_network, write_tokenizer
    from models.recipes.seq2seq_plans import Plan, Shape

    shape = Shape(64, 1, 1, 128, 4, 500) if small else Shape()
    plan = Plan("en-ru", "en", "ru", "bench", (), shape=shape, label_smoothing=0.0, dropout=0.0)
    vocabulary = _vocabulary(folder, [text for pair in pairs for text in pair], more_text, shape.pieces)
    write_tokenizer(plan, vocabulary, folder)
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(vocabulary))
    network = new_network(plan, pieces.get_piece_size())
    ids = [[torch.tensor([*pieces.encode(text), 0]) for text in side] for side in zip(*pairs, strict=True)]
    source, target = (
        torch.nn.utils.rnn.pad_sequence(side, batch_first=True, padding_value=network.config.pad_token_id)
        for side in ids
    )
    _learn(network, source, target, RATE * (4 if small else 1))
    vocabulary.unlink()
    network.eval().save_pretrained(folder)


def _learn(network: Any, source: Any, target: Any, rate: float) -> None:
    """Give the pairs, all in one batch, until they are known."""
    import torch

    from models.recipes.seq2seq_model import zero_padding_row

    optimizer = torch.optim.AdamW(network.parameters(), lr=rate, betas=(0.9, 0.98), weight_decay=0.0)
    padding = network.config.pad_token_id
    labels = target.masked_fill(target == padding, -100)
    network.train()
    for step in range(STEPS):
        for group in optimizer.param_groups:
            group["lr"] = rate * min(1.0, (step + 1) / WARM_UP)
        optimizer.zero_grad()
        loss = network(input_ids=source, attention_mask=(source != padding).long(), labels=labels).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        zero_padding_row(network)
        if step % 10 == 9:
            print(f"learning {len(source)} pairs by heart: step {step + 1}, loss {loss.item():.3f}", file=sys.stderr)
        if loss.item() < GOOD_ENOUGH:
            return


def _vocabulary(folder: Path, pairs: Sequence[str], more_text: Sequence[str], pieces: int) -> Path:
    """A SentencePiece model of both languages whose first two pieces are the end mark and the unknown piece."""
    folder.mkdir(parents=True, exist_ok=True)
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([*more_text, *pairs]),
        model_prefix=str(folder / "joint"),
        vocab_size=pieces,
        model_type="bpe" if more_text else "unigram",  # the first is fast, the second content with few sentences
        hard_vocab_limit=False,
        eos_id=0,
        unk_id=1,
        bos_id=-1,
        pad_id=-1,
        minloglevel=2,
    )
    (folder / "joint.vocab").unlink()
    return folder / "joint.model"
