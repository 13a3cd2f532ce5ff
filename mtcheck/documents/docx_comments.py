"""Comments of a Word document: its comments part, extended or made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from mtcheck.documents.docx_names import name_of, word
from mtcheck.documents.docx_package import Package

_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"


class Comments:
    """The comments of a document, to which more are added."""

    def __init__(self, package: Package) -> None:
        """Find the comments part, or prepare a new one that is added with the first comment."""
        self._package, self._main = package, package.root(package.main)
        self.parts = package.related("comments")
        self._root = package.root(self.parts[0]) if self.parts else None

    def add(self, identity: dict[str, str], text: str) -> tuple[Any, Any, Any]:
        """Add a comment, one paragraph a line; what marks its place: a beginning, an end, and a run that shows it.

        identity: the comment's attributes, by plain names; ``id`` among them.
        """
        if self._root is None:
            prefixes = {"w": etree.QName(self._main).namespace}
            self._root = etree.Element(word(self._main, "comments"), nsmap=prefixes)
            self._package.add("comments", _CONTENT_TYPE, self._root)
        comment = self._element("comment", **identity)
        for number, line in enumerate(text.split("\n")):
            paragraph = self._element("p")
            if not number:
                paragraph.append(self._run(self._element("annotationRef")))
            content = self._element("t")
            content.text = line
            paragraph.append(self._run(content))
            comment.append(paragraph)
        self._root.append(comment)
        marks = ("commentRangeStart", "commentRangeEnd", "commentReference")
        start, end, reference = (self._element(name, id=identity["id"]) for name in marks)
        return start, end, self._run(reference)

    def _run(self, content: Any) -> Any:
        run = self._element("r")
        run.append(content)
        return run

    def _element(self, name: str, **attributes: str) -> Any:
        named = {word(self._main, key): text for key, text in attributes.items()}
        return self._main.makeelement(word(self._main, name), named)


def ids(roots: Iterator[Any]) -> set[str]:
    """Every id that comments, tracked changes, bookmarks and the like have in some parts."""
    return {text for root in roots for one in root.iter("*") if name_of(one) and (text := one.get(word(one, "id")))}
