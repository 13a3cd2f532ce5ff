"""A unified diff of the two texts, line by line, for ``patch`` and for review tools."""

from __future__ import annotations

from mtcheck.comparison import Comparison
from mtcheck.reports._visible import one_line
from mtcheck.reports.comparison._summary import verdict
from mtcheck.reports.diff import unified


def render(comparison: Comparison) -> str:
    """The diff with three lines of context, under the verdict, which ``patch`` passes over; empty for equal texts."""
    before, after = comparison.before, comparison.after
    text = unified(before.text, after.text, one_line(before.doc_id), one_line(after.doc_id))
    return f"# {verdict(comparison.findings)}\n{text}" if text and comparison.findings else text
