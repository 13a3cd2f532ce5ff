"""One file per output format of ``mtcheck diff``, each with a pure ``render(comparison)``."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

from mtcheck.comparison import Comparison


def formats() -> tuple[str, ...]:
    """Names of every format, in alphabetical order."""
    return tuple(sorted(info.name for info in pkgutil.iter_modules(__path__) if not info.name.startswith("_")))


def render(comparison: Comparison, format: str, **options: Any) -> str | bytes:  # noqa: A002 - the word users know
    """The comparison in one of ``formats()``, as bytes where it is no text.

    ``options`` are that format's own (``text`` takes width and color).
    """
    report: str | bytes = importlib.import_module(f"{__name__}.{format}").render(comparison, **options)
    return report
