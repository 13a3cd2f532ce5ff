"""What a Word document says, as its reader sees it.

Read are the body with its tables, text boxes, links and content controls, then footnotes, endnotes, headers and
footers. What earlier tracked changes deleted, hidden text, field codes, tables of contents and placeholders of empty
controls are no text. Results of other fields, and of controls that offer a choice, are text that nobody edits by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, Literal

from mtcheck.documents.docx_lines import CHARACTERS, Holder, Line, Piece, shown
from mtcheck.documents.docx_names import ancestors, child, is_on, name_of, value
from mtcheck.documents.docx_package import Package

Reading = Literal["instruction", "text", "fixed", "skipped"]

_MARKERS = re.compile(
    r"|pPr|rPr|\w+Pr|proofErr|lastRenderedPageBreak|delText|delInstrText|annotationRef|commentReference|"
    r"bookmark(Start|End)|perm(Start|End)|\w+Range(Start|End)|del|moveFrom"
)
"""Elements that neither hold nor separate text, or hold what is no longer text."""
_BLOCKS = frozenset(("tbl", "tr", "tc", "customXml", "ins", "moveTo", "sdtContent"))
_AROUND_RUNS = frozenset(("ins", "moveTo", "smartTag", "customXml", "sdtContent"))
_LINKS = frozenset(("hyperlink", "bdo", "dir"))
"""Elements around runs over whose borders no edit may reach."""
_UNSEEN = frozenset("lang noProof rPrChange szCs bCs iCs kern spacing w snapToGrid webHidden ins del cs rtl".split())
"""Properties of runs that a reader of English hardly sees, or not at all: no reason to refuse an edit."""
_EDITABLE_FIELDS = frozenset(("HYPERLINK", "FORMTEXT"))
_SKIPPED_FIELDS = frozenset(("TOC", "INDEX", "TOA", "BIBLIOGRAPHY", "RD", "TC", "XE", "TA"))
_FIXED_CONTROLS = frozenset(
    ("dropDownList", "comboBox", "date", "dataBinding", "citation", "picture", "w14:checkbox", "bibliography")
)
_LOWER = re.compile(r"[“«\"'‘(\[]?[^\W\d_A-ZА-ЯЁ]")
_ENDED = re.compile(r"[.!?…:;][”»\"’')\]]*\s*$")
_WORDS_OF_PROSE = 3
"""So many words, less those of fields, make prose of a header or footer."""


def lines(package: Package) -> list[Line]:
    """Every line of the document that holds text, in the order that the module's first paragraph tells."""
    main = package.root(package.main)
    body = child(main, "body")
    found = list(_Reader(package.main).paragraphs(body if body is not None else ()))
    for kind in ("footnote", "endnote"):
        marks = {value(mark, "id"): mark for mark in _present(main, f"{kind}Reference")}
        for part in package.related(f"{kind}s"):
            notes = {value(note, "id"): note for note in package.root(part) if name_of(note) == kind}
            for number in (number for number in marks if number in notes):
                found += _Reader(part, marks[number]).paragraphs(notes[number])
    margin = next((one for one in _present(main, "t") if "txbxContent" not in ancestors(one)), None)
    for part in (*package.related("header"), *package.related("footer")):
        found += filter(_is_prose, _Reader(part, margin).paragraphs(package.root(part)))
    return [replace(line, number=number) for number, paragraph in enumerate(found, 1) for line in paragraph]


def _present(root: Any, name: str) -> Iterator[Any]:
    """The elements of a name that no tracked change deleted, less those kept for old programs."""
    for element in root.iter("{*}" + name):
        if name_of(element) == name and not {"del", "moveFrom", "mc:Fallback"}.intersection(ancestors(element)):
            yield element


def _is_prose(paragraph: tuple[Line, ...]) -> bool:
    written = " ".join(piece.text for line in paragraph for piece in line.pieces if not piece.is_fixed)
    return sum(any(map(str.isalpha, one)) for one in written.split()) >= _WORDS_OF_PROSE


@dataclass(slots=True)
class _Opened:
    """A field or control whose content is being read; code: the field's."""

    holder: Holder
    reading: Reading
    code: str = ""
    is_field: bool = False


