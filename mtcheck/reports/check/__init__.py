"""One file per format of a check's report; a format's name is its file's name.

Each file defines a pure ``render(run) -> str``. Files whose names start with an underscore hold what formats share.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

from mtcheck.checking import CheckRun
from mtcheck.reports.check._summary import summary

__all__ = ["formats", "render", "summary"]


def formats() -> tuple[str, ...]:
    """Names of every output format, in alphabetical order."""
    return tuple(sorted(info.name for info in pkgutil.iter_modules(__path__) if not info.name.startswith("_")))


def render(run: CheckRun, form: str, **options: Any) -> str:
    """The run in one of :func:`formats`; ``options`` are that format's own."""
    report: str = importlib.import_module(f"{__name__}.{form}").render(run, **options)
    return report
