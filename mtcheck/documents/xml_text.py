"""An XML file as a tree whose every element and run of text knows where it stands in the raw file.

XML writers put attributes, quotes, entities and line ends in an order of their own. Here the file is read with expat,
and what is to be changed is changed in the raw text, so that every other byte stays as it was. Files that bring a
document type of their own are refused: entities they declare could grow without bound or name other files.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from mtcheck.documents.traced import Lines, Traced
from mtcheck.documents.xml_reader import Element, Grower, Run, decoded
from mtcheck.errors import InputError
from mtcheck.schema import Span

__all__ = ["XML", "Element", "Run", "Shown", "Splice", "XmlText", "escaped", "quoted", "read_xml"]

XML = "{http://www.w3.org/XML/1998/namespace}"
"""Namespace of ``xml:lang`` and ``xml:space``, as keys of ``Element.attributes`` spell it."""
_LARGEST = 256 << 20
"""Bytes."""
_ATTRIBUTE = re.compile(r"""\s([^\s=/>]+)\s*=\s*("[^"]*"|'[^']*')""")
_LINE_START = re.compile(r"(?:\r\n|\r|\n)[ \t]*\Z")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Shown(Enum):
    """What a reader sees of an element inside running text."""

    TEXT = "its text"
    FIXED = "its text, which is to be left as it is"
    NOTHING = "nothing: it is a code"


@dataclass(frozen=True, slots=True)
class Splice:
    """Put ``text`` in the place of a raw range; verbatim: it is XML already, and not text that has to be escaped."""

    start: int
    end: int
    text: str
    verbatim: bool = False


