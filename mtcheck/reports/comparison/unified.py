"""A unified diff of the two texts, line by line, for ``patch`` and for review tools."""

from __future__ import annotations

from mtcheck.comparison import Comparison
from mtcheck.reports._visible import one_line
from mtcheck.reports.diff import unified


def render(comparison: Comparison) -> str:
    """The diff with three lines of context; empty when the texts are equal."""
    before, after = comparison.before, comparison.after
    return unified(before.text, after.text, one_line(before.doc_id), one_line(after.doc_id))
