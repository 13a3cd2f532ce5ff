"""Settings files: where they are looked for, and what is wrong in one, with its line."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mtcheck.errors import SettingsError, did_you_mean
from mtcheck.settings.patterns import compiled
from mtcheck.settings.record import PER_PATH, RELATIVE, WRITTEN, convert, types

NAMES = (("mtcheck.toml", ()), ("pyproject.toml", ("tool", "mtcheck")))
"""File names in order of precedence, and the table of each that is ours."""

_HEADER = re.compile(r"\s*\[([^\[\]]+)\]\s*(?:#.*)?$")
_BARE = re.compile(r"[\w-]+|\"[^\"]*\"|'[^']*'")
_TOML_PLACE = re.compile(r" \(at line (\d+), column (\d+)\)")


@dataclass(frozen=True, slots=True)
class Layer:
    """Values that one place sets, and that place by key: ``path:line``, a path with its table, or an option."""

    values: Mapping[str, Any]
    origins: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """A settings file found valid.

    path: relative to the current folder when it lies in it; folder: absolute.
    per_path: a layer for each pattern, in the order of the file.
    """

    path: str
    folder: str
    layer: Layer
    per_path: tuple[tuple[str, Layer], ...]


def nearest(folder: str) -> str | None:
    """Path of the settings file in force in a folder: in it or the nearest above, none beyond a repository's root."""
    for here in (Path(folder), *Path(folder).parents):
        for name, table in NAMES:
            path = here / name
            if os.path.isfile(path) and (not table or _ours(path)):
                return str(path)
        if os.path.exists(here / ".git"):
            break
    return None


def _ours(path: Path) -> bool:
    """True when a pyproject.toml speaks of mtcheck; a broken one that does not is nobody's business here."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
        return "mtcheck" in text and _table(tomllib.loads(text), NAMES[1][1]) is not None
    except (tomllib.TOMLDecodeError, RecursionError):
        return "tool.mtcheck" in text
    except OSError:
        return False


def read(path: str, selectors: Collection[str] | None = None) -> SettingsFile:
    """The file at ``path``, every key and value of it checked.

    selectors: what ``select`` and ``ignore`` may name; None leaves that to others.
    Raises SettingsError with the line of the fault.
    """
    return _Reader(path, selectors).file()


def require_known(names: Iterable[str], selectors: Collection[str] | None, *, where: str) -> None:
    """Raise SettingsError for the first name that is no selector; None lets every name pass."""
    for name in names:
        if selectors is not None and name not in selectors:
            repair = did_you_mean(name, selectors) or "see `mtcheck rules`"
            raise SettingsError(f"unknown rule or category “{name}”", where=where, repair=repair)


class _Reader:
    """One file under examination; keeps its text for the line numbers."""

    def __init__(self, path: str, selectors: Collection[str] | None) -> None:
        self._path, self._selectors = _shown(path), selectors
        self._folder = os.path.dirname(path)
        self._prefix = dict(NAMES)[os.path.basename(path)]
        try:
            self._text = Path(path).read_text(encoding="utf-8")
            self._values = _table(tomllib.loads(self._text), self._prefix) or {}
        except tomllib.TOMLDecodeError as error:
            place = _TOML_PLACE.search(str(error))
            where = ":".join((self._path, *(place.groups() if place else ())))
            what = f"not valid TOML ({_TOML_PLACE.sub('', str(error))})"
            raise SettingsError(what, where=where, repair="correct the file") from error
        except RecursionError:
            raise SettingsError("nested too deep", where=self._path, repair="correct the file") from None
        except (UnicodeDecodeError, OSError) as error:
            raise SettingsError(f"cannot be read ({error})", where=self._path, repair="save it as UTF-8") from error

    def file(self) -> SettingsFile:
        per_path = self._values.pop("per_path", {})
        if not isinstance(per_path, dict) or not all(isinstance(table, dict) for table in per_path.values()):
            repair = 'write tables such as [per_path."drafts/**"]'
            raise self._error((), "per_path", "expected a table for each pattern", repair)
        layer = self._layer(self._values, (), (*types(), "per_path"))
        layers = tuple((pattern, self._pattern_layer(pattern, table)) for pattern, table in per_path.items())
        return SettingsFile(self._path, self._folder, layer, layers)

    def _pattern_layer(self, pattern: str, table: dict[str, Any]) -> Layer:
        self._compiles((pattern,), (), "per_path")
        return self._layer(table, ("per_path", pattern), PER_PATH)

    def _layer(self, values: dict[str, Any], table: tuple[str, ...], known: Iterable[str]) -> Layer:
        checked = {key: self._checked(key, value, table, known) for key, value in values.items()}
        return Layer(checked, {key: self._origin(table, key) for key in values})

    def _checked(self, key: str, value: Any, table: tuple[str, ...], known: Iterable[str]) -> Any:
        if key not in known:
            allowed = did_you_mean(key, known) or f"use one of {', '.join(known)}"
            raise self._error(table, key, f"unknown key “{key}”", allowed)
        try:
            converted = convert(key, value)
        except ValueError as error:
            raise self._error(table, key, f"{key}: bad value {value!r}, {error}", "see docs/settings.md") from error
        if key in ("select", "ignore"):
            require_known(converted, self._selectors, where=self._origin(table, key))
        if key == "exclude":
            self._compiles(converted, table, key)
        return self._beside(converted, key) if key in RELATIVE else converted

    def _compiles(self, patterns: tuple[str, ...], table: tuple[str, ...], key: str) -> None:
        try:
            compiled(patterns)
        except ValueError as error:
            raise self._error(table, key, f"{key}: {error}", "write it as in a .gitignore file") from error

    def _beside(self, name: str, key: str) -> str:
        path = os.path.normpath(os.path.join(self._folder, os.path.expanduser(name)))
        if key not in WRITTEN and not os.path.isfile(path):
            raise self._error((), key, f"{key}: no such file: {name}", "name a file, relative to this one")
        return path

    def _error(self, table: tuple[str, ...], key: str, what: str, repair: str) -> SettingsError:
        return SettingsError(what, where=self._origin(table, key), repair=repair)

    def _origin(self, table: tuple[str, ...], key: str) -> str:
        line = next(_lines_of(self._text, (*self._prefix, *table), key), None)
        if line:
            return f"{self._path}:{line}"
        name = ".".join((*self._prefix, *table))
        return f"{self._path} [{name}]" if name else self._path


def _lines_of(text: str, table: tuple[str, ...], key: str) -> Iterator[int]:
    """Lines, from 1, on which a key of a table is set as ``key = ...``; the parser of the standard library has none."""
    inside = not table
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            path = _keys(header[1])
            inside = path == table
            if path[: len(table) + 1] == (*table, key):
                yield number
        elif inside and (found := _BARE.match(line.lstrip())) and _keys(found.group()) == (key,):
            yield number


def _keys(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _BARE.findall(dotted))


def _table(values: Any, keys: tuple[str, ...]) -> dict[str, Any] | None:
    for key in keys:
        values = values.get(key) if isinstance(values, dict) else None
    return values if isinstance(values, dict) else None


def _shown(path: str) -> str:
    relative = os.path.relpath(path)
    return (path if relative.startswith("..") else relative).replace(os.sep, "/")
