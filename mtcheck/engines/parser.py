"""English part-of-speech tags, lemmas, dependencies and named entities, by spaCy."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mtcheck.engines.without_torch import without_torch
from mtcheck.errors import ModelError

_UNUSED = ("senter",)
_BATCH = 64


class SpacyParser:
    """A spaCy pipeline from its folder (``config.cfg`` and the parts beside it).

    Raises ModelError when the folder does not hold a pipeline that this spaCy can run.
    """

    def __init__(self, folder: Path) -> None:
        """Load the pipeline; the sentence recogniser, which the parser makes idle, stays out."""
        with without_torch():
            import spacy

        try:
            with warnings.catch_warnings():
                # spaCy warns of minor version differences and of optional GPU packages: nothing a user could act on
                warnings.simplefilter("ignore")
                self._nlp = spacy.load(folder, exclude=list(_UNUSED))
        except (OSError, ValueError, KeyError) as error:
            raise ModelError(
                f"the parser cannot be loaded ({' '.join(str(error).split())[:160]})",
                where=str(folder),
                repair="run: mtcheck models fetch en-core-web-sm",
            ) from error
        meta = self._nlp.meta
        self.signature = f"{meta['lang']}_{meta['name']}-{meta['version']}|engine:spacy-{spacy.__version__}"

    def parse(self, texts: Sequence[str]) -> list[Any]:
        """One ``Doc`` a text, with tags, lemmas, heads and entities; ``token.idx`` counts code points of the text."""
        with warnings.catch_warnings():
            # W108 and its like: a token without tags has no lemma
            warnings.simplefilter("ignore")
            return list(self._nlp.pipe(texts, batch_size=_BATCH))
