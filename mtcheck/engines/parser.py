"""English part-of-speech tags, lemmas, dependencies and named entities, by spaCy."""

from __future__ import annotations

import json
import warnings
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from mtcheck.engines.parse import Parse
from mtcheck.engines.without_torch import without_commands, without_torch
from mtcheck.errors import ModelError

_UNUSED = ("senter",)
_BATCH = 64


def signature(folder: Path) -> str:
    """What a pipeline's folder says of itself, without loading it. Raises ModelError where it says nothing."""
    try:
        meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
        name = f"{meta['lang']}_{meta['name']}-{meta['version']}"
    except (OSError, ValueError, KeyError) as error:
        raise _unusable(folder, error) from error
    return f"{name}|engine:spacy-{version('spacy')}"


def _unusable(folder: Path, error: Exception) -> ModelError:
    reason = " ".join(str(error).split())[:160]
    repair = "run: mtcheck models fetch en-core-web-sm"
    return ModelError(f"the parser cannot be loaded ({reason})", where=str(folder), repair=repair)


class SpacyParser:
    """A spaCy pipeline from its folder (``config.cfg`` and the parts beside it).

    Raises ModelError when the folder does not hold a pipeline that this spaCy can run.
    """

    def __init__(self, folder: Path) -> None:
        """Load the pipeline; the sentence recogniser, which the parser makes idle, stays out."""
        with without_torch(), without_commands():
            import spacy

        try:
            with warnings.catch_warnings():
                # spaCy warns of minor version differences and of optional GPU packages: nothing a user could act on
                warnings.simplefilter("ignore")
                self._nlp = spacy.load(folder, exclude=list(_UNUSED))
        except (OSError, ValueError, KeyError) as error:
            raise _unusable(folder, error) from error
        self.signature = signature(folder)

    def parse(self, texts: Sequence[str]) -> list[Parse]:
        """The parse of each text, with tags, lemmas, heads and entities."""
        with warnings.catch_warnings():
            # W108 and its like: a token without tags has no lemma
            warnings.simplefilter("ignore")
            return [Parse.of(doc) for doc in self._nlp.pipe(texts, batch_size=_BATCH)]
