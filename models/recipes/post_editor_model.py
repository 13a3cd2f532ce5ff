"""The post-editor's network: a small BERT encoder, and a linear head each for tokens and for gaps.

Both heads read the first piece of each token (:mod:`mtcheck.engines.edit_tags`); the token type of a
piece tells whether it opens with a capital, which the uncased encoder would not see.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from models.recipes.tagger_model import read_tokenizer

HEADS = ("token", "gap")
WEIGHTS = "post_editor.safetensors"


class PostEditorNetwork(nn.Module):
    """Encoder, dropout, and two linear heads: ``tags`` is how many tags tokens and gaps have."""

    def __init__(self, config: BertConfig, tags: tuple[int, int]) -> None:
        """Random weights of the given sizes."""
        super().__init__()
        self.encoder = BertModel(config, add_pooling_layer=False)
        self.dropout = nn.Dropout(0.1)
        self.heads = nn.ModuleList(nn.Linear(config.hidden_size, size) for size in tags)

    def forward(self, ids: Tensor, mask: Tensor, types: Tensor, places: Tensor) -> tuple[Tensor, Tensor]:
        """Logits of shapes (places, token tags) and (places, gap tags).

        ids, mask, types: (sentences, pieces); places: (places, 2), sentence and piece of each token.
        """
        hidden = self.encoder(input_ids=ids, attention_mask=mask, token_type_ids=types).last_hidden_state
        states = self.dropout(hidden[places[:, 0], places[:, 1]])
        return self.heads[0](states), self.heads[1](states)


def from_base(folder: Path, tags: tuple[int, int]) -> tuple[PostEditorNetwork, Tokenizer]:
    """Fresh heads on the pretrained encoder in ``folder``; both token types begin as the first, keeping is likely."""
    config = BertConfig.from_pretrained(folder)
    network = PostEditorNetwork(config, tags)
    weights = {k.removeprefix("bert."): v for k, v in load_file(folder / "model.safetensors").items()}
    wanted = network.encoder.state_dict()
    network.encoder.load_state_dict({k: v.float() for k, v in weights.items() if k in wanted})
    with torch.no_grad():
        table = network.encoder.embeddings.token_type_embeddings.weight
        table[1] = table[0] + 0.02 * torch.randn_like(table[0])
        for head in network.heads:
            nn.init.normal_(head.weight, std=0.02)
            head.bias.fill_(-4.0)
            head.bias[0] = 4.0
    return network, read_tokenizer(folder)


def save(network: PostEditorNetwork, tokenizer: Any, tags: dict[str, list[str]], folder: Path) -> None:
    """Write config, weights (fp32 safetensors), tokenizer and tags."""
    folder.mkdir(parents=True, exist_ok=True)
    network.encoder.config.save_pretrained(folder)
    save_file({k: v.contiguous() for k, v in network.state_dict().items()}, folder / WEIGHTS)
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "tags.json").write_text(json.dumps(tags, indent=0) + "\n", encoding="utf-8")


def load(folder: Path) -> tuple[PostEditorNetwork, Tokenizer, dict[str, list[str]]]:
    """Read back what :func:`save` wrote."""
    tags = json.loads((folder / "tags.json").read_text(encoding="utf-8"))
    config = BertConfig(**json.loads((folder / "config.json").read_text(encoding="utf-8")))
    network = PostEditorNetwork(config, (len(tags["token_tags"]), len(tags["gap_tags"])))
    network.load_state_dict(load_file(folder / WEIGHTS))
    network.eval()
    return network, read_tokenizer(folder), tags
