"""The page of a rule, taken apart so that a report can set it in type."""

from __future__ import annotations

import re
from dataclasses import dataclass
from textwrap import dedent

_INLINE = re.compile(r"``(?P<code>[^`]+)``|\*(?P<term>[^*\n]+(?:\n[^*\n]+)*)\*")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its paragraphs; the page's opening has no heading."""

    heading: str
    paragraphs: tuple[str, ...]


def pages() -> dict[str, str]:
    """The page of every rule, by name."""
    from mtcheck.detectors import rules

    return {rule.name: rule.page for rule in rules()}


def sections(page: str) -> tuple[Section, ...]:
    """The page's sections: a heading is an unindented line above indented text."""
    made: list[Section] = []
    for block in re.split(r"\n(?=\S)", page.strip()):
        head, _, body = block.partition("\n")
        if body.strip() and body.lstrip("\n").startswith(" "):
            paragraphs = re.split(r"\n\s*\n", dedent(body.strip("\n")).strip())
            made.append(Section(head.strip().rstrip(":"), tuple(" ".join(text.split()) for text in paragraphs)))
        elif made and not made[-1].heading:
            made[-1] = Section("", (*made[-1].paragraphs, " ".join(block.split())))
        else:
            made.append(Section("", (" ".join(block.split()),)))
    return tuple(made)


def inline(text: str) -> tuple[tuple[str, str], ...]:
    """(kind, text) runs of a paragraph: ``plain``, ``code`` for double backticks, ``term`` for asterisks."""
    runs, done = [], 0
    for match in _INLINE.finditer(text):
        runs += [("plain", text[done : match.start()]), (match.lastgroup or "plain", match[match.lastgroup or 0])]
        done = match.end()
    return tuple(run for run in [*runs, ("plain", text[done:])] if run[1])
