"""A unified diff from the original to the cleaned document, for ``patch`` and for review tools.

Control characters other than tabs and line ends are shown as pictures, so an article that holds
any gives a diff to read, not to apply; every other article's diff applies exactly.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from mtcheck.reports._visible import one_line, visible
from mtcheck.schema import Review

_NO_NEWLINE = "\\ No newline at end of file\n"


def render(review: Review) -> str:
    """The diff with three lines of context; empty when nothing was changed."""
    name = one_line(review.document.doc_id)
    return unified(review.document.text, review.cleaned, f"{name} (original)", f"{name} (cleaned)")


def unified(before: str, after: str, before_name: str, after_name: str) -> str:
    """Unified diff of two texts; lines end at ``\\n`` only, as ``diff`` has it."""
    lines = difflib.unified_diff(_lines(before), _lines(after), before_name, after_name)
    return "".join(visible(line) if line.endswith("\n") else f"{visible(line)}\n{_NO_NEWLINE}" for line in lines)


def colored(diff: str) -> str:
    """A unified diff in the usual colours of a terminal: names bold, places cyan, what goes red, what comes green."""
    return "".join(_colored(line) for line in _lines(diff))


def _colored(line: str) -> str:
    body = line.rstrip("\r\n")
    codes = (("--- ", 1), ("+++ ", 1), ("@@", 36), ("-", 31), ("+", 32))
    code = next((code for start, code in codes if body.startswith(start)), None)
    return f"\x1b[{code}m{body}\x1b[0m{line[len(body) :]}" if code else line


def _lines(text: str) -> list[str]:
    def split() -> Iterator[str]:
        start = 0
        while (end := text.find("\n", start)) >= 0:
            yield text[start : end + 1]
            start = end + 1
        if start < len(text):
            yield text[start:]

    return list(split())
