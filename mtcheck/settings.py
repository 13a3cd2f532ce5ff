"""One frozen record of every setting that can change a result, and where it is read from."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import tomllib
from pathlib import Path
from typing import Any

from mtcheck.errors import SettingsError


@dataclasses.dataclass(frozen=True, slots=True)
class Settings:
    """What is in force for one run.

    translator: id or folder of the back-translator; None takes the best one present.
    fast: do without the slow instruct LM, whatever the translator.
    select, ignore: rule names; an empty ``select`` means every rule.
    min_confidence: findings below it are dropped, in [0, 1].
    severity: the mildest MQM severity that is reported; fail_on: the mildest that fails a check.
    max_findings: how many findings of that severity a check lets pass.
    n_best: hypotheses asked of each round trip, at least 1.
    alternatives: wordings kept for each proposal besides the original, at least 1.
    """

    translator: str | None = None
    fast: bool = False
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    min_confidence: float = 0.0
    severity: str = "minor"
    fail_on: str = "minor"
    max_findings: int = 0
    n_best: int = 4
    alternatives: int = 3

    def fingerprint(self) -> str:
        """Twelve hexadecimal digits that differ whenever a setting does."""
        text = json.dumps(dataclasses.asdict(self), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


_KINDS: dict[str, type | tuple[type, ...]] = {
    "translator": str,
    "fast": bool,
    "select": list,
    "ignore": list,
    "min_confidence": (int, float),
    "severity": str,
    "fail_on": str,
    "max_findings": int,
    "n_best": int,
    "alternatives": int,
}


def load(start: Path, **options: Any) -> Settings:
    """Settings from the nearest ``mtcheck.toml`` or ``[tool.mtcheck]`` at or above ``start``, then the options.

    Options that are None leave the file's value. Raises SettingsError on an unknown key or a bad value.
    """
    values = _from_file(start.resolve()) | {key: value for key, value in options.items() if value is not None}
    frozen: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}
    return Settings(**frozen)


def _from_file(start: Path) -> dict[str, Any]:
    for folder in (start, *start.parents):
        for name, table in (("mtcheck.toml", ()), ("pyproject.toml", ("tool", "mtcheck"))):
            path = folder / name
            if path.is_file() and (values := _table(path, table)) is not None:
                return _checked(values, path)
    return {}


def _table(path: Path, keys: tuple[str, ...]) -> dict[str, Any] | None:
    try:
        values: Any = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        if keys:  # somebody else's pyproject.toml: not ours to judge
            return None
        raise SettingsError(f"not valid TOML ({error})", where=str(path), repair="correct the file") from error
    for key in keys:
        values = values.get(key)
        if not isinstance(values, dict):
            return None
    return dict(values)


def _checked(values: dict[str, Any], path: Path) -> dict[str, Any]:
    for key, value in values.items():
        if key not in _KINDS:
            raise SettingsError(f"unknown key “{key}”", where=str(path), repair=f"use one of {', '.join(_KINDS)}")
        if not isinstance(value, _KINDS[key]) or (isinstance(value, bool) and _KINDS[key] is not bool):
            raise SettingsError(f"bad value for “{key}”: {value!r}", where=str(path), repair="see docs/settings.md")
    return values