@dataclass
class _Reader:
    """Reads one story (body, note, header, text box); its fields may run over several paragraphs.

    stretch: counts what stands between pieces and is seen but is no text. boxes: what may hold text boxes.
    """

    part: str
    anchor: Any | None = None
    opened: list[_Opened] = field(default_factory=list)
    links: list[int] = field(default_factory=list)
    stretch: int = 0
    pieces: list[Piece] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    ordinals: Iterator[int] = field(default_factory=count)

    def paragraphs(self, element: Any) -> Iterator[tuple[Line, ...]]:
        """The lines of each paragraph in an element, a text box after the paragraph that it belongs to."""
        for one in element:
            name = name_of(one)
            if name != "p" and not _MARKERS.fullmatch(name):
                yield from self._flushed()
            if name == "p":
                self._inline(one)
                if child(one, "pPr", "rPr", "del") is None:  # else the text goes on in the next paragraph
                    yield from self._flushed()
            elif name == "sdt":
                with self._control(one):
                    yield from self.paragraphs(one)
            elif name == "mc:AlternateContent":
                yield from self.paragraphs(_branches(one)[0])
            elif name in _BLOCKS and child(one, "trPr", "del") is None:
                yield from self.paragraphs(one)
        yield from self._flushed()

    def _flushed(self) -> Iterator[tuple[Line, ...]]:
        pieces, self.pieces = tuple(self.pieces), []
        boxes, self.boxes = self.boxes, []
        if made := tuple(line for line in _lines(pieces, self.part, self.anchor) if line.text.strip()):
            yield made
        for box in boxes:
            yield from _box(box, self.part, box if self.anchor is None else self.anchor)

    def _inline(self, element: Any) -> None:
        """Read what stands in a paragraph, or in an element of one, besides runs."""
        for one in element:
            name = name_of(one)
            if name == "r":
                self._run(one)
            elif name in _AROUND_RUNS:
                self._inline(one)
            elif name in _LINKS:
                with self._linked():
                    self._inline(one)
            elif name == "fldSimple":
                with self._linked(), self._open(_Opened(Holder(one, one), _reading(value(one, "instr")))):
                    self._inline(one)
            elif name == "sdt":
                with self._linked(), self._control(one):
                    self._inline(one)
            elif name == "mc:AlternateContent":
                self._inline(_branches(one)[0])
            elif not _MARKERS.fullmatch(name):
                self.stretch += 1

    def _run(self, run: Any) -> None:
        properties = child(run, "rPr")
        if is_on(child(run, "rPr", "vanish")):
            self.stretch += 1
            return
        look = _look(properties)
        for one in run:
            name = name_of(one)
            if name == "t" or name in CHARACTERS:
                self._add(shown(one), one, look)
            elif name == "fldChar":
                self._field(value(one, "fldCharType"), run)
            elif name == "instrText":
                if self.opened:
                    self.opened[-1].code += one.text or ""
            elif not _MARKERS.fullmatch(name):
                self.stretch += 1
                self.boxes.append(one)

    def _add(self, text: str, element: Any, look: tuple[Any, ...]) -> None:
        readings = {one.reading for one in self.opened}
        if readings <= {"text", "fixed"}:
            holder = next((one.holder for one in self.opened if one.reading == "fixed"), None)
            place = (look, tuple(self.links), self.stretch)
            self.pieces.append(Piece(text, element, place, bool(self.links), holder))

    def _field(self, mark: str, run: Any) -> None:
        """Begin, separate or end a field: ECMA-376 part 1, 17.16.18."""
        self.stretch += 1
        if mark == "begin":
            self.opened.append(_Opened(Holder(run, run), "instruction", is_field=True))
            self.links.append(next(self.ordinals))
        elif self.opened and self.opened[-1].is_field:
            current = self.opened[-1]
            current.holder.last = run
            if mark == "separate":
                current.reading = _reading(current.code)
            else:
                self.opened.pop()
                self.links.pop()

    @contextmanager
    def _linked(self) -> Iterator[None]:
        self.links.append(next(self.ordinals))
        yield
        self.links.pop()

    @contextmanager
    def _open(self, one: _Opened) -> Iterator[None]:
        depth = len(self.opened)
        self.opened.append(one)
        yield
        del self.opened[depth : depth + 1]

    @contextmanager
    def _control(self, control: Any) -> Iterator[None]:
        """A content control: ECMA-376 part 1, 17.5.2."""
        properties = child(control, "sdtPr")
        names = {name_of(one) for one in properties} if properties is not None else set()
        lock = child(control, "sdtPr", "lock")
        is_locked = lock is not None and value(lock) in ("contentLocked", "sdtContentLocked")
        reading: Reading = "fixed" if is_locked or names & _FIXED_CONTROLS else "text"
        if is_on(child(control, "sdtPr", "showingPlcHdr")):
            reading = "skipped"
        with self._open(_Opened(Holder(control, control), reading)):
            yield


