"""Changes made in a Word document's lines: plainly, or as tracked changes that a person accepts or rejects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from mtcheck.documents.container import Change
from mtcheck.documents.docx_lines import Line, Piece
from mtcheck.documents.docx_names import name_of, word
from mtcheck.documents.docx_runs import cut_after, cut_before, like, outside, spot, write
from mtcheck.prose_diff import TextEdit, readable_edits

_INSERTIONS = frozenset(("ins", "moveTo"))


def word_edits(line: Line, change: Change) -> list[TextEdit]:
    """The change as edits of whole words, less the words that it leaves as they are.

    Raises ValueError when one would touch what is protected, such as a field.
    """
    found = readable_edits(line.text[change.start : change.end], change.replacement)
    edits = [TextEdit(change.start + one.start, change.start + one.end, one.replacement) for one in found]
    for edit in edits:
        if edit.start < edit.end and any(edit.start < kept.end and kept.start < edit.end for kept in line.protected):
            raise ValueError(f"edit {edit} would touch a field, a tab or a line break")
    return edits


def make(line: Line, edits: Sequence[TextEdit]) -> None:
    """Write the edits (in order, disjoint) into the texts of the line; what is inserted looks like what it replaces."""
    texts = [piece.text for piece in line.pieces]
    for edit in reversed(edits):
        hit = _hit(line, edit)
        written = edit.replacement
        for at, start, piece in hit:
            if piece.is_editable:
                head, tail = (
                    texts[at][: max(0, edit.start - start)],
                    texts[at][min(edit.end - start, len(piece.text)) :],
                )
                texts[at], written = head + written + tail, ""
        if written:
            _insert(line, edit.start, written, texts)
        for _, _, piece in hit:
            if not piece.is_editable:  # a hyphen of a word that goes
                piece.run.remove(piece.element)
    for piece, text in zip(line.pieces, texts, strict=True):
        if text != piece.text:
            write(piece.element, text)


def _insert(line: Line, at: int, text: str, texts: list[str]) -> None:
    piece, offset = spot(line, at)
    if piece.takes(offset):
        number = next(n for n, one in enumerate(line.pieces) if one is piece)
        texts[number] = texts[number][:offset] + text + texts[number][offset:]
    elif offset:
        outside(piece, behind=True).addnext(like(piece.run, text))
    else:
        outside(piece, behind=False).addprevious(like(piece.run, text))


def _hit(line: Line, edit: TextEdit) -> list[tuple[int, int, Piece]]:
    """Number, offset and piece of everything that an edit replaces a part of, or that stands within it."""
    if edit.start == edit.end:
        return []
    return [
        (number, start, piece)
        for number, (start, piece) in enumerate(line.placed)
        if start < edit.end and edit.start < start + max(len(piece.text), 1) and (piece.text or start > edit.start)
    ]


class Tracker:
    """Makes edits as tracked changes (ECMA-376 part 1, 17.13.5) that stand beside those of earlier authors."""

    def __init__(self, attributes: Callable[[], dict[str, str]]) -> None:
        """``attributes`` gives those of the next tracked change: its id and author, by plain names."""
        self._attributes = attributes
        self._own: list[Any] = []

    def make(self, line: Line, edits: Sequence[TextEdit]) -> tuple[Any, Any]:
        """Make the edits (in order, disjoint, at least one); the first and the last element of what was made."""
        made: list[Any] = []
        for edit in reversed(edits):
            made[:0] = self._make(line, edit)
        return made[0], made[-1]

    def surround(self, first: Any, last: Any, before: Any, behind: Iterable[Any]) -> None:
        """Put an element before the first, and others behind the last, outside of what earlier authors inserted there.

        The first may stay within: LibreOffice 25.8 loses a deletion that is all that is left of an insertion
        (UseJunior/safe-docx, issues 346 and 362).
        """
        around = first.getparent()
        (around if around in self._own else first).addprevious(before)
        for one in behind:
            self._place_behind(last, one)
            last = one

    def _make(self, line: Line, edit: TextEdit) -> list[Any]:
        made = self._delete(line, edit)
        if edit.replacement and made:
            inserted = self._change("ins", like(made[0][0], edit.replacement))
            self._place_behind(made[-1], inserted)
            made.append(inserted)
        elif edit.replacement:
            made.append(self._insert(line, edit))
        for one in made:
            for text in (text for run in one for text in run if name_of(one) == "del" and name_of(text) == "t"):
                text.tag = word(text, "delText")
        return made

    def _delete(self, line: Line, edit: TextEdit) -> list[Any]:
        hit = _hit(line, edit)
        if not hit:
            return []
        (_, start, first), (_, last_start, last) = hit[0], hit[-1]
        cut_after(last, min(edit.end - last_start, len(last.text)))
        runs = [cut_before(first, max(0, edit.start - start)), *(piece.run for _, _, piece in hit[1:])]
        made: list[Any] = []
        for run in dict.fromkeys(runs):
            if made and run.getprevious() is made[-1]:
                made[-1].append(run)
            else:
                deleted = run.makeelement(word(run, "del"))
                run.addprevious(deleted)
                made.append(self._change("del", run, deleted))
        return made

    def _insert(self, line: Line, edit: TextEdit) -> Any:
        piece, offset = spot(line, edit.start)
        inserted = self._change("ins", like(piece.run, edit.replacement))
        if not piece.takes(offset):
            beside = outside(piece, behind=offset > 0)
        else:
            beside = cut_after(piece, offset) if offset else cut_before(piece, 0)
        if offset:
            self._place_behind(beside, inserted)
            return inserted
        while beside.getprevious() in self._own:  # what was inserted here already comes later in the text
            beside = beside.getprevious()
        self._place_before(beside, inserted)
        return inserted

    def _change(self, name: str, run: Any, element: Any | None = None) -> Any:
        made = run.makeelement(word(run, name)) if element is None else element
        for attribute, text in self._attributes().items():
            made.set(word(run, attribute), text)
        made.append(run)
        self._own.append(made)
        return made

    def _place_behind(self, element: Any, new: Any) -> None:
        around = element.getparent()
        if around in self._own:
            self._place_behind(around, new)
        elif name_of(around) not in _INSERTIONS:
            element.addnext(new)
        else:
            if rest := [*element.itersiblings()]:
                other = around.makeelement(around.tag, dict(around.attrib))
                other.set(word(around, "id"), self._attributes()["id"])
                other.extend(rest)
                around.addnext(other)
            self._place_behind(around, new)

    def _place_before(self, element: Any, new: Any) -> None:
        around, previous = element.getparent(), element.getprevious()
        if around in self._own:
            self._place_before(around, new)
        elif name_of(around) not in _INSERTIONS:
            element.addprevious(new)
        elif previous is not None:
            self._place_behind(previous, new)
        else:
            self._place_before(around, new)
