"""One file per output format; a format's name is its file's name.

Each file defines a pure ``render(review) -> str``. Files whose names start with an underscore hold
what formats share.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
from typing import Any, TextIO

from mtcheck.errors import SettingsError
from mtcheck.reports._remarks import revisions
from mtcheck.reports._visible import one_line, visible
from mtcheck.schema import Review

__all__ = ["formats", "one_line", "render", "revisions", "visible", "wants_color"]


def formats() -> tuple[str, ...]:
    """Names of every output format, in alphabetical order."""
    return tuple(
        sorted(info.name for info in pkgutil.iter_modules(__path__) if not info.ispkg and not info.name.startswith("_"))
    )


def render(review: Review, format: str, **options: Any) -> str:  # noqa: A002 - the word users know
    """The review in a format; ``options`` are that format's own (``full`` takes ``width`` and ``color``).

    Raises SettingsError when there is no such format.
    """
    if format not in formats():
        raise SettingsError(f"unknown format “{format}”", repair=f"use one of {', '.join(formats())}")
    report: str = importlib.import_module(f"{__name__}.{format}").render(review, **options)
    return report


def wants_color(stream: TextIO) -> bool:
    """Whether a stream should get ANSI colour: a terminal, not a dumb one, and NO_COLOR not set (no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
