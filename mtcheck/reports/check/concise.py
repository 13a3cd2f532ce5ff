"""One line a finding: ``path:line:column: severity rule “words”: message -> "replacement"``."""

from __future__ import annotations

import json

from mtcheck.checking import CheckRun, PlacedFinding
from mtcheck.reports._visible import one_line


def render(run: CheckRun) -> str:
    """The new findings, one a line, in order of path and place; empty when there are none."""
    return "".join(
        f"{one_line(article.path)}:{finding.line}:{finding.column}: {_said(finding)}\n"
        for article in run.articles
        for finding in article.findings
        if not finding.known
    )


def _said(finding: PlacedFinding) -> str:
    becomes = f" -> {_quoted(finding.fixes[0].replacement)}" if finding.fixes else ""
    return f"{finding.severity} {finding.rule} {_quoted(finding.quote)}: {one_line(finding.message)}{becomes}"


def _quoted(text: str) -> str:
    return json.dumps(one_line(text), ensure_ascii=False)
