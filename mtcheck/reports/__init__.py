"""One file per output format; a format's name is its file's name.

Each file defines a pure ``render(review)`` that returns text, or bytes where the format is no text. Files
whose names start with an underscore hold what formats share.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from typing import Any, TextIO

from mtcheck.errors import OutputError, SettingsError
from mtcheck.reports._remarks import revisions
from mtcheck.reports._visible import one_line, visible
from mtcheck.schema import Review

COMPARED = ("docx", "json", "markdown", "report")
"""The formats that set the article beside its cleaned text."""
__all__ = ["COMPARED", "echo", "formats", "one_line", "render", "revisions", "visible", "wants_color"]


def formats() -> tuple[str, ...]:
    """Names of every output format, in alphabetical order."""
    return tuple(
        sorted(info.name for info in pkgutil.iter_modules(__path__) if not info.ispkg and not info.name.startswith("_"))
    )


def render(review: Review, format: str, **options: Any) -> str | bytes:  # noqa: A002 - the word users know
    """The review in a format; ``options`` are that format's own (``full`` takes ``width`` and ``color``).

    Those of ``COMPARED`` take a ``comparison`` of the two versions, where more of them is known.

    Raises SettingsError when there is no such format.
    """
    if format not in formats():
        raise SettingsError(f"unknown format “{format}”", repair=f"use one of {', '.join(formats())}")
    report: str | bytes = importlib.import_module(f"{__name__}.{format}").render(review, **options)
    return report


def echo(report: str | bytes) -> None:
    """Write a report to stdout. Raises OutputError for one that is no text and a stdout that is a terminal."""
    import click

    if isinstance(report, bytes) and sys.stdout.isatty():
        raise OutputError("this format is no text for a terminal", repair="send it to a file: > report.docx")
    click.echo(report, nl=False)


def wants_color(stream: TextIO) -> bool:
    """Whether a stream should get ANSI colour: a terminal, not a dumb one, and NO_COLOR not set (no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
