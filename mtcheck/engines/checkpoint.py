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

    with quiet_transformers():
        try:
            TransformersConverter(str(folder)).convert(str(target), quantization=quantization, force=True)
        except (OSError, ValueError, RuntimeError, KeyError, TypeError, AttributeError) as error:
            reason = " ".join(str(error).split())[:160]
            raise ModelError(f"the checkpoint does not convert to CTranslate2 ({reason})", where=str(folder)) from error
    (target / TOKENIZER_FOLDER).mkdir()
    for path in sorted(path for path in folder.iterdir() if path.suffix in _READ and path.suffix != ".safetensors"):
        shutil.copyfile(path, target / TOKENIZER_FOLDER / path.name)
    origin = {"family": kind, "name": folder.name, "sha256": digest(folder), "converter": CONVERTER_VERSION}
    (target / ORIGIN_FILE).write_text(json.dumps(origin, indent=1), encoding="utf-8")


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
