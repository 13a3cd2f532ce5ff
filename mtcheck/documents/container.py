"""Formats whose file is not itself the article's text: units of text are read out of it, and changes put back.

A format says which units of running text its file holds and how to rewrite some of them in place; segmentation, places
in the file and edits are the same for all and stand here. ``Document.text`` is the units, one after the other; the file
itself travels along in ``Document.container``.
"""

from __future__ import annotations

import dataclasses
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from mtcheck.schema import Comment, Document, Edit, Gap, Place, Revision, Segment, Span
from mtcheck.segmentation import Passage, segments

_BETWEEN = "\n"


@dataclass(frozen=True, slots=True)
class Unit:
    """A run of text that sentences do not leave: a paragraph, a table cell, a subtitle, the target of a trans-unit.

    text: what a reader sees, markup and escapes resolved; line, column: where it begins in the file, from 1.
    source: its original, in bilingual formats; such a unit is one segment, as the translator sees it.
    breaks: places in ``text`` of hidden inline markup, which no edit may swallow. protected: ranges no edit may touch.
    places: where later parts of it stand in the file, by offset in ``text``, where columns do not just count on.
    """

    text: str
    line: int = 1
    column: int = 1
    source: str | None = None
    breaks: tuple[int, ...] = ()
    protected: tuple[Span, ...] = ()
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """Replace ``text[start:end]`` of one unit; comment: why, for formats that show changes to people."""

    start: int
    end: int
    replacement: str
    comment: str = ""


Changes = Mapping[int, Sequence[Change]]
"""The changes of each unit that has any, by its number from 0; in order, disjoint."""


@dataclass(frozen=True, slots=True)
class ContainerFormat:
    """A format made of units.

    units: the units of a file, in order, the same each time; its second argument names the file for InputError.
    rewrite: the file with changes made and every other byte of its content kept.
    annotate: the same with every change shown as the format's own tools show changes (tracked, commented), if they do.
    comments: the file's remarks to mtcheck; what each is about is a range of unit numbers.
    """

    name: str
    suffixes: tuple[str, ...]
    units: Callable[[bytes, str], Sequence[Unit]]
    rewrite: Callable[[bytes, Changes], bytes]
    annotate: Callable[[bytes, Changes], bytes] | None = None
    comments: Callable[[bytes], Sequence[Comment]] = lambda data: ()
    in_folders: bool = True

    def parse(self, data: bytes | str, doc_id: str) -> Document:
        """Read the units and cut them into segments. Raises InputError for a file that is not of this format."""
        raw = data.encode() if isinstance(data, str) else data
        units = self.units(raw, doc_id)
        starts = _starts(units)
        found: list[Segment] = []
        for unit, start in zip(units, starts, strict=True):
            found += _segments(unit, start, len(found))
        places = tuple(place for unit, start in zip(units, starts, strict=True) for place in _places(unit, start))
        text = _BETWEEN.join(unit.text for unit in units)
        comments = tuple(_about(comment, [*starts, len(text) + 1]) for comment in self.comments(raw))
        return Document(doc_id, text, tuple(found), format=self.name, comments=comments, container=raw, places=places)

    def write(self, document: Document, edits: Iterable[Edit]) -> bytes:
        """The file with the edits made. Raises ValueError as ``Document.apply``."""
        return self._write(document, [Revision(edit) for edit in edits], self.rewrite)

    def write_annotated(self, document: Document, revisions: Sequence[Revision]) -> bytes | None:
        """The file with the revisions shown; None when the format has no way to show them."""
        return self._write(document, revisions, self.annotate) if self.annotate else None

    def _write(
        self, document: Document, revisions: Sequence[Revision], make: Callable[[bytes, Changes], bytes]
    ) -> bytes:
        document.apply(revision.edit for revision in revisions)  # refuses what overlaps or swallows markup
        if not revisions:
            return document.container
        starts = _starts(self.units(document.container, document.doc_id))
        changes: defaultdict[int, list[Change]] = defaultdict(list)
        for revision in revisions:
            edit = revision.edit
            raw = document.segments[edit.seg_id].raw_span(edit.span)
            number = bisect_right(starts, raw.start) - 1
            start, end = raw.start - starts[number], raw.end - starts[number]
            changes[number].append(Change(start, end, edit.replacement, revision.comment))
        for mine in changes.values():
            mine.sort(key=lambda change: (change.start, change.end))
        return make(document.container, changes)


def _starts(units: Sequence[Unit]) -> list[int]:
    """Where each unit begins in ``Document.text``."""
    return list(accumulate((len(unit.text) + len(_BETWEEN) for unit in units[:-1]), initial=0)) if units else []


def _places(unit: Unit, start: int) -> Iterator[Place]:
    yield Place(start, unit.line, unit.column)
    yield from (Place(start + place.offset, place.line, place.column) for place in unit.places)


def _about(comment: Comment, starts: Sequence[int]) -> Comment:
    """The comment, about a range of ``Document.text``; starts: of each unit, and where one more would begin."""
    return dataclasses.replace(comment, about=Span(starts[comment.about.start], starts[comment.about.end]))


def _segments(unit: Unit, start: int, first: int) -> list[Segment]:
    """The sentences of a unit; one with a source is a segment, unless it is too long: its pieces have no source."""
    offsets = range(start, start + len(unit.text))
    made = segments([Passage(unit.text, offsets, unit.protected)], whole=unit.source is not None)
    source = unit.source if len(made) == 1 else None
    found = []
    for segment in made:
        at = segment.start - start
        gaps = tuple(Gap(b - at, 0) for b in unit.breaks if at < b < at + len(segment.hypothesis))
        placed = dataclasses.replace(segment, seg_id=first + segment.seg_id, gaps=gaps)
        found.append(dataclasses.replace(placed, source=source, own_source=source is not None))
    return found
