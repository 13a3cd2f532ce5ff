"""Round trips: translate the segment into another language and back, and take the result apart into edits.

A round trip often repairs what was translated too literally, and as often breaks something else
(names, quotes, negation), so only its single edits are used, never its sentence.
"""

from __future__ import annotations

from collections.abc import Sequence

from mtcheck.alternatives import ProposedEdit
from mtcheck.engines.pivot import RoundTrip
from mtcheck.prose_diff import word_edits
from mtcheck.schema import Segment, Span


def edits(segments: Sequence[Segment], round_trip: RoundTrip, n_best: int) -> list[ProposedEdit]:
    """The edits that lead from each segment to each of its ``n_best`` round trips."""
    texts = [segment.hypothesis.replace("\n", " ") for segment in segments]
    generator = f"round-trip:{round_trip.pivot_lang}"
    return [
        ProposedEdit(segment.seg_id, Span(edit.start, edit.end), edit.replacement, generator, group=rank + 1)
        for segment, text, outputs in zip(segments, texts, round_trip(texts, n_best), strict=True)
        for rank, output in enumerate(outputs)
        for edit in word_edits(text, output.text)
    ]
