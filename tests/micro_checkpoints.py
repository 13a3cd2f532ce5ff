"""Tiny checkpoints that learnt four sentences by heart, in the very form that the real ones have."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sentencepiece
import torch
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from mtcheck.engines.checkpoint import quiet_transformers
from mtcheck.engines.pieces import open_pieces

PAIRS = (
    ("The talks will resume in Geneva on 14 March.", "Переговоры возобновятся в Женеве 14 марта."),
    ("He said that the government would not raise taxes.", "Он сказал, что правительство не станет повышать налоги."),
    ("At least 37 people were killed near the city.", "Под городом погибли не менее 37 человек."),
    ("Shares in the company fell by 4.5% on Tuesday.", "Во вторник акции компании упали на 4,5%."),
)
ENGLISH = [english for english, _ in PAIRS]
RUSSIAN = [russian for _, russian in PAIRS]
SEED = 1
STEPS = 250  # at 100 a word came out wrong in some runs, by how the threads rounded
SIZES = {
    "d_model": 64,
    "encoder_layers": 1,
    "decoder_layers": 1,
    "encoder_attention_heads": 4,
    "decoder_attention_heads": 4,
    "encoder_ffn_dim": 64,
    "decoder_ffn_dim": 64,
    "max_position_embeddings": 512,
    "dropout": 0.0,
    "attention_dropout": 0.0,
    "activation_dropout": 0.0,
}


def pieces_model(folder: Path, name: str = "sp") -> Path:
    """A SentencePiece model trained on the sentences."""
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter((ENGLISH + RUSSIAN) * 4),
        model_prefix=str(folder / name),
        vocab_size=200,
        character_coverage=1.0,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    (folder / f"{name}.vocab").unlink()
    return folder / f"{name}.model"


def _pieces(model: Path) -> list[str]:
    processor = sentencepiece.SentencePieceProcessor(model_file=str(model))
    return [piece for i in range(processor.get_piece_size()) if (piece := processor.id_to_piece(i))[:1] != "<"]


def marian(
    folder: Path, languages: Sequence[str] = (), said: tuple[str, str] = ("en", "ru"), quiet_padding: bool = True
) -> Path:
    """A MarianMT checkpoint; languages: target codes such as ``rus`` of a multilingual one.

    quiet_padding: the padding row stays zero, as in checkpoints that come from Marian itself.
    """
    folder.mkdir(parents=True)
    model = pieces_model(folder)
    (folder / "target.spm").write_bytes(model.read_bytes())
    model.rename(folder / "source.spm")
    known = ["</s>", "<unk>", *_pieces(folder / "source.spm"), *(f">>{code}<<" for code in languages), "<pad>"]
    vocabulary = {piece: i for i, piece in enumerate(known)}
    (folder / "vocab.json").write_text(json.dumps(vocabulary), encoding="utf-8")
    (folder / "tokenizer_config.json").write_text('{"tokenizer_class": "MarianTokenizer"}', encoding="utf-8")
    pad = vocabulary["<pad>"]
    with quiet_transformers() as transformers:
        config = transformers.MarianConfig(
            vocab_size=len(vocabulary),
            pad_token_id=pad,
            eos_token_id=0,
            decoder_start_token_id=pad,
            forced_eos_token_id=0,
            bad_words_ids=[[pad]],
            activation_function="swish",
            scale_embedding=True,
            **SIZES,
        )
        torch.manual_seed(SEED)
        _trained(transformers.MarianMTModel(config), folder, [], quiet_padding)
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"source_lang": said[0], "target_lang": said[1], "tokenizer_class": "MarianTokenizer"}),
        encoding="utf-8",
    )
    return folder


def m2m100(folder: Path) -> Path:
    """An M2M100 checkpoint with its hundred languages and eight rows that mean nothing."""
    folder.mkdir(parents=True)
    model = pieces_model(folder).rename(folder / "sentencepiece.bpe.model")
    known = ["<s>", "<pad>", "</s>", "<unk>", *_pieces(model)]
    (folder / "vocab.json").write_text(json.dumps({p: i for i, p in enumerate(known)}), encoding="utf-8")
    with quiet_transformers() as transformers:
        tokenizer = transformers.M2M100Tokenizer(str(folder / "vocab.json"), str(model))
        tokenizer.save_pretrained(folder)
        size = len(known) + len(tokenizer.lang_code_to_id) + tokenizer.num_madeup_words
        _trained(_multilingual(transformers, size), folder, ["__en__", "__ru__"])
    return folder


def nllb(folder: Path) -> Path:
    """An NLLB checkpoint that knows English, Russian and one more language."""
    folder.mkdir(parents=True)
    vocabulary, merges = _byte_pairs()
    with quiet_transformers() as transformers:
        codes = ["eng_Latn", "fra_Latn", "rus_Cyrl"]
        tokenizer = transformers.NllbTokenizer(vocab=vocabulary, merges=merges, extra_special_tokens=codes)
        tokenizer.save_pretrained(folder)
        _trained(_multilingual(transformers, len(tokenizer)), folder, ["eng_Latn", "rus_Cyrl"])
    return folder


def _byte_pairs() -> tuple[dict[str, int], list[tuple[str, str]]]:
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    trainer = trainers.BpeTrainer(vocab_size=200, special_tokens=special, show_progress=False)
    tokenizer.train_from_iterator(ENGLISH + RUSSIAN, trainer)
    model = json.loads(tokenizer.to_str())["model"]
    return model["vocab"], [tuple(merge) for merge in model["merges"]]


def _multilingual(transformers: Any, size: int) -> Any:
    config = transformers.M2M100Config(
        vocab_size=size,
        bos_token_id=0,
        pad_token_id=1,
        eos_token_id=2,
        decoder_start_token_id=2,
        scale_embedding=True,
        encoder_layerdrop=0.0,
        decoder_layerdrop=0.0,
        **SIZES,
    )
    torch.manual_seed(SEED)
    return transformers.M2M100ForConditionalGeneration(config)


def _trained(model: Any, folder: Path, codes: Sequence[str], quiet_padding: bool = False) -> None:
    """Teach the model the pairs, as its family writes them, and save it."""
    model.save_pretrained(folder)
    family = "m2m_100" if codes else "marian"
    pieces = open_pieces(folder, family, "en", "ru")
    with quiet_transformers() as transformers:
        to_ids = transformers.AutoTokenizer.from_pretrained(folder).convert_tokens_to_ids
    sources = _padded([to_ids(pieces.encode(text)) for text in ENGLISH], model.config.pad_token_id)
    targets = [to_ids([*pieces.start, *pieces.encode_target(text), "</s>"]) for text in RUSSIAN]
    labels = _padded(targets, -100)
    model.train()
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
    for _ in range(STEPS):
        optimizer.zero_grad()
        mask = (sources != model.config.pad_token_id).long()
        model(sources, attention_mask=mask, labels=labels).loss.backward()
        optimizer.step()
        if quiet_padding:
            with torch.no_grad():
                model.model.shared.weight[model.config.pad_token_id] = 0.0
    model.eval().save_pretrained(folder)


def _padded(rows: Sequence[Sequence[int]], fill: int) -> torch.Tensor:
    longest = max(map(len, rows))
    return torch.tensor([[*row, *[fill] * (longest - len(row))] for row in rows])
