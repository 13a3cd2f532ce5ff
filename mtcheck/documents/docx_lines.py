"""Lines of a Word document's text, in pieces that know the elements they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from mtcheck.documents.docx_names import SPACE, name_of
from mtcheck.schema import Span

CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": ""}
"""Elements that stand for a character. A soft hyphen stands for none: models and rules read the word whole."""
_FIXED = frozenset(("tab", "ptab", "br", "cr"))


def shown(element: Any) -> str:
    """What a reader sees of a w:t, or of an element that stands for a character.

    White space at the edges of a w:t counts only where xml:space says so (ECMA-376 part 1, 17.3.3.31).
    """
    if name_of(element) in CHARACTERS:
        return CHARACTERS[name_of(element)]
    text = re.sub(r"[\t\r\n]", " ", element.text or "")
    spaces = (one.get(SPACE) for one in (element, *element.iterancestors()))
    return text if next(filter(None, spaces), "default") == "preserve" else text.strip(" ")


@dataclass(eq=False, slots=True)
class Holder:
    """A field or a content control: its first and last element among runs, between which nobody writes."""

    first: Any
    last: Any


@dataclass(frozen=True, slots=True)
class Piece:
    """Text of one element (w:t, w:tab and the like).

    look: equal for pieces that one edit may reach over; is_linked: it stands in a link, a field or a control; holder:
    what keeps it from being edited.
    """

    text: str
    element: Any
    look: tuple[Any, ...]
    is_linked: bool = False
    holder: Holder | None = None

    @property
    def run(self) -> Any:
        """The run that the element stands in now."""
        return self.element.getparent()

    @property
    def is_editable(self) -> bool:
        """Whether letters can be written into it."""
        return self.holder is None and name_of(self.element) == "t"

    def takes(self, offset: int) -> bool:
        """Whether text inserted at an offset belongs into it: even into a field, where a sentence ends inside it."""
        return self.is_editable or 0 < offset < len(self.text)

    @property
    def is_fixed(self) -> bool:
        """Whether an edit must leave it."""
        return self.holder is not None or name_of(self.element) in _FIXED


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, or what stands between two line breaks of one.

    number: of the paragraph, of those that hold text, from 1; column: of its first character in the paragraph, from 1.
    part: the member it stands in. anchor: where else in the body Word can show a comment on it, None where it can here.
    twins: the same line in the forms that Word keeps of a text box for old programs.
    """

    pieces: tuple[Piece, ...]
    part: str
    anchor: Any | None = None
    number: int = 0
    column: int = 1
    twins: tuple[Line, ...] = ()

    @property
    def text(self) -> str:
        """What a reader sees."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def placed(self) -> Iterator[tuple[int, Piece]]:
        """Each piece with its offset in the text."""
        at = 0
        for piece in self.pieces:
            yield at, piece
            at += len(piece.text)

    @property
    def breaks(self) -> tuple[int, ...]:
        """Offsets where the look changes."""
        seen = [(at, piece) for at, piece in self.placed if piece.text]
        return tuple(at for (_, left), (at, right) in pairwise(seen) if left.look != right.look)

    @property
    def protected(self) -> tuple[Span, ...]:
        """Ranges that no edit may touch."""
        return tuple(Span(at, at + len(piece.text)) for at, piece in self.placed if piece.text and piece.is_fixed)
