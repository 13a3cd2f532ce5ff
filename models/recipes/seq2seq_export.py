"""Export a trained sequence-to-sequence model: Hugging Face MarianMT in fp16, and CTranslate2 in int8."""

from __future__ import annotations

from pathlib import Path

import torch
from transformers import MarianMTModel

from models.recipes.seq2seq_model import write_tokenizer
from models.recipes.seq2seq_plans import Plan

PIECE_BYTES = 15 * 2**20


def write_transformers(network: MarianMTModel, plan: Plan, vocabulary: Path, out: Path) -> None:
    """A checkpoint that MarianMTModel.from_pretrained and MarianTokenizer.from_pretrained read; fp16 safetensors."""
    write_tokenizer(plan, vocabulary, out)
    network.to(torch.float16).save_pretrained(out)
    network.to(torch.float32)


def write_ctranslate2(checkpoint: Path, out: Path) -> None:
    """The int8 model of an exported checkpoint, with the SentencePiece models beside it."""
    from ctranslate2.converters import TransformersConverter

    converter = TransformersConverter(str(checkpoint), copy_files=["source.spm", "target.spm"])
    converter.convert(str(out), quantization="int8", force=True)


def write_pieces(file: Path, out: Path) -> list[Path]:
    """A large file as numbered parts of at most PIECE_BYTES, to be joined with ``cat``."""
    out.mkdir(parents=True, exist_ok=True)
    data, parts = file.read_bytes(), []
    for number, at in enumerate(range(0, len(data), PIECE_BYTES)):
        parts.append(out / f"{file.stem}.part{number:02}")
        parts[-1].write_bytes(data[at : at + PIECE_BYTES])
    return parts


def join_pieces(parts: list[Path], file: Path) -> None:
    """Undo :func:`write_pieces`."""
    file.write_bytes(b"".join(part.read_bytes() for part in sorted(parts)))
