"""A GitLab Code Quality report: the JSON array that ``artifacts: reports: codequality`` reads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from mtcheck.checking import Checked, CheckRun
from mtcheck.reports._visible import visible
from mtcheck.reports.check._findings import identified, path_of, reason, said
from mtcheck.reports.json import printable
from mtcheck.schema import Severity

_SEVERITIES = {
    Severity.CRITICAL: "critical",
    Severity.MAJOR: "major",
    Severity.MINOR: "minor",
    Severity.NEUTRAL: "info",
}


def render(run: CheckRun) -> str:
    """The new findings, and as blockers what could not be checked; an empty array when there is neither."""
    issues = [issue for article in run.articles for issue in _issues(article)]
    return printable(json.dumps(issues, ensure_ascii=False, indent=2) + "\n")


def _issues(article: Checked) -> Iterator[dict[str, Any]]:
    for finding, identity in identified(article):
        if not finding.known:
            yield {
                "description": said(finding),
                "check_name": finding.rule,
                "fingerprint": _fingerprint(article, identity),
                "severity": _SEVERITIES[finding.severity],
                "location": {
                    "path": visible(path_of(article)),
                    "lines": {"begin": finding.line, "end": finding.end_line},
                },
            }
    if article.error:
        yield {
            "description": f"Could not be checked: {reason(article)}",
            "check_name": "not-checked",
            "fingerprint": _fingerprint(article, "not-checked"),
            "severity": "blocker",
            "location": {"path": visible(path_of(article)), "lines": {"begin": 1}},
        }


def _fingerprint(article: Checked, identity: str) -> str:
    """Unlike every other in the report, because GitLab drops all but the first of equal ones."""
    return hashlib.sha256(f"{path_of(article)}\0{identity}".encode("utf-8", "surrogatepass")).hexdigest()
