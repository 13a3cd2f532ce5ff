"""One JSON record a line: every finding, known ones included, and every error and warning, marked by ``type``."""

from __future__ import annotations

import json

from mtcheck.checking import CheckRun
from mtcheck.reports.check.json import errors, findings, warnings
from mtcheck.reports.json import printable


def render(run: CheckRun) -> str:
    """The records in order of path and place; empty when there is nothing to say."""
    kinds = {"finding": findings, "error": errors, "warning": warnings}
    return "".join(
        printable(json.dumps({"type": name, **record}, ensure_ascii=False)) + "\n"
        for article in run.articles
        for name, records in kinds.items()
        for record in records(article)
    )
