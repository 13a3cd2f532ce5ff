"""Import a library that uses torch where it finds it, without torch."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator


@contextlib.contextmanager
def without_torch() -> Iterator[None]:
    """Let imports inside find no torch, unless it is loaded already: importing it takes 2.3 s and 185 MB."""
    if "torch" in sys.modules:
        yield
        return
    sys.modules["torch"] = None  # type: ignore[assignment]  # the import system's own mark for "not to be found"
    try:
        yield
    finally:
        sys.modules.pop("torch", None)
