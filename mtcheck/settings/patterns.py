"""Patterns in the manner of a .gitignore file, by pathspec."""

from __future__ import annotations

import os
import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


def matches(patterns: tuple[str, ...], folder: str, path: str, *, is_folder: bool = False) -> bool:
    """True when the patterns, which are relative to ``folder``, fit the path or a folder above it.

    Raises ValueError for a pattern that git would refuse.
    """
    inside = os.path.relpath(os.path.abspath(path), folder).replace(os.sep, "/")
    return not inside.startswith("../") and compiled(patterns).match_file(inside + "/" * is_folder)


@cache
def compiled(patterns: tuple[str, ...]) -> GitIgnoreSpec:
    """The patterns, ready to match. Raises ValueError for one that git would refuse."""
    from pathspec import GitIgnoreSpec  # costs about 10 ms, and most runs have no pattern

    try:
        return GitIgnoreSpec.from_lines(patterns)
    except re.error as error:  # [z-a]
        raise ValueError(f"Invalid git pattern: {error}") from error
