"""Which two versions of an article are compared: two files, or one file at two times in git.

``REV:path`` is git's own name for a file in a revision; a file that is really called so comes first.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from mtcheck import documents
from mtcheck.checking.revisions import Repository, read_object
from mtcheck.errors import InputError, SettingsError
from mtcheck.schema import Document
from mtcheck.settings import Settings, load


@dataclass(frozen=True, slots=True)
class Versions:
    """Two versions of an article; ``path`` is where it lies, which decides the settings for both."""

    before: Document
    after: Document
    path: str


def read_versions(names: Sequence[str], revisions: str | None = None) -> Versions:
    """The versions that two names stand for, or one file in HEAD, or in a revision, and now.

    names: files, ``-`` or ``REV:path``; exactly one of them when there are revisions.
    revisions: ``A`` (the file in A, and as it lies there), ``A..B`` (in A and in B), ``A...B`` (where A and B parted,
    and in B); an empty side is HEAD.
    Raises InputError and SettingsError.
    """
    if len(names) == 1:
        return _in_time(names[0], revisions or "HEAD")
    if revisions is not None or len(names) != 2:
        fault = "with --rev there is one file" if revisions is not None else "two versions can be compared"
        raise SettingsError(f"{fault}, not {len(names)}", repair="see mtcheck diff --help")
    path = names[1] if names[1] != "-" else names[0]
    return Versions(_read(names[0]), _read(names[1]), path if _is_file(path) else path.partition(":")[2])


def _read(name: str) -> Document:
    if name == "-":
        return documents.read(name)
    if _is_file(name):
        return documents.read(name, format_name=_format_of(name))
    return documents.read_data(read_object(name), name, format_name=_format_of(name.partition(":")[2]))


def _format_of(path: str) -> str:
    """By the file's ending, and by its settings, which may name the columns of a table."""
    return documents.format_of(path, load(path))


def _is_file(name: str) -> bool:
    return name == "-" or ":" not in name or os.path.exists(name)


def _in_time(path: str, revisions: str) -> Versions:
    repository = Repository.around(path)
    name = repository.name(path)
    first, dots, last = revisions.partition("..")
    since_parted, last = last.startswith("."), last.removeprefix(".") or "HEAD"
    first = first or "HEAD"
    old = repository.merge_base(first, last) if since_parted else repository.commit(first)
    new = repository.commit(last) if dots else None
    old_name = repository.changed(old, new).get(name, name) or name
    settings = load(path)
    before = _at(repository, old, old_name, old[:9] if since_parted else first, settings)
    return Versions(before, _at(repository, new, name, last, settings) if new else _read(path), path)


def _at(repository: Repository, commit: str, name: str, revision: str, settings: Settings) -> Document:
    data = repository.read(commit, name)
    label = f"{revision}:{name}"
    if data is None:
        raise InputError(f"there is no such file in {revision}", where=label, repair="name another revision")
    return documents.read_data(data, label, format_name=documents.format_of(name, settings))
