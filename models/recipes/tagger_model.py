"""The word tagger: a small BERT encoder with one logit a token, and how text becomes its input.

The first piece of every pre-token (word or punctuation mark) carries the token's logit.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertConfig, BertModel

LONGEST_PIECES = 160


class TaggerNetwork(nn.Module):
    """Encoder, dropout, and a linear head to one BAD logit a piece."""

    def __init__(self, config: BertConfig, extra: int = 0) -> None:
        """``extra``: how many further numbers a piece (such as surprisal) the head reads beside the encoder."""
        super().__init__()
        self.encoder = BertModel(config, add_pooling_layer=False)
        self.dropout = nn.Dropout(0.1)
        self.head = nn.Linear(config.hidden_size + extra, 1)

    def forward(self, ids: Tensor, mask: Tensor, extra: Tensor | None = None) -> Tensor:
        """Logits of shape (batch, pieces) from piece ids and a 0/1 mask of the same shape."""
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        if extra is not None:
            hidden = torch.cat([hidden, extra.to(hidden.dtype)], dim=-1)
        logits: Tensor = self.head(self.dropout(hidden)).squeeze(-1)
        return logits


def load_base(folder: Path) -> tuple[TaggerNetwork, Tokenizer]:
    """A fresh head on the pretrained encoder in ``folder`` (config.json, model.safetensors, tokenizer.json)."""
    config = BertConfig.from_pretrained(folder)
    network = TaggerNetwork(config)
    weights = {k.removeprefix("bert."): v for k, v in load_file(folder / "model.safetensors").items()}
    wanted = network.encoder.state_dict()
    network.encoder.load_state_dict({k: v.float() for k, v in weights.items() if k in wanted})
    return network, read_tokenizer(folder)


def read_tokenizer(folder: Path) -> Tokenizer:
    """The folder's tokenizer, truncating at LONGEST_PIECES and never padding."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST_PIECES)
    return tokenizer


def save_network(network: TaggerNetwork, tokenizer: Tokenizer, folder: Path) -> None:
    """Write config, weights (fp32 safetensors) and tokenizer."""
    folder.mkdir(parents=True, exist_ok=True)
    network.encoder.config.save_pretrained(folder)
    save_file({k: v.contiguous() for k, v in network.state_dict().items()}, folder / "tagger.safetensors")
    tokenizer.save(str(folder / "tokenizer.json"))


def load_network(folder: Path) -> tuple[TaggerNetwork, Tokenizer]:
    """Read back what :func:`save_network` wrote."""
    weights = load_file(folder / "tagger.safetensors")
    config = BertConfig(**json.loads((folder / "config.json").read_text()))
    network = TaggerNetwork(config, weights["head.weight"].shape[1] - config.hidden_size)
    network.load_state_dict(weights)
    network.eval()
    return network, read_tokenizer(folder)


def load_average(folders: Sequence[Path]) -> tuple[TaggerNetwork, Tokenizer]:
    """The mean of the weights of several runs that began from the same weights (model soup, Wortsman et al. 2022)."""
    network, tokenizer = load_network(folders[0])
    tables = [load_file(folder / "tagger.safetensors") for folder in folders]
    network.load_state_dict({k: sum(table[k] for table in tables) / len(tables) for k in tables[0]})
    return network, tokenizer


def first_pieces(encoding: Any) -> list[tuple[int, int, int]]:
    """(piece index, start, end) of the first piece of every pre-token; the range covers the whole pre-token."""
    found: list[list[int]] = []
    previous = None
    for at, (word, (start, end)) in enumerate(zip(encoding.word_ids, encoding.offsets, strict=True)):
        if word is None:
            previous = None
        elif word == previous:
            found[-1][2] = end
        else:
            found.append([at, start, end])
            previous = word
    return [(at, start, end) for at, start, end in found]


@torch.inference_mode()
def token_logits(
    network: TaggerNetwork, tokenizer: Tokenizer, texts: Sequence[str], batch: int = 64, coarse: bool = False
) -> list[list[tuple[int, int, float]]]:
    """(start, end, logit) of every pre-token of every text, in order; ``coarse`` computes in bfloat16."""
    network.eval()
    encodings = tokenizer.encode_batch(list(texts))
    order = sorted(range(len(texts)), key=lambda i: len(encodings[i].ids))
    result: list[list[tuple[int, int, float]]] = [[] for _ in texts]
    for at in range(0, len(order), batch):
        chosen = order[at : at + batch]
        ids, mask = pad([encodings[i].ids for i in chosen])
        with torch.autocast("cpu", torch.bfloat16, enabled=coarse):
            logits: NDArray[np.float32] = network(torch.from_numpy(ids), torch.from_numpy(mask)).float().numpy()
        for row, i in enumerate(chosen):
            result[i] = [(s, e, float(logits[row, piece])) for piece, s, e in first_pieces(encodings[i])]
    return result


def pad(sequences: Sequence[Sequence[int]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Zero-padded ids and their 0/1 mask, both of shape (sequences, longest)."""
    width = max(map(len, sequences))
    ids = np.zeros((len(sequences), width), np.int64)
    mask = np.zeros_like(ids)
    for row, sequence in enumerate(sequences):
        ids[row, : len(sequence)] = sequence
        mask[row, : len(sequence)] = 1
    return ids, mask
