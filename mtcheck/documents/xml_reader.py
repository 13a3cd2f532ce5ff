"""The elements and the text of an XML file, with the raw range of each, as expat meets them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pyexpat import ErrorString, ExpatError, ParserCreate

from mtcheck.documents.encoding import decode_declared
from mtcheck.documents.traced import Lines
from mtcheck.errors import InputError

_DEEPEST = 200
"""Elements inside one another; real files stay below thirty."""
_DECLARATION = re.compile(rb"""\s*<\?xml[^>]*?\sencoding\s*=\s*["']([\w.-]+)["']""")
_START_TAG = re.compile(r"""<[^"'>]*(?:"[^"]*"[^"'>]*|'[^']*'[^"'>]*)*>""")


@dataclass(frozen=True, slots=True)
class Run:
    """Text and the raw range that spells it: code point for code point, or a single one by several (``&lt;``)."""

    text: str
    start: int
    end: int

    @property
    def spans(self) -> Iterator[tuple[int, int]]:
        """The raw range of each code point."""
        if self.end - self.start != len(self.text):
            return iter([(self.start, self.end)])
        return ((at, at + 1) for at in range(self.start, self.end))


@dataclass(frozen=True, slots=True)
class Element:
    """An element. name: local name; namespace: "" for none; prefix: with its colon, as it stands in the file.

    attributes: by local name, or ``{namespace}name`` for one with a prefix, in the file's order.
    start, inner_start, inner_end, end: raw offsets of its start tag, its content, its end tag and what follows it.
    """

    name: str
    namespace: str
    prefix: str
    attributes: Mapping[str, str]
    start: int
    inner_start: int
    inner_end: int
    end: int
    children: tuple[Element | Run, ...]

    @property
    def elements(self) -> Iterator[Element]:
        """The children that are elements."""
        return (child for child in self.children if isinstance(child, Element))

    def all(self, *names: str) -> list[Element]:
        """The children of these local names in the element's own namespace."""
        return [child for child in self.elements if child.name in names and child.namespace == self.namespace]

    def first(self, name: str) -> Element | None:
        """The first of :meth:`all`."""
        return next(iter(self.all(name)), None)

    def below(self) -> Iterator[Element]:
        """The elements inside, at any depth, in order."""
        for child in self.elements:
            yield child
            yield from child.below()


def decoded(data: bytes, where: str) -> tuple[str, str]:
    """The raw text and a codec that gives the same bytes back: the declared one where no byte order mark says more."""
    for mark, codec in ((b"<\0?\0", "utf-16-le"), (b"\0<\0?", "utf-16-be")):
        if data.startswith(mark):
            return decode_declared(data, codec, where)
    declared = _DECLARATION.match(data[:200])
    return decode_declared(data, declared[1].decode() if declared else "utf-8", where)


@dataclass(slots=True)
class _Open:
    """An element whose end has not been met."""

    name: str
    attributes: list[str]
    start: int
    inner_start: int
    children: list[Element | Run] = field(default_factory=list)


class Grower:
    """Grows the tree of a raw text.

    lines: of the raw text; prefixes: by namespace, with their colon; cdata: raw ranges of the text in CDATA sections.
    """

    def __init__(self, raw: str, where: str) -> None:
        self.lines = Lines(raw)
        self.prefixes: dict[str, str] = {}
        self.cdata: list[tuple[int, int]] = []
        self._raw, self._where = raw, where
        self._point = int(raw.startswith("\ufeff"))
        self._bytes, self._byte = raw[self._point :].encode("utf-8", "surrogatepass"), 0
        self._open = [_Open("", [], 0, 0)]
        self._in_cdata = False
        self._parser = parser = ParserCreate("utf-8", " ")
        parser.buffer_text, parser.ordered_attributes, parser.namespace_prefixes = False, True, True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text
        parser.StartCdataSectionHandler, parser.EndCdataSectionHandler = self._cdata_start, self._cdata_end
        parser.StartNamespaceDeclHandler = self._prefix
        parser.StartDoctypeDeclHandler = self._doctype
        parser.SkippedEntityHandler = self._entity

    def root(self) -> Element:
        """Read it to the end.

        Raises InputError when it is not well-formed, declares entities, or is deeper than any honest file.
        """
        try:
            self._parser.Parse(self._bytes, True)
        except ExpatError as error:
            place = f"{self._where}:{error.lineno}:{error.offset + 1}"
            what = f"not well-formed XML ({ErrorString(error.code)})"
            raise InputError(what, where=place, repair="save it again with the tool it comes from") from None
        root = self._open[0].children[0]
        assert isinstance(root, Element)
        return root

    def _at(self) -> int:
        """The raw offset that expat stands at; it only ever goes forward."""
        byte = self._parser.CurrentByteIndex
        self._point += len(self._bytes[self._byte : byte].decode("utf-8", "surrogatepass"))
        self._byte = byte
        return self._point

    def _start(self, name: str, attributes: list[str]) -> None:
        at = self._at()
        if len(self._open) > _DEEPEST:
            raise self._error(f"more than {_DEEPEST} elements inside one another", at)
        tag = _START_TAG.match(self._raw, at)
        assert tag is not None
        self._open.append(_Open(name, attributes, at, tag.end()))

    def _end(self, _: str) -> None:
        at, opened = self._at(), self._open.pop()
        empty = self._raw[opened.inner_start - 2] == "/"
        inner_end, end = (at, at) if empty else (at, self._raw.index(">", at) + 1)
        namespace, name, prefix = _names(opened.name)
        attributes = {}
        for key, value in zip(opened.attributes[::2], opened.attributes[1::2], strict=True):
            uri, local, _ = _names(key)
            attributes[f"{{{uri}}}{local}" if uri else local] = value
        children = tuple(opened.children)
        made = Element(name, namespace, prefix, attributes, opened.start, opened.inner_start, inner_end, end, children)
        self._open[-1].children.append(made)

    def _text(self, text: str) -> None:
        at = self._at()
        end = at + len(text)
        if self._raw[at] == "&" and not self._in_cdata:
            end = self._raw.index(";", at) + 1
        elif self._raw.startswith("\r\n", at):
            end = at + 2
        if self._in_cdata:
            self.cdata.append((at, end))
        self._open[-1].children.append(Run(text, at, end))

    def _cdata_start(self) -> None:
        self._in_cdata = True

    def _cdata_end(self) -> None:
        self._in_cdata = False

    def _prefix(self, prefix: str | None, uri: str | None) -> None:
        if uri and (prefix or uri not in self.prefixes):
            self.prefixes[uri] = f"{prefix}:" if prefix else ""

    def _doctype(self, _name: str, _system: str | None, _public: str | None, internal: bool) -> None:
        if internal:
            raise self._error("brings a document type of its own, whose entities are not trusted", self._at())

    def _entity(self, name: str, _parameter: bool) -> None:
        raise self._error(f"the entity &{name}; is not known", self._at())

    def _error(self, what: str, at: int) -> InputError:
        line, column = self.lines.at(at)
        repair = "save it again as plain XML, without a DTD"
        return InputError(what, where=f"{self._where}:{line}:{column}", repair=repair)


def _names(triplet: str) -> tuple[str, str, str]:
    """Namespace, local name and prefix (with its colon) of a name as expat gives it."""
    parts = triplet.split(" ")
    if len(parts) == 1:
        return "", parts[0], ""
    return parts[0], parts[1], f"{parts[2]}:" if len(parts) > 2 else ""
