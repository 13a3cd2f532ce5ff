"""The original and the cleaned article side by side: rows of runs, each run plain or marked with an entry."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from mtcheck.prose_diff import pieces, readable_edits
from mtcheck.reports._entries import Entry
from mtcheck.reports._visible import visible
from mtcheck.schema import Document, Segment, Severity, Span

_NEWLINES = re.compile(r"[\r\n]+")
_EDGES = re.compile(r"^(\s+)|(?<=\S)(\s+)$")
_SENTENCE_END = re.compile(r"[.!?…:;,][\"'”’»)\]]*$")
_LONGEST_TITLE = 160  # code points


@dataclass(frozen=True, slots=True)
class Part:
    """Text of one kind: prose that stays, prose that goes or comes, or markup of the article's format."""

    kind: Literal["same", "deleted", "inserted", "markup"]
    text: str


@dataclass(frozen=True, slots=True)
class Run:
    """Parts that belong to one entry, or to none.

    first: the entry's first run in the row, the one that carries its number. A run without parts is a
    pin: its entry is covered by a graver one, or its wording was deleted.
    """

    entry: Entry | None
    parts: tuple[Part, ...]
    first: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph of the original beside the same paragraph cleaned; ``raw`` rows hold no prose."""

    kind: Literal["title", "prose", "raw"]
    original: tuple[Run, ...]
    cleaned: tuple[Run, ...]
    changed: bool


@dataclass(frozen=True, slots=True, order=True)
class _Claim:
    start: int
    end: int
    number: int
    first: bool


def rows(document: Document, listed: Sequence[Entry]) -> tuple[Row, ...]:
    """The article's paragraphs in order; blank lines are left out."""
    starts = [segment.start for segment in document.segments]
    by_segment: dict[int, list[Entry]] = {}
    for entry in listed:
        by_segment.setdefault(entry.segment.seg_id, []).append(entry)
    made = []
    for span in _paragraphs(document):
        segments = document.segments[bisect_left(starts, span.start) : bisect_left(starts, span.end)]
        mine = [entry for segment in segments for entry in by_segment.get(segment.seg_id, ())]
        made.append(_row(document.text, span, segments, mine))
    return tuple(made)


def _row(text: str, span: Span, segments: Sequence[Segment], mine: Sequence[Entry]) -> Row:
    prose = [piece for segment in segments for piece in _prose(segment)]
    claims, by_number = _claims(mine), {entry.number: entry for entry in mine}
    columns: dict[str, list[Run]] = {"inserted": [], "deleted": []}
    at = span.start
    for claim in [*claims, None]:
        end = claim.start if claim else span.end
        for column in columns.values():
            column += [Run(None, parts)] if (parts := _parts(text, at, end, prose)) else []
        if claim:
            entry, at = by_number[claim.number], claim.end
            for hidden, column in columns.items():
                parts = _change(entry, hidden) if entry.chosen else _parts(text, claim.start, claim.end, prose)
                is_own = claim.start < claim.end or entry.raw.start == entry.raw.end
                column.append(Run(entry, parts if is_own else (), claim.first))
    return Row(
        _kind(segments),
        original=tuple(columns["inserted"]),
        cleaned=tuple(columns["deleted"]),
        changed=any(entry.chosen for entry in mine),
    )


def _paragraphs(document: Document) -> Iterator[Span]:
    """Ranges between line ends that lie outside segments, without white space; prose-free neighbours are one."""
    raw_start: int | None = None
    raw_end = 0
    for start, end, has_prose in _lines(document):
        if not has_prose:
            if document.text[start:end].strip("\ufeff \t"):
                raw_start, raw_end = (start if raw_start is None else raw_start), end
            continue
        if raw_start is not None:
            yield Span(raw_start, raw_end)
            raw_start = None
        yield Span(start, end)
    if raw_start is not None:
        yield Span(raw_start, raw_end)


def _lines(document: Document) -> Iterator[tuple[int, int, bool]]:
    """(start, end, whether it holds a segment) of each line; a segment is never cut."""
    text, start, has_prose, at = document.text, 0, False, 0
    for segment in (*document.segments, None):
        outside = segment.start if segment else len(text)
        for match in _NEWLINES.finditer(text, at, outside):
            yield start, match.start(), has_prose
            start, has_prose = match.end(), False
        if segment:
            has_prose, at = True, segment.raw_span(Span(0, len(segment.hypothesis))).end
    if start < len(text):
        yield start, len(text), has_prose


def _prose(segment: Segment) -> Iterator[Span]:
    """Raw ranges of the segment's hypothesis, hidden markup left out."""
    at = done = 0
    for gap in (*segment.gaps, None):
        end = gap.at if gap else len(segment.hypothesis)
        yield Span(segment.start + done, segment.start + done + end - at)
        done += end - at + (gap.length if gap else 0)
        at = end


def _parts(text: str, start: int, end: int, prose: Sequence[Span]) -> tuple[Part, ...]:
    """The raw range as prose and markup; white space between sentences counts as prose."""
    parts = []
    at = start
    for span in (*prose, Span(end, end)):
        left, right = max(span.start, start), min(span.end, end)
        if right < left:
            continue
        for between in filter(None, _EDGES.split(text[at:left])):
            parts.append(Part("markup" if between.strip() else "same", visible(between)))
        if inside := text[left:right]:
            parts.append(Part("same", visible(inside)))
        at = max(at, right)
    return tuple(parts)


def _change(entry: Entry, hidden: str) -> tuple[Part, ...]:
    """An accepted change as one column shows it: without what only the other column has."""
    replacement = entry.chosen.replacement if entry.chosen else entry.original
    runs = pieces(entry.original, readable_edits(entry.original, replacement))
    return tuple(Part(run.kind, visible(run.text)) for run in runs if run.kind != hidden)


def _claims(mine: Sequence[Entry]) -> list[_Claim]:
    """Disjoint ranges, each of one entry: changes first, then the gravest, then the shortest take the text."""
    grades = list(Severity)
    order = sorted(mine, key=lambda e: (not e.chosen, -grades.index(e.severity), e.raw.end - e.raw.start, e.number))
    claims: list[_Claim] = []
    for entry in order:
        free, at = [], entry.raw.start
        for taken in sorted(claims):
            if taken.end > at and taken.start < entry.raw.end:
                free += [(at, taken.start)] if at < taken.start else []
                at = taken.end
        free += [(at, entry.raw.end)] if at < entry.raw.end else []
        for start, end in free or [(at, at)]:
            claims.append(_Claim(start, end, entry.number, first=(start, end) == (free or [(at, at)])[0]))
    return sorted(claims)


def _kind(segments: Sequence[Segment]) -> Literal["title", "prose", "raw"]:
    if not segments:
        return "raw"
    text = segments[0].hypothesis
    is_title = len(segments) == 1 and len(text) <= _LONGEST_TITLE and not _SENTENCE_END.search(text)
    return "title" if is_title else "prose"
