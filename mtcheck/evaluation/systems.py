"""What is compared: mtcheck, its rules alone, and the two plain answers that everything must beat."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import numpy as np

from mtcheck import __version__, detection, detectors, pipeline
from mtcheck.engines import Engines, FluencyModel
from mtcheck.evaluation.measures import WORD_METRICS, segment_counts, totals
from mtcheck.evaluation.texts import Part, whitespace_words
from mtcheck.schema import Document, Finding, Severity, Span
from mtcheck.settings import Settings


class System(Protocol):
    """Anything that flags a document. signature: name, version and settings; timed: whether its time says anything."""

    name: str
    signature: str
    timed: bool

    def flags(self, document: Document) -> list[Finding]:
        """Findings, in any order; they may overlap."""


def finding(seg_id: int, span: Span, rule: str) -> Finding:
    """A flag of a system that says no more than where and why."""
    return Finding(rule, "", Severity.MINOR, seg_id, span, "", 1.0)


class Mtcheck:
    """What a review reports: every finding but those of neutral severity, which only look for a better wording."""

    timed = True

    def __init__(self, engines: Engines, settings: Settings, *, learned: bool = True) -> None:
        """Without ``learned``, the rules alone: no language model and no tagger."""
        engines = replace(engines, back_translator=None, round_trips=())
        if not learned:
            engines = replace(engines, fluency=None, tagger=None)
        self.name = "mtcheck" if learned else "rules alone"
        self.signature = f"{pipeline.signature(engines, settings)} ; rules:{rules_digest()}".replace(" ; ", ", ")
        self._engines, self._settings = engines, settings

    def flags(self, document: Document) -> list[Finding]:
        """As :meth:`System.flags`."""
        article = detection.analyse(document, self._engines)
        found = detection.find(article, self._engines, self._settings)
        return [finding for finding in found if finding.severity is not Severity.NEUTRAL]


def rules_digest() -> str:
    """Twelve digits that differ whenever a rule or a table of the rules does."""
    digest = hashlib.sha256()
    for path in sorted(Path(detectors.__file__).parent.rglob("*")):
        if path.suffix in (".py", ".tsv"):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


class Everything:
    """Flags every word: what precision is worth where much is marked."""

    name = "everything"
    signature = f"everything:{__version__}"
    timed = False

    def flags(self, document: Document) -> list[Finding]:
        """As :meth:`System.flags`."""
        return [
            finding(segment.seg_id, span, self.name)
            for segment in document.segments
            for span in whitespace_words(segment.hypothesis)
        ]


class Surprisal:
    """Flags words that a language model did not expect, above one cut: the best MCC on the development articles."""

    name = "surprisal"
    timed = False  # the model's answers are shared with the systems before it

    def __init__(self, model: FluencyModel, dev: Part) -> None:
        """Choose the cut on ``dev``, among the quantiles .50 to .99 of its surprisals."""
        self._model = model
        scored = [(text, self._scores(text.document)) for text in dev.texts]
        values = [value for _, segments in scored for words in segments for _, value in words]

        def mcc(cut: float) -> float:
            counts = sum(
                segment_counts(words, marks, [span for span, value in found if value >= cut], all_marks=False)
                for text, segments in scored
                for words, marks, found in zip(text.words, text.marks, segments, strict=True)
            )
            return float(WORD_METRICS[0].value(totals(np.asarray(counts)))[()])

        self._cut = max(np.quantile(values, np.linspace(0.5, 0.99, 50)).tolist(), key=mcc)
        self.signature = f"{model.signature}|cut:{self._cut:.2f} nats, best word MCC on {dev.name}"

    def _scores(self, document: Document) -> Sequence[list[tuple[Span, float]]]:
        texts = [segment.hypothesis for segment in document.segments]
        return [[(span, -value) for span, value in words] for words in self._model.word_log_probs(texts)]

    def flags(self, document: Document) -> list[Finding]:
        """As :meth:`System.flags`."""
        return [
            finding(segment.seg_id, span, self.name)
            for segment, words in zip(document.segments, self._scores(document), strict=True)
            for span, value in words
            if value >= self._cut
        ]
