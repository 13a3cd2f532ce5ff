"""The running text of an HTML page, each code point of it traced to the page's own.

The tokenizer is the standard library's ``html.parser``: it takes any tag soup and tells where each token begins, which
the tree builders (html5lib, lxml, lexbor) do not. No tree is needed: what text runs on and what ends it is said by the
tags alone, in ``html_tags``.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from mtcheck.documents.html_tags import (
    INLINE,
    ITEMS,
    VOID,
    Reading,
    closed_by,
    ended_by,
    is_note_mark,
    prose_attribute,
    reading,
)
from mtcheck.documents.text_format import BOM
from mtcheck.documents.traced import Traced
from mtcheck.schema import Comment, Span

_TOKEN = re.compile(
    r"(?P<space>[ \t\r\n\f]+)|(?P<entity>&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);?)|.", re.DOTALL
)
_ATTRIBUTE = re.compile(r"([^\s=>/\"']+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|[^\s>]+))?")
_REMARK = re.compile(r"\s*(mtcheck\s*:.*?)\s*", re.DOTALL)
_CHARSET = re.compile(r"(?:charset|encoding)\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_MARKUP = re.compile(r"<[/!?a-zA-Z]")
_DEEPEST = 512
"""Elements inside one another; browsers end there too."""
_UNSEEN = ("", "\xad", BOM)
"""What an entity that stands for nothing reads as, a soft hyphen, a byte order mark."""


@dataclass(slots=True)
class _Open:
    """An element whose end has not come. remarks: words and line of those that are about it."""

    tag: str
    start: int
    reading: Reading
    remarks: list[tuple[str, int]] = field(default_factory=list)


class Page(HTMLParser):
    """A page as read.

    passages: its texts in order, each with whether it stands in an attribute.
    remarks: comments to mtcheck, each about a range of raw offsets.
    charset: the first encoding that it declares, in lower case, and the line of that.
    """

    def __init__(self, raw: str) -> None:
        super().__init__()
        self.passages: list[tuple[Traced, bool]] = []
        self.remarks: list[Comment] = []
        self.charset, self.charset_line = "", 1
        self._raw = raw
        self._lines = [0, *(match.end() for match in re.finditer("\n", raw))]
        self._opened: list[_Open] = [_Open("", 0, Reading.CHECKED)]
        self._run: list[tuple[int, int, bool]] = []  # raw ranges of the passage so far, and whether each is kept
        self._text: int | None = None  # where the text began that goes on
        self._before: list[tuple[str, int]] = []  # remarks about what comes next: words and line
        self._inside: list[tuple[str, int]] = []  # remarks about the passage so far
        self.feed(raw + "\n")  # or a ``<`` at the very end would seem to begin a tag
        self.close()
        self._markup(len(raw))
        self._close(0, len(raw))
        self.remarks += [Comment(words, line, Span(len(raw), len(raw))) for words, line in self._before]
        self.passages.sort(key=lambda passage: passage[0].starts[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element; a block ends the passage."""
        at = self._markup()
        attributes = {name: value or "" for name, value in reversed(attrs)}
        inline = tag in INLINE
        if not inline:
            self._finish(at)
        self._close(ended_by(tag, [one.tag for one in self._opened[1:]]) + 1, at)
        how = reading(tag, attributes, self._opened[-1].reading, inline=inline)
        whole = self.get_starttag_text() or ""
        if tag == "meta":
            self._declare(
                f"charset={attributes['charset']}" if "charset" in attributes else attributes.get("content", "")
            )
        if how is Reading.CHECKED and (name := prose_attribute(tag, attributes)):
            self._attribute(name, whole, at)
        if tag in VOID:
            return
        if (
            tag == "sup"
            and how is Reading.CHECKED
            and is_note_mark(self._raw[at + len(whole) : at + len(whole) + 40], attributes)
        ):
            how = Reading.UNREAD
        if len(self._opened) > _DEEPEST:  # it takes the place of the innermost one, as in browsers
            self._close(_DEEPEST, at)
        self._opened.append(_Open(tag, at, how))
        if not inline and self._before:
            self._opened[-1].remarks += self._before
            self._before = []

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element and close it, as XHTML has it."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close an element, and those in it whose end tags are missing."""
        at = self._markup()
        kept = closed_by(tag, [one.tag for one in self._opened[1:]])
        if tag not in INLINE:
            self._finish(at)
        if kept is not None:
            self._close(kept + 1, at)

    def handle_data(self, data: str) -> None:
        """Go on with a text; what it is made of is seen in the raw page."""
        at = self._here()
        if _MARKUP.match(self._raw, at) and not self.cdata_elem:  # soup that is no tag to browsers either
            self._markup()
        elif self._text is None:
            self._text = at

    def close(self) -> None:
        """End the page: a tag or comment that never ends takes the rest with it, as in browsers.

        The standard library's own reads the rest as text, some versions in time that grows with its square
        (CVE-2025-6069).
        """
        if self.rawdata.startswith("<") and not self.cdata_elem:
            self._markup()
            self.rawdata = ""
        super().close()

    def handle_comment(self, data: str) -> None:
        """Note a remark to mtcheck."""
        self._markup()
        match = _REMARK.fullmatch(data)
        if not match:
            return
        line = self.getpos()[0] + data.count("\n", 0, match.start(1))
        item = next((one for one in reversed(self._opened) if one.tag in ITEMS), None)
        if item:
            item.remarks.append((match[1], line))
        elif self._prose():
            self._inside.append((match[1], line))
        else:
            self._before.append((match[1], line))

    def handle_decl(self, decl: str) -> None:
        """A document type is no text."""
        self._markup()

    def handle_pi(self, data: str) -> None:
        """An XML declaration may name an encoding."""
        self._markup()
        if data.startswith("xml "):
            self._declare(data)

    def unknown_decl(self, data: str) -> None:
        """What only other tools understand is no text."""
        self._markup()

    def parse_marked_section(self, i: int, report: int = 1) -> int:
        """Pass over ``<![...``, which browsers take for a comment, to where XML or they end it.

        The standard library's own, up to Python 3.13, is SGML's and fails at what soup holds.
        """
        end = self.rawdata.find("]]>", i) if self.rawdata.startswith("<![CDATA[", i) else -1
        if end < 0:
            return self.parse_bogus_comment(i)
        self.unknown_decl("")
        return end + 3

    def _here(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def _markup(self, at: int | None = None) -> int:
        """Where markup begins; the text before it, if any, has ended there."""
        at = self._here() if at is None else at
        how = self._opened[-1].reading
        if self._text is not None and self._text < at and how in (Reading.CHECKED, Reading.KEPT):
            self._run.append((self._text, at, how is Reading.KEPT))
        self._text = None
        return at

    def _prose(self) -> bool:
        return any(not self._raw[start:end].isspace() for start, end, _ in self._run)

    def _close(self, kept: int, at: int) -> None:
        """Close the open elements but for the outermost ``kept`` ones."""
        if any(one.tag not in INLINE for one in self._opened[kept:]):
            self._finish(at)
        for one in self._opened[kept:]:
            self.remarks += [Comment(words, line, Span(one.start, at)) for words, line in one.remarks]
        del self._opened[kept:]

    def _finish(self, at: int) -> None:
        """End the passage; what was remarked on it, or on what comes next, was about it."""
        if self._prose():
            start = self._run[0][0]
            about = [*self._inside, *self._before]
            self.remarks += [Comment(words, line, Span(start, at)) for words, line in about]
            self._inside, self._before = [], []
            if traced := _traced(self._raw, self._run):
                self.passages.append((traced, False))
        self._run = []

    def _attribute(self, name: str, whole: str, at: int) -> None:
        """Read an attribute as a passage; one without quotation marks has no room for words."""
        for match in _ATTRIBUTE.finditer(whole, 1):
            group = 2 if match[2] is not None else 3
            if (
                match[1].lower() == name
                and match[group]
                and (traced := _traced(self._raw, [(at + match.start(group), at + match.end(group), False)]))
            ):
                self.passages.append((traced, True))

    def _declare(self, text: str) -> None:
        if not self.charset and (match := _CHARSET.search(text)):
            self.charset, self.charset_line = match[1].lower(), self.getpos()[0]


def _traced(raw: str, run: list[tuple[int, int, bool]]) -> Traced | None:
    """What a reader sees of raw ranges: entities resolved, white space made single, none at the ends."""
    chars: list[str] = []
    places: list[tuple[int, int]] = []
    kept: list[Span] = []
    for first, end, keep in run:
        begin = len(chars)
        for match in _TOKEN.finditer(raw, first, end):
            _read_token(match, chars, places, kept)
        if keep and begin < len(chars):
            kept.append(Span(begin, len(chars)))
    length = len("".join(chars).rstrip(" "))
    covered = {at for span in kept for at in range(span.start, span.end)}
    if not any(char.isalnum() for at, char in enumerate(chars) if at not in covered):
        return None
    spans = (Span(span.start, min(span.end, length)) for span in sorted(kept))
    starts, ends = zip(*places[:length], strict=True)
    return Traced("".join(chars[:length]), starts, ends, tuple(span for span in spans if span.start < span.end))


def _read_token(match: re.Match[str], chars: list[str], places: list[tuple[int, int]], kept: list[Span]) -> None:
    """Append one token as a reader sees it: white space, an entity or a character."""
    shown = html.unescape(match.group()) if match["entity"] else match.group()
    if match["space"]:
        if chars and chars[-1] != " ":
            chars.append(" ")
            places.append(match.span())
    elif shown in _UNSEEN:
        if places and places[-1][1] == match.start():  # it goes with the letter before it
            places[-1] = places[-1][0], match.end()
    elif len(shown) == 1:
        chars.append(shown)
        places.append(match.span())
    elif shown == match.group():  # no entity, though it looks like one
        chars.extend(shown)
        places.extend((at, at + 1) for at in range(*match.span()))
    else:  # one entity of several code points, or one run into the word after it
        kept.append(Span(len(chars), len(chars) + len(shown)))
        chars.extend(shown)
        places.extend([match.span(), *[(match.end(), match.end())] * (len(shown) - 1)])
