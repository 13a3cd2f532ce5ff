"""Plain text: paragraphs of one line or of many, titles, simple lists.

A blank line always ends a paragraph. Inside a block of lines, a line break is a hard wrap when the
line was full (the next word would not have fitted) or the next line goes on in lower case; any
other break ends a paragraph, so that titles, bylines and lists stand alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from mtcheck.documents.text_format import BOM, TextFormat
from mtcheck.segmentation import Passage

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")
_MARKER = re.compile(r"[ \t]*(?:[-*+•·‣◦▪●■]|\(?\d{1,3}[.)]|\(?[a-z]\))[ \t]+(?=\S)")
_LOWER_START = re.compile(r"[ \t]*[“«\"'‘(\[–—-]*\s?[a-z]")
_ENDED = re.compile(r"[.!?…:;][”»\"’')\]]*\s*$")
_GOES_ON = re.compile(r"[,”»\"]\s*$")
_DASH = re.compile(r"[ \t]*[–—-]\s")

_WIDEST_WRAP = 120
"""Lines longer than this (code points) are paragraphs, not wrapped lines."""
_NARROWEST_WRAP = 30


@dataclass(frozen=True, slots=True)
class _Line:
    """A raw line: where it starts, its text without white space at the right, and how the raw line ends."""

    start: int
    text: str
    end: int

    @property
    def width(self) -> int:
        return len(self.text)


def passages(text: str) -> Iterator[Passage]:
    """The paragraphs, titles and list items of the text, list markers left out."""
    lines = _lines(text)
    width = _wrap_width(lines)
    paragraph: list[_Line] = []
    for line in lines:
        if paragraph and not (line.text.strip() and _is_wrap(paragraph[-1], line, width)):
            yield _passage(text, paragraph)
            paragraph = []
        if line.text.strip():
            paragraph.append(line)
    if paragraph:
        yield _passage(text, paragraph)


def _lines(text: str) -> list[_Line]:
    found = []
    for match in _LINE.finditer(text, text.startswith(BOM)):
        if match.end() > match.start():
            found.append(_Line(match.start(), match.group().rstrip(), match.end()))
    return found


def _wrap_width(lines: list[_Line]) -> int:
    """The width that the text was wrapped at, or 0 when nothing speaks for a hard wrap.

    What speaks for it is a full line that goes on in lower case on the next.
    """
    widths = [line.width for line in lines if line.text.strip()]
    narrow = [width for width in widths if width <= _WIDEST_WRAP]
    if not narrow or len(narrow) < 0.7 * len(widths) or max(narrow) < _NARROWEST_WRAP:
        return 0
    width = max(narrow)
    full = (left.width >= 0.6 * width and _continues(left, right) for left, right in pairwise(lines))
    return width if any(full) else 0


def _continues(line: _Line, following: _Line) -> bool:
    """True when the next line goes on in lower case with a sentence that this one leaves open."""
    if not line.text.strip() or (_MARKER.match(following.text) and not _GOES_ON.search(line.text)):
        return False
    return bool(_LOWER_START.match(following.text)) and not _ENDED.search(line.text)


def _is_wrap(line: _Line, following: _Line, width: int) -> bool:
    if not width or line.width > _WIDEST_WRAP:
        return False
    if _MARKER.match(following.text) and not (_DASH.match(following.text) and _GOES_ON.search(line.text)):
        return False
    if _continues(line, following):
        return line.width >= 0.5 * width
    first_word = following.text.split(maxsplit=1)[0]
    return line.width + 1 + len(first_word) > width


def _passage(text: str, lines: list[_Line]) -> Passage:
    """The paragraph less list marker, trailing spaces, indentation and carriage returns before newlines."""
    marker = _MARKER.match(lines[0].text)
    start = lines[0].start + (marker.end() if marker else 0)
    end = lines[-1].start + lines[-1].width
    if len(lines) == 1:
        return Passage(text[start:end], range(start, end))
    offsets: list[int] = []
    for at, line in enumerate(lines):
        indent = len(line.text) - len(line.text.lstrip())
        offsets += range(max(start, line.start + indent), line.start + line.width)
        if at < len(lines) - 1:
            offsets.append(line.end - 1)
    return Passage("".join(text[offset] for offset in offsets), offsets)


FORMAT = TextFormat("text", (".txt", ".text"), passages)
