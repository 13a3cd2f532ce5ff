"""An instruct model's rewritings, taken apart: it mends much and invents more, so only its single edits are used."""

from __future__ import annotations

from collections.abc import Sequence

from mtcheck.alternatives import ProposedEdit
from mtcheck.engines import Progress, Rewriter
from mtcheck.prose_diff import word_edits
from mtcheck.schema import Segment, Span

GENERATOR = "rewrite"


def edits(segments: Sequence[Segment], rewriter: Rewriter, progress: Progress | None = None) -> list[ProposedEdit]:
    """The edits that lead from each segment to what the model would print, its source before it where there is one."""
    texts = [segment.hypothesis.replace("\n", " ") for segment in segments]
    outputs = rewriter.rewrite(texts, [segment.source for segment in segments], progress)
    return [
        ProposedEdit(segment.seg_id, Span(edit.start, edit.end), edit.replacement, GENERATOR, group=1)
        for segment, text, output in zip(segments, texts, outputs, strict=True)
        if output
        for edit in word_edits(text, output)
    ]
