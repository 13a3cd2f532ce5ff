"""Every setting that can change a result, in one frozen record, and where its values come from.

``record`` holds the keys, ``files`` reads a settings file, ``sources`` joins files and options.
"""

from __future__ import annotations

import os
from typing import Any

from mtcheck.settings.record import Settings, json_schema, types
from mtcheck.settings.sources import Sources

__all__ = ["Settings", "Sources", "json_schema", "keys", "load"]


def keys() -> tuple[str, ...]:
    """The keys of a settings file that hold a value, in the order in which they are documented."""
    return tuple(types())


def load(path: str | os.PathLike[str], **options: Any) -> Settings:
    """Settings of an article, or of a folder: from the nearest settings file, then the options that are not None.

    Raises SettingsError on an unknown key or a bad value. Names of rules are taken on trust: see
    ``mtcheck.detection.sources``, which commands use.
    """
    return Sources(options)(os.fspath(path))
