"""Spans map to raw text exactly, markup and all; edits touch nothing else."""

from __future__ import annotations

import pytest

from mtcheck.schema import Document, Edit, Gap, Segment, Span

RAW = "\ufeffA **bold** word.\r\nNext one."
DOCUMENT = Document(
    "a.md", RAW, (Segment(0, 1, "A bold word.", gaps=(Gap(2, 2), Gap(6, 2))), Segment(1, 19, "Next one."))
)


def test_edits_leave_markup_and_newlines_alone() -> None:
    edits = [Edit(0, Span(0, 1), "The"), Edit(0, Span(2, 6), "calm"), Edit(1, Span(4, 4), " small")]
    assert DOCUMENT.apply(edits) == "\ufeffThe **calm** word.\r\nNext small one."
    assert DOCUMENT.apply([]) == RAW


def test_swallowed_markup_and_overlaps_are_refused() -> None:
    with pytest.raises(ValueError, match="markup"):
        DOCUMENT.apply([Edit(0, Span(0, 4), "x")])
    with pytest.raises(ValueError, match="overlap"):
        DOCUMENT.apply([Edit(1, Span(0, 4), "x"), Edit(1, Span(2, 6), "y")])


def test_lines_and_columns_count_code_points_from_one() -> None:
    document = Document("a", "ab\r\nc\U0001f600d\re\nf", ())
    places = [document.line_column(offset) for offset in (0, 1, 4, 6, 8, 10)]
    assert places == [(1, 1), (1, 2), (2, 1), (2, 3), (3, 1), (4, 1)]


def test_a_raw_offset_finds_its_segment() -> None:
    assert DOCUMENT.segment_at(0) is None
    assert DOCUMENT.segment_at(5) is DOCUMENT.segments[0]
    assert DOCUMENT.segment_at(17) is None
    assert DOCUMENT.segment_at(20) is DOCUMENT.segments[1]


def test_bad_spans_are_refused() -> None:
    with pytest.raises(ValueError, match="not a span"):
        Span(3, 1)
