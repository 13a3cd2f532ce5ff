"""What the tests of files of CAT tools share: edits of any kind, and what of a file must outlive them."""

from __future__ import annotations

from pyexpat import ParserCreate

from hypothesis import strategies as st

from mtcheck.documents import parse, write, write_annotated
from mtcheck.schema import Document, Edit, Revision, Span

HEAD = "Head "
"""How the text of every unit begins in property tests; it is never edited, so that no unit becomes empty."""
WORDS = st.sampled_from(["a", "b ", " ", "&", "]", "]]", ">", '"', "'", "\\", "é", "“Ж”", "😀", "%", "\t"])
"""Bits of text that are written with escapes somewhere. No ``<`` and no braces: edits could make codes of them."""
TEXTS = st.lists(WORDS, max_size=8).map("".join)


@st.composite
def edits_of(draw: st.DrawFn, document: Document) -> list[Edit]:
    """Disjoint edits that swallow no markup and touch nothing protected."""
    found: list[Edit] = []
    for segment in document.segments:
        start = len(HEAD) - 1
        while start < len(segment.hypothesis) and draw(st.booleans()):
            first = draw(st.integers(start, len(segment.hypothesis)))
            span = Span(first, draw(st.integers(first, len(segment.hypothesis))))
            start = span.end + 1
            if not segment.crosses_markup(span) and not any(span.overlaps(kept) for kept in segment.protected):
                found.append(Edit(segment.seg_id, span, draw(TEXTS)))
    return found


def assert_written(document: Document, edits: list[Edit]) -> bytes:
    """No edits give the same bytes, and edits what ``Document.apply`` makes of the text; the annotated file, too."""
    assert write(document) == document.container
    written = write(document, edits)
    assert parse(written, document.doc_id, document.format).text == document.apply(edits)
    annotated = write_annotated(document, [Revision(edit, "why & <how>\nnext line") for edit in edits])
    assert annotated is not None
    assert parse(annotated, document.doc_id, document.format).text == document.apply(edits)
    return written


def markup(data: bytes) -> list[object]:
    """Everything of an XML file that is not text, in order: elements, attributes, comments, instructions."""
    found: list[object] = []
    parser = ParserCreate()
    parser.ordered_attributes = True
    parser.StartElementHandler = lambda name, attributes: found.append((name, attributes))
    parser.EndElementHandler = lambda name: found.append(name)
    parser.CommentHandler = lambda text: found.append(("comment", text))
    parser.ProcessingInstructionHandler = lambda target, text: found.append((target, text))
    parser.Parse(data, True)
    return found
