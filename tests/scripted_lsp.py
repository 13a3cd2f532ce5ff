"""The language server with scripted models, which need no weights: run as ``python -m tests.scripted_lsp``.

Its models flag every "awkward" as low-fluency and reword it as "smooth". They dawdle over a text that says "slowly",
for a second or until they are stopped, and fail at one that says "broken".
"""

from __future__ import annotations

import os
import time

import mtcheck.lsp
import mtcheck.lsp.server
from mtcheck import pipeline
from mtcheck.errors import ModelError
from mtcheck.schema import (
    Alternative,
    Applicability,
    Decision,
    Document,
    Finding,
    Proposal,
    Review,
    Score,
    Severity,
    Span,
)
from mtcheck.settings import Settings


class ScriptedModels:
    def findings(
        self, document: Document, settings: Settings, progress: pipeline.Progress
    ) -> tuple[list[Finding], tuple[str, ...]]:
        print("models are chatty")
        if "broken" in document.text:
            raise ModelError("the weights are gone", repair="fetch them")
        for tenth in range(10 if "slowly" in document.text else 0):
            progress("reading", tenth, 10)
            time.sleep(0.1)
        return [_finding(seg_id, at) for seg_id, at in _awkward(document)], ("no tagger here",)

    def review(self, document: Document, settings: Settings, progress: pipeline.Progress) -> Review:
        progress("back-translate", 1, 2)
        proposals = tuple(_proposal(seg_id, at) for seg_id, at in _awkward(document))
        return Review(document, proposals, tuple(Decision(0, "auto", "") for _ in proposals), "scripted")


def _awkward(document: Document) -> list[tuple[int, int]]:
    return [(s.seg_id, s.hypothesis.index("awkward")) for s in document.segments if "awkward" in s.hypothesis]


def _finding(seg_id: int, at: int) -> Finding:
    return Finding("low-fluency", "fluency", Severity.MAJOR, seg_id, Span(at, at + 7), "stumbles", 0.8)


def _proposal(seg_id: int, at: int) -> Proposal:
    scores = (Score("meaning.chrF2++", 91.2, "scripted", True), Score("fluency.gain", 3.4, "scripted", True))
    return Proposal(
        _finding(seg_id, at),
        Span(at, at + 7),
        (
            Alternative("awkward", ("original",), Applicability.SAFE, "Неуклюжая фраза."),
            Alternative("smooth", ("post-editor",), Applicability.REVIEW, "Гладкая фраза.", scores),
        ),
    )


if __name__ == "__main__":
    mtcheck.lsp.server.Models = ScriptedModels  # type: ignore[assignment,misc]
    os._exit(mtcheck.lsp.serve(fast=False))