def _reading(code: str) -> Reading:
    name = next(iter(code.split()), "").upper()
    return "text" if name in _EDITABLE_FIELDS else "skipped" if name in _SKIPPED_FIELDS else "fixed"


def _look(properties: Any | None) -> tuple[Any, ...]:
    """The formatting that a reader of English sees, as something to compare."""
    return tuple(sorted(filter(None, map(_seen, properties)))) if properties is not None else ()


def _seen(element: Any) -> tuple[Any, ...]:
    name, attributes = name_of(element), sorted(element.attrib.items())
    if name == "rFonts":  # for Latin letters; the others say what Cyrillic or Chinese would look like
        attributes = [one for one in attributes if re.search(r"\}(ascii|hAnsi)", one[0])]
    if name in _UNSEEN or (name == "rFonts" and not attributes):
        return ()
    return name, tuple(attributes), tuple(filter(None, map(_seen, element)))


def _branches(alternatives: Any) -> list[Any]:
    """The branches of mc:AlternateContent, the one to read first: the first that holds paragraphs or runs."""
    found = [one for one in alternatives if name_of(one) in ("mc:Choice", "mc:Fallback")]
    found.sort(key=lambda branch: not any(name_of(one) in ("p", "r") for one in branch.iter()))
    return found or [()]


def _box(element: Any, part: str, anchor: Any) -> Iterator[tuple[Line, ...]]:
    """The paragraphs of the text boxes in an element; what Word keeps beside them for old programs are their twins."""
    if name_of(element) == "mc:AlternateContent":
        first, *others = ([p for one in branch for p in _box(one, part, anchor)] for branch in _branches(element))
        others = [other for other in others if _texts(other) == _texts(first)]
        for at, paragraph in enumerate(first):
            twins = [other[at] for other in others]
            yield tuple(replace(line, twins=tuple(twin[n] for twin in twins)) for n, line in enumerate(paragraph))
    elif name_of(element) == "txbxContent":
        yield from _Reader(part, anchor).paragraphs(element)
    else:
        for one in element:
            yield from _box(one, part, anchor)


def _texts(paragraphs: list[tuple[Line, ...]]) -> list[list[str]]:
    return [[line.text for line in paragraph] for paragraph in paragraphs]


def _lines(pieces: tuple[Piece, ...], part: str, anchor: Any | None) -> Iterator[Line]:
    """The pieces parted at line breaks, except where a sentence goes on in lower case after one."""
    start, column, at = 0, 1, 0
    for number, piece in enumerate(pieces):
        at += len(piece.text)
        if piece.text == "\n" and not _goes_on(piece, pieces[start:number], pieces[number + 1 :]):
            yield Line(pieces[start:number], part, anchor, column=column)
            start, column = number + 1, at + 1
    yield Line(pieces[start:], part, anchor, column=column)


def _goes_on(line_break: Piece, before: tuple[Piece, ...], after: tuple[Piece, ...]) -> bool:
    if value(line_break.element, "type") in ("page", "column"):
        return False
    left, right = ("".join(piece.text for piece in side) for side in (before, after))
    return bool(left.strip() and _LOWER.match(right.lstrip()) and not _ENDED.search(left))
