"""Markdown: prose is checked, code, addresses, HTML and front matter are never touched.

markdown-it-py decides what is what (CommonMark, tables, strikethrough). A block that cannot be
traced back to the raw text code point by code point is left alone.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from mtcheck.documents.markdown_blocks import Line, blocks
from mtcheck.documents.markdown_comments import comments
from mtcheck.documents.markdown_inline import Marks, inline_marks
from mtcheck.documents.text_format import TextFormat
from mtcheck.schema import Span
from mtcheck.segmentation import Passage

if TYPE_CHECKING:
    from markdown_it.token import Token

_FOOTNOTE = re.compile(r"\[\^[^\]\s]+\]:?")


def passages(text: str) -> Iterator[Passage]:
    """The visible text of headings, paragraphs, list items, quotations and table cells, in order."""
    lines, tokens, env = blocks(text)
    row, cursor, in_table = -1, 0, False
    for token in tokens:
        if token.type in ("table_open", "table_close"):
            in_table = token.type == "table_open"
        if token.type != "inline" or not token.map or not token.content:
            continue
        if in_table:
            if token.map[0] != row:
                row, cursor = token.map[0], 0
            offsets = _place_cell(token, lines[row], cursor)
            cursor = offsets[-1] + 1 - lines[row][0] if offsets else cursor
        else:
            offsets = _place(token, lines)
        if offsets:
            yield from _visible(text, token.content, offsets, inline_marks(token.content, env))


def _place(token: Token, lines: list[Line]) -> list[int]:
    """Raw offset of each code point of a block's content, [] when it cannot be found.

    Each content line stands at the end of its raw line, after quotation marks, list markers and indentation.
    """
    offsets: list[int] = []
    first = token.map[0] if token.map else 0
    for number, part in enumerate(token.content.split("\n"), first):
        if number >= len(lines):
            return []
        start, line = lines[number]
        words = part.strip(" \t")
        found = line.rfind(words)
        if found < 0:
            return []
        if offsets:
            offsets.append(start - 1)
        begin = start + found - (len(part) - len(part.lstrip(" \t")))
        offsets += range(begin, begin + len(part))
    return offsets


def _place_cell(token: Token, line: Line, cursor: int) -> list[int]:
    """Raw offset of each code point of a cell, sought from ``cursor`` on; an escaped pipe loses its backslash."""
    pattern = "".join(r"\\\|" if char == "|" else re.escape(char) for char in token.content)
    found = re.compile(rf"[\s|]*({pattern})").search(line[1], cursor)
    if not found:
        return []
    at = found.start(1)
    offsets = []
    for char in token.content:
        at += char == "|"
        offsets.append(line[0] + at)
        at += 1
    return offsets


def _visible(text: str, content: str, offsets: list[int], marks: Marks) -> Iterator[Passage]:
    """What a reader sees of a block, in one passage, or several when it holds ``<br>``."""
    marks.protected += [Span(*match.span()) for match in _FOOTNOTE.finditer(content)]
    shown = [at for at, hidden in enumerate(marks.hidden) if not hidden]
    for start, end in pairwise([0, *marks.breaks, len(content)]):
        places = shown[bisect_left(shown, start) : bisect_left(shown, end)]
        raw = [offsets[at] for at in places]
        if not _traced(text, content, places, raw):
            continue
        spans = [Span(bisect_left(places, p.start), bisect_left(places, p.end)) for p in marks.protected]
        yield Passage("".join(text[at] for at in raw), raw, tuple(span for span in spans if span.start < span.end))


def _traced(text: str, content: str, places: list[int], raw: list[int]) -> bool:
    """True when every visible code point was found in the raw text, in order (a newline may be a carriage return)."""
    if not raw or raw[0] < 0 or raw[-1] >= len(text) or any(left >= right for left, right in pairwise(raw)):
        return False
    return all(text[at] == content[p] or text[at] + content[p] == "\r\n" for p, at in zip(places, raw, strict=True))


FORMAT = TextFormat("markdown", (".md", ".markdown"), passages, comments)
