"""Running text that was read out of a raw text, with the raw range that each of its code points stands for."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mtcheck.documents.container import Change, Unit
from mtcheck.documents.text_format import BOM
from mtcheck.schema import Place, Span

_NEWLINE = re.compile(r"\r\n|\r|\n")


class Lines:
    """Line and column, from 1, of the offsets of one raw text; a byte order mark takes no column."""

    def __init__(self, raw: str) -> None:
        """Find the line ends."""
        self._starts = [0, *(match.end() for match in _NEWLINE.finditer(raw))]
        self._mark = raw.startswith(BOM)

    def at(self, offset: int) -> tuple[int, int]:
        """The place of an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1 - (self._mark and line == 1 and offset > 0)


@dataclass(frozen=True, slots=True)
class Traced:
    """What a reader sees, and where it stands.

    starts, ends: raw range of each code point, in order, disjoint; an entity or an escape is one code point of many raw
    ones. Where two ranges do not adjoin, something hidden stands between. protected: ranges of ``text`` to leave alone.
    """

    text: str
    starts: Sequence[int]
    ends: Sequence[int]
    protected: tuple[Span, ...] = ()

    def unit(self, raw: str, lines: Lines, source: str | None = None) -> Unit:
        """The text as a unit of its file; nothing of what is hidden in it can be swallowed."""
        inside = range(1, len(self.text))
        breaks = tuple(at for at in inside if self.starts[at] != self.ends[at - 1])
        jumps = (
            at for at in inside if self.starts[at] != self.starts[at - 1] + 1 or raw[self.starts[at - 1]] in "\r\n"
        )
        places = tuple(Place(at, *lines.at(self.starts[at])) for at in jumps)
        return Unit(self.text, *lines.at(self.starts[0]), source, breaks, self.protected, places)

    def range(self, change: Change) -> tuple[int, int]:
        """Raw range that a change replaces. An empty one stands behind a letter, or before what follows a space."""
        if change.start < change.end:
            return self.starts[change.start], self.ends[change.end - 1]
        behind = change.start and (change.start == len(self.text) or not self.text[change.start - 1].isspace())
        at = self.ends[change.start - 1] if behind else self.starts[change.start]
        return at, at


def spliced(raw: str, edits: Iterable[tuple[int, int, str]]) -> str:
    """The raw text with ranges replaced; they are disjoint, in any order."""
    pieces, done = [], 0
    for start, end, replacement in sorted(edits, key=lambda edit: edit[:2]):
        pieces += [raw[done:start], replacement]
        done = end
    return "".join([*pieces, raw[done:]])
