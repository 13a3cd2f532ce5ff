"""One line a finding: ``path:line:column: severity rule "words": message -> "replacement"``."""

from __future__ import annotations

import json

from mtcheck.checking import Checked, CheckRun, PlacedFinding
from mtcheck.reports._visible import one_line
from mtcheck.reports.check._findings import new_in, path_of
from mtcheck.schema import Applicability, Severity

_COLORS = {Severity.CRITICAL: "1;31", Severity.MAJOR: "31", Severity.MINOR: "33", Severity.NEUTRAL: "36"}
_TRUST = {Applicability.SAFE: "", Applicability.REVIEW: " (offered)", Applicability.DISPLAY: " (only shown)"}


def render(run: CheckRun, *, color: bool = False) -> str:
    """The new findings, one a line, in order of path and place; empty when there are none.

    A replacement without a remark is safe: ``mtcheck fix`` makes it. color: with ANSI styles, for a terminal.
    """
    return "".join(
        f"{_styled(_place(article, finding), '1', color)}: {_said(finding, color)}\n"
        for article in run.articles
        for finding in new_in(article)
    )


def _place(article: Checked, finding: PlacedFinding) -> str:
    return f"{one_line(path_of(article))}:{finding.line}:{finding.column}"


def _said(finding: PlacedFinding, color: bool) -> str:
    grade = _styled(finding.severity, _COLORS[finding.severity], color)
    return f"{grade} {finding.rule} {_quoted(finding.quote)}: {one_line(finding.message)}{_becomes(finding, color)}"


def _becomes(finding: PlacedFinding, color: bool) -> str:
    if not finding.fixes:
        return ""
    best = finding.fixes[0]
    return f" -> {_styled(_quoted(best.replacement), '32', color)}{_TRUST[best.applicability]}"


def _quoted(text: str) -> str:
    return json.dumps(one_line(text), ensure_ascii=False)


def _styled(text: str, codes: str, color: bool) -> str:
    return f"\x1b[{codes}m{text}\x1b[0m" if color else text