@dataclass(frozen=True, slots=True)
class XmlText:
    """A file: its raw text (byte order mark included), the codec that restores its bytes, its tree.

    name: what errors call it; prefixes: by namespace, with their colon.
    cdata: raw ranges of the text in CDATA sections; newline: its line end.
    """

    name: str
    raw: str
    codec: str
    root: Element
    lines: Lines
    prefixes: Mapping[str, str]
    cdata: Sequence[tuple[int, int]]
    newline: str

    def content(self, element: Element, shown: Callable[[Element], Shown]) -> Traced:
        """The running text of an element; ``shown`` says what a reader sees of the elements in it."""
        texts: list[str] = []
        spans: list[tuple[int, int]] = []
        protected: list[Span] = []

        def walk(inside: Element) -> None:
            for child in inside.children:
                if isinstance(child, Run):
                    texts.append(child.text)
                    spans.extend(child.spans)
                    continue
                before, view = len(spans), shown(child)
                if view is not Shown.NOTHING:
                    walk(child)
                if view is Shown.FIXED and before < len(spans):
                    protected.append(Span(before, len(spans)))

        walk(element)
        return Traced("".join(texts), [start for start, _ in spans], [end for _, end in spans], tuple(protected))

    def indent(self, offset: int) -> str:
        """The line end and white space before a raw offset, to begin a line like its own; "" inside a line."""
        before = _LINE_START.search(self.raw[max(0, offset - 1_000) : offset])
        return before.group() if before else ""

    def append(self, element: Element, markup: str) -> Splice:
        """Put markup at the end of an element, which may have no content yet."""
        if element.inner_end < element.end:
            return Splice(element.inner_end, element.inner_end, markup, verbatim=True)
        slash = self.raw.rindex("/", element.start, element.end)
        return Splice(slash, element.end, f">{markup}</{element.prefix}{element.name}>", verbatim=True)

    def set_attribute(self, element: Element, name: str, value: str) -> Splice:
        """Give an attribute of the element another value; one that it has not got must have no prefix."""
        tag = self.raw[element.start : element.inner_start]
        spelt = [match for match in _ATTRIBUTE.finditer(tag) if not re.match(r"xmlns(?::|$)", match[1])]
        for known, match in zip(element.attributes, spelt, strict=True):
            if known == name:
                start, end = match.span(2)
                return Splice(element.start + start + 1, element.start + end - 1, quoted(value), verbatim=True)
        at = element.start + len(tag.removesuffix(">").removesuffix("/").rstrip())
        return Splice(at, at, f' {name}="{quoted(value)}"', verbatim=True)

    def spliced(self, splices: Iterable[Splice]) -> bytes:
        """The file with the splices made; they are disjoint, those at one place are made in the order given.

        Raises ValueError for text that XML cannot hold.
        """
        ordered = sorted(splices, key=lambda splice: (splice.start, splice.end))
        nexts = [*(splice.start for splice in ordered[1:]), len(self.raw)]
        parts, last, done = list[str](), "", 0
        for splice, following in zip(ordered, nexts, strict=True):
            before = self.raw[done : splice.start]
            after = self.raw[splice.end : min(following, splice.end + 2)]
            new, taken = self._spelt(splice, (last + before)[-2:], after)
            parts += [before, new]
            last, done = (last + before + new)[-2:], splice.end + taken
        return "".join([*parts, self.raw[done:]]).encode(self.codec, "xmlcharrefreplace")

    def _spelt(self, splice: Splice, before: str, after: str) -> tuple[str, int]:
        """The raw text of a splice, and how many raw characters after it it stands for as well.

        That is none, except where ``]]>`` would come about, which text must not hold.
        """
        if splice.verbatim:
            return re.sub(r"(?<!\r)\n", self.newline, splice.text), 0
        spell = self._in_cdata if self._is_cdata(splice.start) else escaped
        new = spell(splice.text).replace("\n", self.newline)
        if after[:1] == ">" and (before + new).endswith("]]"):
            return new + spell(">"), 1
        if after == "]>" and (before + new).endswith("]"):
            return f"{new}]{spell('>')}", 2
        return new, 0

    def _is_cdata(self, offset: int) -> bool:
        number = bisect_right(self.cdata, (offset, len(self.raw))) - 1
        return number >= 0 and offset <= self.cdata[number][1]

    def _in_cdata(self, text: str) -> str:
        """Text for a CDATA section; what cannot be written there stands between two sections."""
        _refuse(text)
        return re.sub("[>\r]|[^\x00-\x7f]", lambda match: self._beside_cdata(match.group()), text)

    def _beside_cdata(self, char: str) -> str:
        try:
            char.encode(self.codec)
        except UnicodeEncodeError:
            return f"]]>&#{ord(char)};<![CDATA["
        return char if char not in ">\r" else f"]]>&#{ord(char)};<![CDATA["


def escaped(text: str) -> str:
    """Running text as XML spells it. Raises ValueError for a character that XML cannot hold."""
    _refuse(text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def quoted(value: str) -> str:
    """The value of an attribute, for either kind of quotation marks. Raises ValueError as :func:`escaped`."""
    spelt = escaped(value).replace('"', "&quot;").replace("'", "&#39;")
    return spelt.replace("\n", "&#10;").replace("\t", "&#9;")


def _refuse(text: str) -> None:
    if found := _NOT_XML.search(text):
        raise ValueError(f"XML cannot hold U+{ord(found.group()):04X}")


def read_xml(data: bytes, where: str) -> XmlText:
    """The tree of an XML file; ``where`` names it for InputError.

    Raises InputError for a file that is not well-formed, is in an unknown encoding, declares entities, or is deeper or
    larger than any honest file.
    """
    if len(data) > _LARGEST:
        raise InputError(f"too large ({len(data) >> 20} MB)", where=where, repair="cut it into several files")
    raw, codec = decoded(data, where)
    grower = Grower(raw, where)
    root = grower.root()
    line_end = re.search(r"\r\n|\r|\n", raw)
    newline = line_end.group() if line_end else "\n"
    return XmlText(where, raw, codec, root, grower.lines, grower.prefixes, grower.cdata, newline)
