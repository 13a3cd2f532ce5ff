"""What every format made of units owes its files: the same bytes without edits, and edits that come back when read."""

from __future__ import annotations

from hypothesis import strategies as st

from mtcheck.documents import parse, write
from mtcheck.schema import Document, Edit, Span


def drawn_edits(data: st.DataObject, document: Document, replacements: st.SearchStrategy[str]) -> list[Edit]:
    """Some edits, disjoint, of words or letters, none over markup or what is protected; insertions among them."""
    edits = []
    for segment in document.segments:
        done, length = 0, len(segment.hypothesis)
        for _ in range(data.draw(st.integers(0, 2))):
            if done >= length:
                break
            start = data.draw(st.integers(done, length - 1))
            span = Span(start, data.draw(st.integers(start, min(length, start + 6))))
            if segment.crosses_markup(span) or any(span.overlaps(kept) for kept in segment.protected):
                continue
            edits.append(Edit(segment.seg_id, span, data.draw(replacements)))
            done = span.end + 1
    return edits


def assert_round_trip(raw: bytes, format_name: str, data: st.DataObject, replacements: st.SearchStrategy[str]) -> None:
    """No edits give the same bytes; what is written with edits reads as the text with the edits.

    Where a subtitle's text runs on depends on its words, so units are not compared. In HTML white space is not either:
    more of it is seen when an edit takes the one that made it one with what stands behind hidden markup.
    """
    between = "" if format_name == "html" else " "
    document = parse(raw, "x", format_name)
    assert write(document) == raw
    edits = drawn_edits(data, document, replacements)
    again = parse(write(document, edits), "x", format_name).text
    assert between.join(again.split()) == between.join(document.apply(edits).split())
