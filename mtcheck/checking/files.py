"""Which files a run is about: files as named, folders walked, patterns expanded."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from mtcheck.documents import FORMATS
from mtcheck.errors import InputError

_SUFFIXES = tuple(suffix for form in FORMATS.values() for suffix in form.suffixes)


def collect(paths: Iterable[str]) -> dict[str, bool]:
    """Every article to check, in order of first mention, and whether it was named itself.

    Folders give the files in them with the ending of an article format, in order of path; hidden files and folders are
    passed over. A name with ``*``, ``?`` or ``[`` that is no file is a pattern (``**`` crosses folders).
    Raises InputError for a path that is not there and a pattern that fits nothing.
    """
    found: dict[str, bool] = {}
    for path in paths:
        for article, named in _expand(path):
            article = article.replace(os.sep, "/")
            found[article] = found.get(article, False) or named
    return found


def _expand(path: str) -> Iterator[tuple[str, bool]]:
    if path == "-" or os.path.isfile(path):
        yield path, True
    elif os.path.isdir(path):
        yield from ((article, False) for article in _walk(path))
    elif glob.has_magic(path):
        matches = sorted(glob.glob(path, recursive=True))
        if not matches:
            raise InputError("fits no file", where=path, repair="check the pattern")
        for match in matches:
            if os.path.isdir(match):
                yield from ((article, False) for article in _walk(match))
            else:
                yield match, True
    else:
        raise InputError("no such file or folder", where=path, repair="check the path")


def _walk(folder: str) -> Iterator[str]:
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith(".") and Path(name).suffix.lower() in _SUFFIXES:
                yield os.path.normpath(os.path.join(here, name))
