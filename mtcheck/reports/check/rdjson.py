"""Reviewdog Diagnostic Format, one JSON object: for reviewdog and other tools that post suggestions to a review.

Columns count bytes of UTF-8 from 1 and ends are exclusive, as the format has it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from mtcheck.checking import CheckRun, PlacedFinding
from mtcheck.reports._visible import visible
from mtcheck.reports.check._findings import LEVELS, edits, new_in, path_of, reason, said
from mtcheck.reports.json import printable

_SEVERITIES = {"error": "ERROR", "warning": "WARNING", "note": "INFO"}
_SOURCE = {"name": "mtcheck"}


def render(run: CheckRun) -> str:
    """The new findings with their edits as suggestions, and what could not be checked."""
    result = {"source": _SOURCE, "diagnostics": list(diagnostics(run))}
    return printable(json.dumps(result, ensure_ascii=False, indent=2) + "\n")


def diagnostics(run: CheckRun) -> Iterator[dict[str, Any]]:
    """A ``Diagnostic`` for each new finding, and one without a range for each article that could not be checked."""
    for article in run.articles:
        path = visible(path_of(article))
        if article.error:
            message = f"could not be checked: {reason(article)}"
            yield {"message": message, "location": {"path": path}, "severity": "ERROR", "source": _SOURCE}
        for finding in new_in(article):
            yield _diagnostic(path, finding)


def _diagnostic(path: str, finding: PlacedFinding) -> dict[str, Any]:
    place = {
        "start": {"line": finding.line, "column": finding.byte_column},
        "end": {"line": finding.end_line, "column": finding.end_byte_column},
    }
    return {
        "message": said(finding),
        "location": {"path": path, "range": place},
        "severity": _SEVERITIES[LEVELS[finding.severity]],
        "source": _SOURCE,
        "code": {"value": finding.rule},
        "suggestions": [{"range": place, "text": fix.replacement} for fix in edits(finding)],
    }
