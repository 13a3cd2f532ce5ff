"""Reviewdog Diagnostic Format, one diagnostic a line."""

from __future__ import annotations

import json

from mtcheck.checking import CheckRun
from mtcheck.reports.check.rdjson import diagnostics
from mtcheck.reports.json import printable


def render(run: CheckRun) -> str:
    """The diagnostics of :mod:`rdjson`, one a line; empty when there are none."""
    return "".join(printable(json.dumps(one, ensure_ascii=False)) + "\n" for one in diagnostics(run))
