"""One line a finding: ``path:line:column: severity rule message -> "replacement"``."""

from __future__ import annotations

import json

from mtcheck.reports._entries import Entry, Status, entries
from mtcheck.reports._visible import one_line
from mtcheck.schema import Finding, Review


def render(review: Review) -> str:
    """The findings in document order, one a line; empty when there are none."""
    placed = []
    for entry in entries(review):
        for finding in entry.findings:
            line, column = review.document.line_column(entry.segment.raw_span(finding.span).start)
            place = f"{one_line(review.document.doc_id)}:{line}:{column}"
            placed.append(((line, column), f"{place}: {_said(finding)}{_becomes(entry)}\n"))
    return "".join(text for _, text in sorted(placed, key=lambda item: item[0]))


def _said(finding: Finding) -> str:
    return f"{finding.severity} {finding.rule} {one_line(finding.message)}"


def _becomes(entry: Entry) -> str:
    """The arrow points from the proposal's wording, quoted whenever it is more than the finding's own."""
    if entry.suggestion is None:
        return ""
    before = _quoted(entry.original) + " " if entry.proposal.span != entry.finding.span or entry.proposal.also else ""
    offer = "" if entry.status is Status.CHANGED else " (offered)"
    return f" {before}-> {_quoted(entry.suggestion.replacement)}{offer}"


def _quoted(text: str) -> str:
    return json.dumps(one_line(text), ensure_ascii=False)
