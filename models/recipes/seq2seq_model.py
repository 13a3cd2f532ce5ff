"""The MarianMT network of a plan, its tokenizer files, and the batches it trains on."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import sentencepiece
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import MarianConfig, MarianMTModel

from models.recipes.seq2seq_data import END
from models.recipes.seq2seq_plans import Plan

Ids = NDArray[np.uint16]
CHUNK_PAIRS = 60_000


def marian_config(plan: Plan, pieces: int) -> MarianConfig:
    """The configuration; ``pieces`` counts the SentencePiece model's pieces, and <pad> follows them."""
    shape = plan.shape
    return MarianConfig(
        vocab_size=pieces + 1,
        d_model=shape.width,
        encoder_layers=shape.encoder_layers,
        decoder_layers=shape.decoder_layers,
        encoder_ffn_dim=shape.feed_forward,
        decoder_ffn_dim=shape.feed_forward,
        encoder_attention_heads=shape.heads,
        decoder_attention_heads=shape.heads,
        activation_function="relu",
        max_position_embeddings=512,
        dropout=plan.dropout,
        attention_dropout=0.0,
        activation_dropout=0.0,
        scale_embedding=True,
        share_encoder_decoder_embeddings=True,
        tie_word_embeddings=True,
        pad_token_id=pieces,
        eos_token_id=END,
        forced_eos_token_id=END,
        decoder_start_token_id=pieces,
        bos_token_id=None,
    )


def new_network(plan: Plan, pieces: int) -> MarianMTModel:
    """A network with Glorot-initialised matrices, N(0, 1/width) embeddings and a zero row for <pad>.

    The decoder starts from <pad>, which Marian (and CTranslate2) take to be the zero vector.
    """
    torch.manual_seed(plan.seed)
    network = MarianMTModel(marian_config(plan, pieces))
    for name, weight in network.named_parameters():
        if weight.dim() == 2 and "embed" not in name and "shared" not in name:
            nn.init.xavier_uniform_(weight)
    embedding = network.get_input_embeddings().weight
    nn.init.normal_(embedding, std=plan.shape.width**-0.5)
    zero_padding_row(network)
    network.generation_config.bad_words_ids = [[pieces]]
    network.generation_config.num_beams = 4
    network.generation_config.max_length = 256
    return network


@torch.no_grad()
def zero_padding_row(network: MarianMTModel) -> None:
    """Keep <pad> at the zero vector: the tied output layer would otherwise move it."""
    network.get_input_embeddings().weight[network.config.pad_token_id].zero_()


def write_tokenizer(plan: Plan, vocabulary: Path, out: Path) -> None:
    """The files of a MarianTokenizer: one joint SentencePiece model for both sides, and vocab.json."""
    out.mkdir(parents=True, exist_ok=True)
    shutil.copy(vocabulary, out / "source.spm")
    shutil.copy(vocabulary, out / "target.spm")
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(vocabulary))
    names = [pieces.id_to_piece(i) for i in range(pieces.get_piece_size())] + ["<pad>"]
    table = {name: number for number, name in enumerate(names)}
    (out / "vocab.json").write_text(json.dumps(table, ensure_ascii=False) + "\n", encoding="utf-8")
    settings = {
        "tokenizer_class": "MarianTokenizer",
        "source_lang": plan.source_lang,
        "target_lang": plan.target_lang,
        "model_max_length": 512,
    }
    (out / "tokenizer_config.json").write_text(json.dumps(settings) + "\n")


class Pairs:
    """All packs of a plan in memory: flat ids, where each pair begins, and which corpus it is from."""

    def __init__(self, packs: Sequence[Path]) -> None:
        """Read the packs; raises FileNotFoundError when there is none."""
        if not packs:
            raise FileNotFoundError("no packs; prepare the data first")
        parts = [np.load(path) for path in packs]
        self._source: Ids = np.concatenate([part["source"] for part in parts])
        self._target: Ids = np.concatenate([part["target"] for part in parts])
        self.source_lengths = np.concatenate([part["source_lengths"] for part in parts]).astype(np.int64)
        self.target_lengths = np.concatenate([part["target_lengths"] for part in parts]).astype(np.int64)
        self.origin = np.concatenate([part["origin"] for part in parts])
        self._source_ends = np.cumsum(self.source_lengths)
        self._target_ends = np.cumsum(self.target_lengths)

    def __len__(self) -> int:
        """The number of pairs."""
        return len(self.origin)

    def source(self, number: int) -> Ids:
        """Source ids of one pair, the end mark included."""
        end = int(self._source_ends[number])
        return self._source[end - int(self.source_lengths[number]) : end]

    def target(self, number: int) -> Ids:
        """Target ids of one pair, the end mark included."""
        end = int(self._target_ends[number])
        return self._target[end - int(self.target_lengths[number]) : end]

    def chunk(self, weights: Sequence[float], seed: int, number: int, batch_tokens: int) -> Iterator[list[int]]:
        """Chunk ``number``: pairs drawn by corpus weight, cut into batches of like length in random order.

        The same (seed, number) gives the same batches, so that a run can be taken up where it stopped.
        """
        chance = np.random.default_rng((seed, number))
        share = np.asarray(weights, np.float64)[self.origin]
        drawn = chance.choice(len(self), size=min(CHUNK_PAIRS, 4 * len(self)), p=share / share.sum())
        longest = np.maximum(self.source_lengths[drawn], self.target_lengths[drawn])
        drawn = drawn[np.argsort(longest + chance.random(len(drawn)), kind="stable")]
        batches: list[list[int]] = [[]]
        for pair in drawn.tolist():
            width = max(int(self.source_lengths[pair]), int(self.target_lengths[pair]))
            if batches[-1] and (len(batches[-1]) + 1) * width > batch_tokens:
                batches.append([])
            batches[-1].append(pair)
        for at in chance.permutation(len(batches)).tolist():
            yield batches[at]


def tensors(pairs: Pairs, batch: Sequence[int], padding: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """Padded source and target ids, both of shape (batch, longest)."""

    def padded(sequences: list[Ids]) -> Tensor:
        table = np.full((len(sequences), max(map(len, sequences))), padding, np.int64)
        for row, sequence in enumerate(sequences):
            table[row, : len(sequence)] = sequence
        return torch.from_numpy(table).to(device, non_blocking=True)

    return padded([pairs.source(i) for i in batch]), padded([pairs.target(i) for i in batch])


def loss_of(network: MarianMTModel, source: Tensor, target: Tensor, smoothing: float) -> Tensor:
    """Mean label-smoothed cross-entropy a target piece, in nats."""
    padding = network.config.pad_token_id
    start = torch.full_like(target[:, :1], padding)
    given = torch.cat([start, target[:, :-1]], dim=1)
    with torch.autocast(source.device.type, torch.bfloat16):
        logits = network(
            input_ids=source, attention_mask=(source != padding).long(), decoder_input_ids=given, use_cache=False
        ).logits
    flat = logits.float().view(-1, logits.shape[-1])
    return nn.functional.cross_entropy(flat, target.reshape(-1), ignore_index=padding, label_smoothing=smoothing)
