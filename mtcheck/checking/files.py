"""Which files a run is about: as named, in folders, by pattern; less what settings exclude and git ignores."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from mtcheck.checking.gitignore import GitIgnores
from mtcheck.documents import FORMATS
from mtcheck.errors import InputError
from mtcheck.settings import Settings

_SUFFIXES = tuple(suffix for form in FORMATS.values() if form.in_folders for suffix in form.suffixes)
_EXCLUDED = "excluded by its settings (see mtcheck settings)"


@dataclass(frozen=True, slots=True)
class Met:
    """A file that a run meets. named: by the user, not in a walk; skipped: why it is not checked, or empty."""

    path: str
    named: bool
    skipped: str = ""


def collect(paths: Iterable[str], settings_of: Callable[[str], Settings], stdin_name: str = "<stdin>") -> list[Met]:
    """Every article to check, each file once, in order of first mention.

    Folders give the files in them with the ending of an article format, in order of path; hidden files and folders,
    linked folders, and what a .gitignore file of the same work tree lists are passed over, and so is what settings
    exclude. A name with ``*``, ``?`` or ``[`` that is no file is a pattern (``**`` crosses folders).
    A file that is named but excluded, and a folder without articles, are told as skipped.
    A path that is not there is met like any other: reading it fails, and the run goes on.
    Raises InputError for a folder that cannot be listed and a pattern that fits nothing.
    """
    found: dict[str, Met] = {}
    for path in paths:
        for met in _expand(path, settings_of, stdin_name):
            itself = met.path if path == "-" else os.path.realpath(met.path)
            first = found.setdefault(itself, met)
            if met.named and not first.named:
                found[itself] = Met(first.path, True, met.skipped)
    return list(found.values())


def _expand(path: str, settings_of: Callable[[str], Settings], stdin_name: str) -> Iterator[Met]:
    if path == "-":
        yield _named(stdin_name, settings_of)
    elif os.path.isdir(path):
        yield from _in_folder(path, settings_of)
    elif os.path.exists(path) or not glob.has_magic(path):  # what is not there is told when it is read
        yield _named(_clean(path), settings_of)
    else:
        matches = sorted(glob.glob(path, recursive=True))
        if not matches:
            raise InputError("fits no file", where=path, repair="check the pattern")
        for match in matches:
            if os.path.isdir(match):
                yield from _in_folder(match, settings_of)
            elif not (met := _named(_clean(match), settings_of)).skipped:
                yield met


def _named(path: str, settings_of: Callable[[str], Settings]) -> Met:
    return Met(path, True, _EXCLUDED if settings_of(path).excludes(path) else "")


def _in_folder(folder: str, settings_of: Callable[[str], Settings]) -> Iterator[Met]:
    ignores = GitIgnores.above(folder)
    if ignores.hides(folder, is_folder=True):  # whoever names an ignored folder means it
        ignores = GitIgnores()
    articles = [Met(path, False) for path in _walk(folder, settings_of, ignores)]
    excluded = settings_of(folder).excludes(folder, is_folder=True)
    why = _EXCLUDED if excluded else f"no article in it ({', '.join(_SUFFIXES)})"
    yield from articles or [Met(_clean(folder), False, why)]


def _walk(folder: str, settings_of: Callable[[str], Settings], outer: GitIgnores) -> Iterator[str]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        repair = "change its permissions"
        raise InputError(f"cannot be listed ({error.strerror})", where=folder, repair=repair) from error
    settings, ignores = settings_of(folder), outer.below(folder)
    for entry in entries:
        is_folder = entry.is_dir(follow_symlinks=False)
        if not (is_folder or (entry.is_file() and os.path.splitext(entry.name)[1].lower() in _SUFFIXES)):
            continue
        left_out = settings.excludes(entry.path, is_folder=is_folder) or ignores.hides(entry.path, is_folder=is_folder)
        if entry.name.startswith(".") or left_out:
            continue
        if is_folder:
            yield from _walk(entry.path, settings_of, ignores)
        else:
            yield _clean(entry.path)


def _clean(path: str) -> str:
    """The path as given, relative if it was, without dots that say nothing and with forward slashes."""
    return os.path.normpath(path).replace(os.sep, "/")
