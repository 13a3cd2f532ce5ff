"""What is compared on text to be cleaned: mtcheck, its rules' own fixes alone, and mtcheck with parts left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from mtcheck import __version__, documents, pipeline
from mtcheck.checking.fixing import fix_document
from mtcheck.engines import Engines
from mtcheck.evaluation.systems import rules_digest
from mtcheck.schema import Document, Review
from mtcheck.settings import Settings


class Cleaner(Protocol):
    """Anything that writes a better text. signature: name, version and settings.

    most_lines: a slow one is left out of larger corpora; None is never left out.
    """

    name: str
    signature: str
    most_lines: int | None

    def clean(self, document: Document) -> list[str]:
        """The text of every segment of the document after cleaning, in order."""


class Reviewed:
    """``mtcheck review``: the accepted edits of a review, made."""

    most_lines = None

    def __init__(self, engines: Engines, settings: Settings, name: str = "mtcheck") -> None:
        """Name the row that it fills; an ablation is a review with engines left out."""
        self.name = name
        self.signature = f"{pipeline.signature(engines, settings)} ; rules:{rules_digest()}".replace(" ; ", ", ")
        self._engines, self._settings = engines, settings

    def clean(self, document: Document) -> list[str]:
        """As :meth:`Cleaner.clean`."""
        return cleaned_segments(pipeline.review(document, self._engines, self._settings))


class RuleFixes:
    """``mtcheck fix``: what rules mend by themselves, again and again until nothing is left to mend."""

    most_lines = None

    def __init__(self, engines: Engines, settings: Settings, *, unsafe: bool) -> None:
        """With ``unsafe``, also fixes that ask for a person's judgement."""
        self.name = "mtcheck fix --unsafe" if unsafe else "mtcheck fix"
        self.signature = f"fix:{__version__}|unsafe:{unsafe}|rules:{rules_digest()}|settings:{settings.fingerprint()}"
        self._engines = replace(engines, back_translator=None, round_trips=(), post_editor=None)
        self._settings, self._unsafe = settings, unsafe

    def clean(self, document: Document) -> list[str]:
        """As :meth:`Cleaner.clean`; every segment stands as a paragraph of its own, as it is read anew after each pass.

        Raises ValueError when a fix joins or splits paragraphs, so that nobody can tell what became of a segment.
        """
        text = "\n\n".join(segment.hypothesis for segment in document.segments)
        article = documents.parse(text.encode(), document.doc_id, "text")
        fixed = fix_document(article, self._engines, self._settings, unsafe=self._unsafe)
        cleaned = fixed.after.split("\n\n")
        if len(cleaned) != len(document.segments):
            raise ValueError(f"{document.doc_id}: {len(document.segments)} paragraphs became {len(cleaned)}")
        return cleaned


def cleaned_segments(review: Review) -> list[str]:
    """Each segment's text after the accepted edits."""
    cleaned = []
    for segment in review.document.segments:
        alone = Document("", segment.hypothesis, (replace(segment, seg_id=0, start=0, gaps=()),))
        cleaned.append(alone.apply(replace(edit, seg_id=0) for edit in review.edits if edit.seg_id == segment.seg_id))
    return cleaned


def ablations(engines: Engines, settings: Settings) -> Sequence[Cleaner]:
    """mtcheck with one engine left out at a time: what it proposes, and what it says of others' proposals."""
    left_out = {
        "round trips": replace(engines, round_trips=()),
        "post-editor": replace(engines, post_editor=None),
        "language model": replace(engines, fluency=None),
        "tagger": replace(engines, tagger=None),
        "parser": replace(engines, parser=None),
    }
    return [Reviewed(some, settings, f"without {name}") for name, some in left_out.items() if some != engines]
