"""What an article format is, and the kind whose raw form is text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from mtcheck.documents.encoding import decode
from mtcheck.schema import Comment, Document, Edit, Revision
from mtcheck.segmentation import Passage, segments

BOM = "\ufeff"
"""Byte order mark: kept as the first code point of ``Document.text``, never part of a segment."""


class Format(Protocol):
    """Reads one kind of article and writes it back with edits."""

    @property
    def name(self) -> str:
        """What ``Document.format`` says."""
        ...

    @property
    def suffixes(self) -> tuple[str, ...]:
        """File name endings of this format, in lower case, with the dot."""
        ...

    @property
    def in_folders(self) -> bool:
        """False for files that are read only when they are named, because most of their kind are no articles."""
        ...

    def parse(self, data: bytes | str, doc_id: str) -> Document:
        """The article in ``data``. Raises InputError when it is not of this format."""
        ...

    def write(self, document: Document, edits: Iterable[Edit]) -> bytes:
        """The bytes that were read, with the edits made and nothing else changed."""
        ...

    def write_annotated(self, document: Document, revisions: Sequence[Revision]) -> bytes | None:
        """The same with each change shown and explained as the format's own tools do; None when they do not."""
        ...


@dataclass(frozen=True, slots=True)
class TextFormat:
    """A format whose file is text; ``passages`` finds the prose in it, ``comments`` the remarks to mtcheck."""

    name: str
    suffixes: tuple[str, ...]
    passages: Callable[[str], Iterable[Passage]]
    comments: Callable[[str], Iterable[Comment]] = lambda text: ()
    in_folders: bool = True

    def parse(self, data: bytes | str, doc_id: str) -> Document:
        """Decode and segment. Raises InputError for bytes that are not Unicode text."""
        text, encoding = (data, "utf-8") if isinstance(data, str) else decode(data, doc_id)
        prose, comments = segments(self.passages(text)), tuple(self.comments(text))
        return Document(doc_id, text, prose, format=self.name, encoding=encoding, comments=comments)

    def write(self, document: Document, edits: Iterable[Edit]) -> bytes:
        """The document's bytes, in the encoding it was read in, with the edits made."""
        return document.apply(edits).encode(document.encoding)

    def write_annotated(self, document: Document, revisions: Sequence[Revision]) -> bytes | None:
        """None: text has no way to show changes."""
        return None
