"""Places in a text as the protocol counts them: lines from 0, and units that the client and the server agreed on.

Inside mtcheck every offset counts code points of the whole text. A line ends at ``\\r\\n``, ``\\n`` or ``\\r`` and
nowhere else, as the protocol says; Python's own ``splitlines`` knows more line ends and would be off after one of them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from itertools import accumulate

from lsprotocol import types

_NEWLINE = re.compile(r"\r\n|\r|\n")
_UNITS: dict[str, Callable[[str], int]] = {
    "utf-8": lambda char: len(char.encode("utf-8", "surrogatepass")),
    "utf-16": lambda char: 1 + (char > "\uffff"),
    "utf-32": lambda char: 1,
}


class Positions:
    """Turns offsets of one text into positions and back."""

    def __init__(self, text: str, encoding: str = "utf-16") -> None:
        """Take a text and ``utf-8``, ``utf-16`` or ``utf-32``, the encoding whose units are counted."""
        breaks = list(_NEWLINE.finditer(text))
        self._text, self._units = text, _UNITS[encoding]
        self._starts = [0, *(match.end() for match in breaks)]
        self._ends = [*(match.start() for match in breaks), len(text)]

    def position(self, offset: int) -> types.Position:
        """The position of an offset."""
        line = bisect_right(self._starts, offset) - 1
        return types.Position(line, sum(map(self._units, self._text[self._starts[line] : offset])))

    def offset(self, position: types.Position) -> int:
        """The offset of a position; beyond a line's end that end, beyond the last line the end of the text.

        A position within a character stands for the place before it.
        """
        if position.line >= len(self._starts):
            return len(self._text)
        start, end = self._starts[position.line], self._ends[position.line]
        return start + bisect_right(list(accumulate(map(self._units, self._text[start:end]))), position.character)

    def range(self, start: int, end: int) -> types.Range:
        """The range between two offsets."""
        return types.Range(self.position(start), self.position(end))
