"""What every format made of units shares: segments, places in the file, edits put back into their units."""

from __future__ import annotations

import pytest

from mtcheck.documents.container import Change, Changes, ContainerFormat, Unit
from mtcheck.schema import Comment, Edit, Place, Revision, Span


def units(data: bytes, where: str) -> list[Unit]:
    """One unit a line; ``source|target`` makes it bilingual and ``^`` is hidden markup."""
    made = []
    for number, line in enumerate(data.decode().split("\n"), 1):
        source, bar, target = line.rpartition("|")
        breaks = tuple(i - n for n, i in enumerate(i for i, char in enumerate(target) if char == "^"))
        made.append(Unit(target.replace("^", ""), number, len(source + bar) + 1, source if bar else None, breaks))
    return made


def rewrite(data: bytes, changes: Changes) -> bytes:
    return repr({n: [(c.start, c.end, c.replacement, c.comment) for c in mine] for n, mine in changes.items()}).encode()


FORM = ContainerFormat("lines", (".lines",), units, rewrite)
DATA = "He came. She went.\nОн ушёл.|He left. Then rain.\nIn bo^ld type.".encode()


def test_a_unit_without_source_is_cut_into_sentences_and_one_with_source_is_not() -> None:
    document = FORM.parse(DATA, "a.lines")
    assert [s.hypothesis for s in document.segments] == [
        "He came.",
        "She went.",
        "He left. Then rain.",
        "In bold type.",
    ]
    assert [s.source for s in document.segments] == [None, None, "Он ушёл.", None]
    assert [s.seg_id for s in document.segments] == [0, 1, 2, 3]


def test_places_are_those_of_the_file() -> None:
    document = FORM.parse(DATA, "a.lines")
    assert [document.line_column(s.start) for s in document.segments] == [(1, 1), (1, 10), (2, 10), (3, 1)]


def test_edits_come_back_to_their_units() -> None:
    document = FORM.parse(DATA, "a.lines")
    edits = [Edit(2, Span(3, 7), "went"), Edit(1, Span(0, 3), "He")]
    assert FORM.write(document, edits) == b"{1: [(3, 7, 'went', '')], 0: [(9, 12, 'He', '')]}"
    assert document.apply(edits).split("\n")[1] == "He went. Then rain."


def test_no_edits_give_the_same_bytes() -> None:
    assert FORM.write(FORM.parse(DATA, "a.lines"), []) == DATA


def test_an_edit_over_hidden_markup_is_refused() -> None:
    with pytest.raises(ValueError, match="markup"):
        FORM.write(FORM.parse(DATA, "a.lines"), [Edit(3, Span(3, 7), "plain")])


def test_revisions_are_shown_only_where_the_format_can() -> None:
    document, revisions = FORM.parse(DATA, "a.lines"), [Revision(Edit(0, Span(0, 2), "She"), "why")]
    assert FORM.write_annotated(document, revisions) is None
    showing = ContainerFormat("lines", (".lines",), units, rewrite, annotate=rewrite)
    assert showing.write_annotated(document, revisions) == b"{0: [(0, 2, 'She', 'why')]}"


def test_change_is_ordered_by_place() -> None:
    document = FORM.parse(DATA, "a.lines")
    made = FORM.write(document, [Edit(1, Span(0, 3), "B"), Edit(0, Span(0, 2), "A")])
    assert made == b"{0: [(0, 2, 'A', ''), (9, 12, 'B', '')]}"
    assert Change(0, 2, "A").comment == ""


def test_places_within_a_unit_and_remarks_about_units() -> None:
    parted = [Unit("He came. She left.", 2, 5, places=(Place(9, 3, 1),)), Unit("Then rain.", 7)]
    remarks = (Comment("mtcheck: allow style", 6, Span(1, 2)), Comment("mtcheck: allow style", 9, Span(2, 2)))
    form = ContainerFormat("parted", (".parted",), lambda data, where: parted, rewrite, comments=lambda data: remarks)
    document = form.parse(b"x", "a.parted")
    assert [document.line_column(s.start) for s in document.segments] == [(2, 5), (3, 1), (7, 1)]
    assert [document.text[c.about.start : c.about.end] for c in document.comments] == ["Then rain.", ""]
