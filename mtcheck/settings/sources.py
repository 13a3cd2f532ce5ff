"""From places to settings: a settings file, its tables for paths, and options, the later ones winning."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from typing import Any

from mtcheck.errors import SettingsError
from mtcheck.settings.files import Layer, SettingsFile, nearest, read, require_known
from mtcheck.settings.patterns import matches
from mtcheck.settings.record import Settings, convert, types

Origins = dict[str, tuple[str, ...]]
"""For each key that some place sets: those places, the one that came first in front."""


class Sources:
    """The options of a run and the settings files that it meets, each read once.

    options: by key; None and () stand for an option that was not given.
    selectors: what ``select`` and ``ignore`` may name; None leaves that to others.
    """

    def __init__(self, options: Mapping[str, Any], selectors: Collection[str] | None = None) -> None:
        given = {key: value for key, value in options.items() if value is not None and value != ()}
        self._options = Layer(
            {key: _option(key, value, selectors) for key, value in given.items()},
            {key: _flag(key) for key in given},
        )
        self._selectors = selectors
        self._nearest: dict[str, SettingsFile | None] = {}
        self._read: dict[str, SettingsFile] = {}
        self._settings: dict[tuple[str, ...], Settings] = {}

    def __call__(self, path: str) -> Settings:
        """The settings in force for a file or folder. Raises SettingsError for a file with a fault."""
        file, patterns, layers = self._layers(path)
        key = (file.folder if file else "", *patterns)
        if key not in self._settings:
            values, _ = _joined(layers)
            self._settings[key] = Settings(**values, folder=file.folder if file else "")
        return self._settings[key]

    def origins(self, path: str) -> Origins:
        """Where the settings of a file or folder come from. Raises SettingsError for a file with a fault."""
        return _joined(self._layers(path)[2])[1]

    def file(self, path: str) -> SettingsFile | None:
        """The settings file in force for a file or folder, if any. Raises SettingsError for one with a fault."""
        folder = os.path.abspath(path if os.path.isdir(path) else os.path.dirname(path))
        if folder not in self._nearest:
            found = nearest(folder)
            if found and found not in self._read:
                self._read[found] = read(found, self._selectors)
            self._nearest[folder] = self._read[found] if found else None
        return self._nearest[folder]

    def _layers(self, path: str) -> tuple[SettingsFile | None, tuple[str, ...], list[Layer]]:
        file = self.file(path)
        if not file:
            return None, (), [self._options]
        folder = os.path.isdir(path)
        fits = [(p, layer) for p, layer in file.per_path if matches((p,), file.folder, path, is_folder=folder)]
        layers = [file.layer, *(layer for _, layer in fits), self._options]
        return file, tuple(pattern for pattern, _ in fits), layers


def _option(key: str, value: Any, selectors: Collection[str] | None) -> Any:
    if key not in types():
        raise SettingsError(f"unknown setting “{key}”", repair=f"use one of {', '.join(types())}")
    try:
        converted = convert(key, value)
    except ValueError as error:
        raise SettingsError(f"{_flag(key)}: bad value {value!r}, {error}") from error
    if key in ("select", "ignore"):
        require_known(converted, selectors, where=_flag(key))
    return converted


def _flag(key: str) -> str:
    return f"--{key.replace('_', '-')}"


def _joined(layers: list[Layer]) -> tuple[dict[str, Any], Origins]:
    """Values and origins of all layers: what is ignored adds up, anything else is replaced.

    A rule that a layer selects by its name is no longer ignored by what an earlier one says.
    """
    values: dict[str, Any] = {}
    origins: Origins = {}
    for layer in layers:
        ignored, ignored_by = values.get("ignore", ()), origins.get("ignore", ())
        kept = tuple(name for name in ignored if name not in layer.values.get("select", ()))
        values |= layer.values
        origins |= {key: (origin,) for key, origin in layer.origins.items()}
        values["ignore"] = tuple(dict.fromkeys((*kept, *layer.values.get("ignore", ()))))
        if kept:
            origins["ignore"] = (*ignored_by, *((layer.origins["ignore"],) if "ignore" in layer.origins else ()))
        elif not values["ignore"]:
            origins.pop("ignore", None)
    return values, origins
