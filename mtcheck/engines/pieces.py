"""Subword pieces of seq2seq checkpoints: text to pieces with their special tokens, and back."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from mtcheck.engines.checkpoint import quiet_transformers
from mtcheck.errors import ModelError

END = "</s>"
LONGEST = 400
"""Pieces; checkpoints have positions for 512."""


class Pieces(Protocol):
    """The tokenizer of one checkpoint for one direction.

    start: pieces that every target begins with (a language code) and that belong to no text.
    """

    start: list[str]

    def encode(self, text: str) -> list[str]:
        """Pieces of a source text, special tokens included."""
        ...

    def encode_target(self, text: str) -> list[str]:
        """Pieces of a target text, without special tokens."""
        ...

    def decode(self, pieces: Sequence[str]) -> str:
        """Text of target pieces without special tokens."""
        ...


def open_pieces(folder: Path, family: str, source_lang: str, target_lang: str) -> Pieces:
    """The tokenizer of a checkpoint's folder. Raises ModelError when it does not know the languages."""
    if family == "marian":
        return MarianPieces(folder, source_lang, target_lang)
    return MultilingualPieces(folder, source_lang, target_lang)


class MarianPieces:
    """Two SentencePiece models; a checkpoint with several target languages is told which by ``>>rus<<``."""

    def __init__(self, folder: Path, source_lang: str, target_lang: str) -> None:
        """Load both models; raises ModelError when one is missing or the checkpoint is of another direction."""
        from sentencepiece import SentencePieceProcessor

        _check_direction(folder, source_lang, target_lang)
        try:
            self._source = SentencePieceProcessor(model_file=str(folder / "source.spm"))
            self._target = SentencePieceProcessor(model_file=str(folder / "target.spm"))
            vocabulary = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))
        except (OSError, RuntimeError, ValueError) as error:
            raise ModelError(f"the tokenizer cannot be read ({error})", where=str(folder)) from error
        self.start: list[str] = []
        codes = [f">>{code}<<" for code in (target_lang, _three_letters(target_lang))]
        self._prefix = next(([code] for code in codes if code in vocabulary), [])
        if not self._prefix and any(re.fullmatch(r">>\w+<<", piece) for piece in vocabulary):
            raise ModelError(f"the checkpoint does not translate into {target_lang}", where=str(folder))

    def encode(self, text: str) -> list[str]:
        """Pieces of a source text, special tokens included."""
        return [*self._prefix, *self._source.encode(text, out_type=str), END]

    def encode_target(self, text: str) -> list[str]:
        """Pieces of a target text, without special tokens."""
        return list(self._target.encode(text, out_type=str))

    def decode(self, pieces: Sequence[str]) -> str:
        """Text of target pieces without special tokens."""
        return str(self._target.decode(list(pieces)))


class MultilingualPieces:
    """The transformers tokenizer of an M2M100 (``__ru__``) or NLLB (``rus_Cyrl``) checkpoint."""

    def __init__(self, folder: Path, source_lang: str, target_lang: str) -> None:
        """Load the tokenizer; raises ModelError when it does not know one of the languages."""
        with quiet_transformers() as transformers:
            try:
                self._tokenizer: Any = transformers.AutoTokenizer.from_pretrained(
                    folder, local_files_only=True, trust_remote_code=False
                )
            except (OSError, ValueError, KeyError, TypeError) as error:
                reason = " ".join(str(error).split())[:160]
                raise ModelError(f"the tokenizer cannot be read ({reason})", where=str(folder)) from error
        self._tokenizer.src_lang = self._code(source_lang, folder)
        code = self._code(target_lang, folder)
        self.start = [code if "_" in code else self._tokenizer.lang_code_to_token[code]]

    def _code(self, lang: str, folder: Path) -> str:
        """The tokenizer's own name of a language: ``ru`` for M2M100, ``rus_Cyrl`` for NLLB."""
        known = getattr(self._tokenizer, "lang_code_to_token", None)
        if known and lang in known:
            return lang
        three = _three_letters(lang)
        codes = sorted(piece for piece in self._tokenizer.get_vocab() if re.fullmatch(rf"{three}_[A-Z]\w{{3}}", piece))
        if not codes:
            raise ModelError(f"the checkpoint does not know the language {lang}", where=str(folder))
        return str(codes[0])

    def encode(self, text: str) -> list[str]:
        """Pieces of a source text, special tokens included."""
        return list(self._tokenizer.convert_ids_to_tokens(self._tokenizer(text).input_ids))

    def encode_target(self, text: str) -> list[str]:
        """Pieces of a target text, without special tokens."""
        ids = self._tokenizer(text, add_special_tokens=False).input_ids
        return list(self._tokenizer.convert_ids_to_tokens(ids))

    def decode(self, pieces: Sequence[str]) -> str:
        """Text of target pieces without special tokens."""
        ids = self._tokenizer.convert_tokens_to_ids(list(pieces))
        return str(self._tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)).strip()


def _check_direction(folder: Path, source_lang: str, target_lang: str) -> None:
    """Raise ModelError when a checkpoint says that it is of another direction (groups such as ``sla`` are let pass)."""
    path = folder / "tokenizer_config.json"
    stated = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    for key, wanted in (("source_lang", source_lang), ("target_lang", target_lang)):
        said = stated.get(key)
        if isinstance(said, str) and len(said) in (2, 3) and _three_letters(said) in _SINGLE - {_three_letters(wanted)}:
            raise ModelError(
                f"the checkpoint translates from {stated.get('source_lang')} to {stated.get('target_lang')}, "
                f"not from {source_lang} to {target_lang}",
                where=str(folder),
            )


def _three_letters(lang: str) -> str:
    """ISO 639-3 code of a language; what is no language code stays as it is."""
    import langcodes

    try:
        return str(langcodes.Language.get(lang).to_alpha3())
    except (LookupError, ValueError):
        return lang


_SINGLE = frozenset(["eng", "rus", "ukr", "por", "spa", "fra", "deu", "ita", "zho", "ces", "pol", "fin", "est", "ron"])
"""Codes that surely mean one language and not a family."""
