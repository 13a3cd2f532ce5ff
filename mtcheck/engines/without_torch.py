"""Import a library without what it brings along and nobody here asks for."""

from __future__ import annotations

import contextlib
import sys
import types
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


@contextlib.contextmanager
def without_commands() -> Iterator[None]:
    """Let an import of spaCy inside leave out its commands: with them come 18 MB of libraries for the network."""
    if "spacy" in sys.modules:
        yield
        return
    commands, info = types.ModuleType("spacy.cli"), types.ModuleType("spacy.cli.info")
    commands.__path__, info.info = [], None  # type: ignore[attr-defined]  # the one name that spaCy imports from there
    sys.modules.update({"spacy.cli": commands, "spacy.cli.info": info})
    try:
        yield
    finally:
        del sys.modules["spacy.cli"], sys.modules["spacy.cli.info"]
