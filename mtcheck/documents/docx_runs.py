"""Runs of a Word document: written into, parted, made like another."""

from __future__ import annotations

import copy
import re
from typing import Any

from mtcheck.documents.docx_lines import Line, Piece, shown
from mtcheck.documents.docx_names import SPACE, child, name_of, word

_CHARACTER = re.compile(r"([\t\n])")
_ELEMENTS = {"\t": "tab", "\n": "br"}


def write(element: Any, text: str) -> None:
    """Put a text in the place of a w:t's; its tabs and line breaks become elements behind it."""
    first, *others = _CHARACTER.split(text)
    _set(element, first)
    for part in filter(None, others):
        following = element.makeelement(word(element, _ELEMENTS.get(part, "t")))
        if part not in _ELEMENTS:
            _set(following, part)
        element.addnext(following)
        element = following


def like(run: Any, text: str) -> Any:
    """A run of the same formatting that holds a text."""
    made = run.makeelement(run.tag)
    properties = child(run, "rPr")
    if properties is not None:
        made.append(copy.deepcopy(properties))
        if (change := child(made, "rPr", "rPrChange")) is not None:
            made[0].remove(change)  # it tells who formatted the other run
    element = made.makeelement(word(run, "t"))
    made.append(element)
    write(element, text)
    return made


def cut_after(piece: Piece, length: int) -> Any:
    """Part a run behind so many characters of a piece: the run that ends there."""
    if length < len(shown(piece.element)):
        _cut_text(piece.element, length)
    _part([*piece.element.itersiblings()])
    return piece.run


def cut_before(piece: Piece, length: int) -> Any:
    """Part a run behind so many characters of a piece: the run that begins there."""
    first = _cut_text(piece.element, length) if length else piece.element
    if all(name_of(one) == "rPr" for one in first.itersiblings(preceding=True)):
        return first.getparent()
    _part([first, *first.itersiblings()])
    return first.getparent()


def spot(line: Line, at: int) -> tuple[Piece, int]:
    """The piece to write into, or beside, at an offset of a line, and where in it.

    What is inserted looks like the text before it, except behind a link, a field or a tab, where it joins what follows.
    """
    left = next(((piece, at - start) for start, piece in line.placed if start < at <= start + len(piece.text)), None)
    right = next(((piece, 0) for start, piece in line.placed if start >= at and piece.text), None)
    if left and (left[1] < len(left[0].text) or not right):
        return left
    if left and right:
        liked = (left, right) if right[0].is_linked or not left[0].is_linked else (right, left)
        return next((one for one in liked if one[0].is_editable), left)
    assert right  # a line without text is none
    return right


def outside(piece: Piece, *, behind: bool) -> Any:
    """The element among runs behind, or before, which something written beside an uneditable piece has its place."""
    if piece.holder:
        edge = piece.holder.last if behind else piece.holder.first
        if _paragraph(edge) is _paragraph(piece.run):
            return edge
    return cut_after(piece, len(piece.text)) if behind else cut_before(piece, 0)


def _paragraph(element: Any) -> Any:
    return next((one for one in element.iterancestors() if name_of(one) == "p"), None)


def _set(element: Any, text: str) -> None:
    element.text = text
    if text != text.strip():
        element.set(SPACE, "preserve")


def _cut_text(element: Any, length: int) -> Any:
    """Part a w:t: the new one, with the rest of the text."""
    text, rest = shown(element), element.makeelement(element.tag)
    _set(rest, text[length:])
    _set(element, text[:length])
    element.addnext(rest)
    return rest


def _part(moved: list[Any]) -> None:
    """Move the last children of a run into a new run behind it, of the same formatting."""
    if not moved:
        return
    run = moved[0].getparent()
    made, properties = run.makeelement(run.tag, dict(run.attrib)), child(run, "rPr")
    if properties is not None:
        made.append(copy.deepcopy(properties))
    made.extend(moved)
    run.addnext(made)
