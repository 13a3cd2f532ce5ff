"""What is compared on text to be cleaned: mtcheck, its rules' own fixes alone, and mtcheck with parts left out."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from typing import Any, Protocol
from unittest import mock

from mtcheck import __version__, choice, documents, guards, pipeline, scoring
from mtcheck.alternatives import language_model, rule_fix
from mtcheck.checking.fixing import fix_document
from mtcheck.engines import Engines
from mtcheck.evaluation.systems import rules_digest
from mtcheck.schema import Alternative, Document, Proposal, Review
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

    most_lines: int | None = None

    def __init__(
        self,
        engines: Engines,
        settings: Settings,
        name: str = "mtcheck",
        instead: tuple[Any, str, Callable[..., Any]] | None = None,
    ) -> None:
        """Name the row that it fills. instead: for an ablation, a function of a module and what stands in for it.

        It is patched rather than handed in: only an ablation ever asks for another, and a review would have to carry
        all of them through every stage. A test sees to it that a review really calls what is left out.
        """
        self.name = name
        self.instead = instead
        about = f"{pipeline.signature(engines, settings)} ; rules:{rules_digest()}".replace(" ; ", ", ")
        self.signature = about + f", {name}" * bool(instead)
        self._engines, self._settings = engines, settings

    def clean(self, document: Document) -> list[str]:
        """As :meth:`Cleaner.clean`."""
        with mock.patch.object(*self.instead) if self.instead else nullcontext():
            return cleaned_segments(pipeline.review(document, self._engines, self._settings))


class RuleFixes:
    """``mtcheck fix``: what rules mend by themselves, again and again until nothing is left to mend."""

    most_lines: int | None = None

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


def ablations(engines: Engines, settings: Settings) -> list[Reviewed]:
    """mtcheck with one thing left out at a time: a way of proposing, a score, the guards, the chooser.

    An engine that does several things is left out whole (the language model proposes, scores and feeds the tagger).
    """
    engine: dict[str, dict[str, Any]] = {
        "round trips and the pivot's score": {"round_trips": ()},
        "the post-editor": {"post_editor": None},
        "the tagger": {"tagger": None},
        "the language model": {"fluency": None},
        "the parser": {"parser": None},
        "the translator of the source": {"translator": None},
        "the rewriter": {"rewriter": None},
        "the large language model": {"rescorer": None},
        "back-translation": {"back_translator": None},
    }
    part: dict[str, tuple[Any, str, Callable[..., Any]]] = {
        "rules' fixes": (rule_fix, "edits", lambda text, findings: []),
        "the language model's edits": (language_model, "edits", lambda analysis, findings: []),
        "the score of fluency": (scoring, "fluency_gain", lambda *about: ()),
        "guards": (guards, "broken", lambda segment, span, replacement, *, machine: ()),
        "the chooser, the most fluent taken": (choice, "probability", _by_fluency),
    }
    found = [(name, replace(engines, **fields)) for name, fields in engine.items()]
    return [
        *(Reviewed(some, settings, f"without {name}") for name, some in found if some != engines),
        *(Reviewed(engines, settings, f"without {name}", instead) for name, instead in part.items()),
    ]


def _by_fluency(proposal: Proposal, alternative: Alternative) -> float:
    gain = alternative.score(scoring.FLUENCY) or 0.0
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, gain))))
