"""Hugging Face seq2seq checkpoints in a folder: what they are, and their conversion to CTranslate2 int8.

MarianMT (arXiv 1804.00344), M2M100 (arXiv 2010.11125) and NLLB (arXiv 2207.04672). Weights are read
from safetensors only, never from a pickle, and no code of a checkpoint is run.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mtcheck.errors import ModelError

ORIGIN_FILE = "origin.json"
TOKENIZER_FOLDER = "tokenizer"
CONVERTER_VERSION = 1
FAMILIES = ("marian", "m2m_100")
_ZERO = 1e-3
_READ = (".safetensors", ".json", ".spm", ".model", ".txt")


def family(folder: Path) -> str:
    """``marian`` or ``m2m_100`` (which NLLB is, too).

    Raises ModelError when the folder is no such checkpoint, or has its weights in a pickle only.
    """
    try:
        kind = json.loads((folder / "config.json").read_text(encoding="utf-8")).get("model_type", "")
    except (OSError, ValueError, AttributeError) as error:
        raise ModelError("this is no Hugging Face checkpoint (no readable config.json)", where=str(folder)) from error
    if kind not in FAMILIES:
        raise ModelError(
            f"a checkpoint of type {kind!r} cannot be used; MarianMT, M2M100 and NLLB can", where=str(folder)
        )
    if not any(folder.glob("*.safetensors")):
        pickled = any(folder.glob("*.bin")) or any(folder.glob("*.pt"))
        fault = "its weights are pickled, and a pickle can run code" if pickled else "it has no weights"
        raise ModelError(
            f"the checkpoint cannot be loaded: {fault}", where=str(folder), repair="save it as safetensors first"
        )
    return str(kind)


def digest(folder: Path) -> str:
    """sha256 over the names and hashes of the files that a checkpoint is read from."""
    lines = []
    for path in sorted(path for path in folder.iterdir() if path.suffix in _READ):
        with path.open("rb") as file:
            lines.append(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {path.name}\n")
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def convert_checkpoint(folder: Path, target: Path, quantization: str = "int8") -> None:
    """Write into ``target`` the model for CTranslate2, its tokenizer and origin.json.

    Raises ModelError when the checkpoint is not one of the known kinds or does not convert.
    """
    kind = family(folder)
    from ctranslate2.converters import TransformersConverter
    from safetensors import SafetensorError

    try:
        padding = _padding_that_speaks(folder) if kind == "marian" else None
        with quiet_transformers(), _vocabulary_by_id(), _started_from(padding):
            TransformersConverter(str(folder)).convert(str(target), quantization=quantization, force=True)
    except (OSError, ValueError, RuntimeError, KeyError, TypeError, AttributeError, SafetensorError) as error:
        reason = " ".join(str(error).split())[:160]
        raise ModelError(f"the checkpoint does not convert to CTranslate2 ({reason})", where=str(folder)) from error
    (target / TOKENIZER_FOLDER).mkdir()
    for path in sorted(path for path in folder.iterdir() if path.suffix in _READ and path.suffix != ".safetensors"):
        shutil.copyfile(path, target / TOKENIZER_FOLDER / path.name)
    origin: dict[str, Any] = {
        "family": kind,
        "name": folder.name,
        "sha256": digest(folder),
        "converter": CONVERTER_VERSION,
    }
    if padding:
        origin["padding"] = padding
    (target / ORIGIN_FILE).write_text(json.dumps(origin, indent=1), encoding="utf-8")


@contextmanager
def _vocabulary_by_id() -> Iterator[None]:
    """Let CTranslate2 take the pieces of M2M100 and NLLB from the tokenizer one id after the other.

    Its own way asks transformers for the list of language codes by a name that transformers 5 no longer has.
    """
    from ctranslate2.converters.transformers import M2M100Loader

    def by_id(self: Any, model: Any, tokenizer: Any) -> list[str]:
        pieces: dict[str, int] = {}
        for number in range(model.config.vocab_size):
            piece = tokenizer.convert_ids_to_tokens(number)
            pieces[f"unused{number}" if piece is None or piece in pieces else piece] = number
        return list(pieces)

    usual = M2M100Loader.get_vocabulary
    M2M100Loader.get_vocabulary = by_id
    try:
        yield
    finally:
        M2M100Loader.get_vocabulary = usual


def _padding_that_speaks(folder: Path) -> str | None:
    """The padding piece of a MarianMT checkpoint, when its embedding is not zero; else None.

    Marian itself starts decoding from zeros, and so does CTranslate2. A checkpoint trained with transformers
    starts from the padding piece, whose row the tied output layer has moved away from zero.
    """
    from safetensors import safe_open

    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    number = config["pad_token_id"]
    for path in sorted(folder.glob("*.safetensors")):
        with safe_open(path, framework="numpy") as tensors:
            for name in ("model.shared.weight", "model.decoder.embed_tokens.weight"):
                if name in tensors.keys():  # noqa: SIM118 (the file's handle is no mapping)
                    row = tensors.get_slice(name)[number : number + 1]
                    vocabulary = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))
                    piece = next(piece for piece, index in vocabulary.items() if index == number)
                    return piece if abs(row).max() > _ZERO else None
    return None


@contextmanager
def _started_from(padding: str | None) -> Iterator[None]:
    """Convert a MarianMT checkpoint with its padding piece as the one that decoding starts from, if one is given."""
    from ctranslate2.converters.transformers import BartLoader, MarianMTLoader

    if padding is None:
        yield
        return

    def set_config(self: Any, config: Any, model: Any, tokenizer: Any) -> None:
        config.eos_token, config.unk_token = tokenizer.eos_token, tokenizer.unk_token
        config.decoder_start_token = padding

    changed = {
        "set_config": set_config,
        "set_decoder": BartLoader.set_decoder,
        "get_vocabulary": BartLoader.get_vocabulary,
        "_remove_pad_weights": lambda self, spec: None,
    }
    usual = {name: MarianMTLoader.__dict__[name] for name in changed}
    for name, method in changed.items():
        setattr(MarianMTLoader, name, method)
    try:
        yield
    finally:
        for name, method in usual.items():
            setattr(MarianMTLoader, name, method)


@contextmanager
def quiet_transformers() -> Iterator[Any]:
    """The transformers module, with its warnings and progress bars off: they speak to programmers, not to users."""
    import transformers

    logging = transformers.utils.logging
    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield transformers
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()
