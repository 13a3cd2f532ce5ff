"""Findings as a reader of the file meets them: line and column, the words quoted, the words around them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from mtcheck.guards import touched_markup
from mtcheck.schema import Document, Finding, Fix, Severity, finding_key

_NEWLINE = re.compile(r"\r\n|\r|\n")
_BLOCK = 4096
"""Code points between two places whose bytes are counted once, so that a long line costs no more than short ones."""


@dataclass(frozen=True, slots=True)
class PlacedFinding:
    """A finding with its place in the file.

    start, end: half-open raw range in code points. Lines and columns count from 1, ends are exclusive; columns are in
    code points, a byte order mark left out as editors do, byte columns in bytes of UTF-8.
    quote, before, after: the words flagged and the rest of their sentence on either side, markup left out.
    fixes: ready wordings for the range, best first; none when the range holds markup, or what is to be left as it is.
    also: rules whose findings on the same words were settled with this one.
    key: sixteen hexadecimal digits that stay the same when the sentence moves (see :func:`finding_key`).
    known: True when a baseline lists it.
    """

    rule: str
    category: str
    severity: Severity
    message: str
    confidence: float
    start: int
    end: int
    line: int
    column: int
    end_line: int
    end_column: int
    byte_column: int
    end_byte_column: int
    quote: str
    before: str
    after: str
    fixes: tuple[Fix, ...]
    also: tuple[str, ...]
    key: str
    known: bool = False


def place(document: Document, settled: Iterable[tuple[Finding, tuple[str, ...]]]) -> tuple[PlacedFinding, ...]:
    """Each finding with the names of the rules settled with it, placed, in document order."""
    lines = _Lines(document)
    placed = [_place(document, lines, finding, also) for finding, also in settled]
    return tuple(sorted(placed, key=lambda p: (p.start, p.end, p.rule)))


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


class _Lines:
    """Line and column of any offset, without counting from the top each time."""

    def __init__(self, document: Document) -> None:
        self._document, self._text = document, document.text
        self._starts = [0, *(match.end() for match in _NEWLINE.finditer(document.text))]
        blocks = (document.text[at : at + _BLOCK] for at in range(0, len(document.text), _BLOCK))
        self._bytes = list(accumulate(map(_size, blocks), initial=0))

    def at(self, offset: int) -> tuple[int, int, int]:
        """Line, column in code points and column in bytes, each from 1; where the file is not text, those are one."""
        if self._document.places:
            line, column = self._document.line_column(offset)
            return line, column, column
        line = bisect_right(self._starts, offset)
        start = self._starts[line - 1]
        mark = line == 1 and self._text.startswith("\ufeff") and offset > 0
        return line, offset - start + 1 - mark, self._bytes_before(offset) - self._bytes_before(start) + 1

    def _bytes_before(self, offset: int) -> int:
        block = offset // _BLOCK
        return self._bytes[block] + _size(self._text[block * _BLOCK : offset])


def _place(document: Document, lines: _Lines, finding: Finding, also: tuple[str, ...]) -> PlacedFinding:
    segment = document.segments[finding.seg_id]
    raw, text = segment.raw_span(finding.span), segment.hypothesis
    before, quote, after = (
        text[: finding.span.start],
        text[finding.span.start : finding.span.end],
        text[finding.span.end :],
    )
    line, column, byte_column = lines.at(raw.start)
    end_line, end_column, end_byte_column = lines.at(raw.end)
    return PlacedFinding(
        rule=finding.rule,
        category=finding.category,
        severity=finding.severity,
        message=finding.message,
        confidence=finding.confidence,
        start=raw.start,
        end=raw.end,
        line=line,
        column=column,
        end_line=end_line,
        end_column=end_column,
        byte_column=byte_column,
        end_byte_column=end_byte_column,
        quote=quote,
        before=before,
        after=after,
        fixes=() if touched_markup(segment, finding.span) else finding.fixes,
        also=also,
        key=finding_key(finding.rule, quote, before, after),
    )
