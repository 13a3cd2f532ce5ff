"""The source translated anew: where another translation of it differs from the hypothesis, it may be the better one."""

from __future__ import annotations

from collections.abc import Sequence

from mtcheck.alternatives import ProposedEdit
from mtcheck.engines import Progress, Translator
from mtcheck.prose_diff import word_edits
from mtcheck.schema import Segment, Span

GENERATOR = "from-source"


def edits(
    segments: Sequence[Segment], translator: Translator, n_best: int, progress: Progress | None = None
) -> list[ProposedEdit]:
    """The edits that lead from each segment whose source is known to each of its ``n_best`` translations."""
    known = [(segment, segment.source) for segment in segments if segment.source]
    outputs = translator.translate([source for _, source in known], n_best, progress)
    return [
        ProposedEdit(segment.seg_id, Span(edit.start, edit.end), edit.replacement, GENERATOR, group=rank)
        for (segment, _), best in zip(known, outputs, strict=True)
        for rank, hypothesis in enumerate(best, start=1)
        for edit in word_edits(segment.hypothesis.replace("\n", " "), hypothesis.text)
    ]
