"""The keys: what each holds, what it may be, what it does; the JSON Schema of a settings file is made from them."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import msgspec
from msgspec import Meta

from mtcheck.schema import Severity
from mtcheck.settings.patterns import matches

PER_PATH = ("select", "ignore", "fast", "min_confidence", "severity", "fail_on", "target_column", "source_column")
"""Keys that a ``[per_path."PATTERN"]`` table may hold."""
RELATIVE = ("baseline", "decisions", "glossary", "names")
"""Keys that hold a path, which is relative to the folder of the settings file."""
WRITTEN = ("baseline", "decisions")
"""Those of them that commands write: there once they have been made."""
_READ = ("decisions", "glossary", "names")
_LEAVE_FINDINGS_ALONE = ("fail_on", "max_findings", "exclude", "baseline", "folder")


@dataclasses.dataclass(frozen=True, slots=True)
class Settings:
    """What is in force for one article; every field but ``folder`` is a key of a settings file.

    Paths are absolute, or relative to the current folder when an option gave them.
    folder: of the settings file, which the patterns of ``exclude`` are relative to.
    """

    translator: Annotated[
        str | None, Meta(description="Id (see `mtcheck models list`) or folder of the back-translator.")
    ] = None
    rewriter: Annotated[
        str | None,
        Meta(
            description="`review`: instruct model that proposes too: id, .gguf file, or http://localhost:PORT/v1#MODEL."
        ),
    ] = None
    fast: Annotated[
        bool, Meta(description="`check`: rules alone, no model is read. `review`: without the slow back-translator.")
    ] = False
    select: Annotated[tuple[str, ...], Meta(description="Only these rules or categories; empty is every rule.")] = ()
    ignore: Annotated[tuple[str, ...], Meta(description="Not these rules or categories.")] = ()
    min_confidence: Annotated[float, Meta(ge=0, le=1, description="Findings less sure than this are dropped.")] = 0.0
    severity: Annotated[Severity, Meta(description="`check`: findings milder than this are dropped.")] = Severity.MINOR
    fail_on: Annotated[Severity, Meta(description="`check`: the mildest severity that fails.")] = Severity.MINOR
    max_findings: Annotated[int, Meta(ge=0, description="`check`: how many findings that fail are let pass.")] = 0
    n_best: Annotated[int, Meta(ge=1, description="`review`: hypotheses asked of each round trip.")] = 4
    alternatives: Annotated[int, Meta(ge=1, description="`review`: wordings shown besides the original.")] = 3
    exclude: Annotated[
        tuple[str, ...], Meta(description="Files and folders that are not checked, as in a .gitignore file.")
    ] = ()
    baseline: Annotated[str | None, Meta(description="File of known findings, which are not reported.")] = None
    decisions: Annotated[str | None, Meta(description="File of what `mtcheck dismiss` and reviewers decided.")] = None
    glossary: Annotated[str | None, Meta(description="File of terms and their required translations.")] = None
    names: Annotated[str | None, Meta(description="File of names and their required spellings.")] = None
    target_column: Annotated[
        str | None, Meta(description="Of tables and JSON Lines: the column or field that holds the English text.")
    ] = None
    source_column: Annotated[
        str | None, Meta(description="Of tables and JSON Lines: the column or field that holds its Russian original.")
    ] = None
    folder: str = dataclasses.field(default="", compare=False)

    def excludes(self, path: str, *, is_folder: bool = False) -> bool:
        """True when the path, or a folder it lies in, fits ``exclude``."""
        return bool(self.exclude) and matches(self.exclude, self.folder, path, is_folder=is_folder)

    def fingerprint(self) -> str:
        """Twelve hexadecimal digits that differ whenever a setting, or a file it names, gives other findings."""
        values = {key: value for key, value in dataclasses.asdict(self).items() if key not in _LEAVE_FINDINGS_ALONE}
        values |= {key: _content_hash(values[key]) for key in _READ if values[key]}
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:12]


def _content_hash(path: str) -> str:
    try:
        state = os.stat(path)
        return _hash(path, state.st_size, state.st_mtime_ns)
    except OSError:  # not there yet, or whoever reads it will say what is wrong with it
        return ""


@cache
def _hash(path: str, _size: int, _changed: int) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


@cache
def types() -> dict[str, Any]:
    """The type, with bounds and description, of each key."""
    hints = get_type_hints(Settings, include_extras=True)
    del hints["folder"]
    return hints


def convert(key: str, value: Any) -> Any:
    """The value of a key as Settings holds it. Raises ValueError, which says what was expected."""
    try:
        return msgspec.convert(value, types()[key])
    except msgspec.ValidationError as error:
        if types()[key].__origin__ is Severity:
            raise ValueError(f"expected one of {', '.join(Severity)}") from error
        fault, _, place = str(error).replace("`", "").partition(" - at $")
        raise ValueError(f"{fault[:1].lower()}{fault[1:]}{f' at {place}' if place else ''}") from error


def json_schema(selectors: Collection[str]) -> dict[str, Any]:
    """JSON Schema of ``mtcheck.toml`` and of ``[tool.mtcheck]``, for editors.

    selectors: what ``select`` and ``ignore`` may name.
    """
    keys = {key: _property(key) for key in types()}
    for key in ("select", "ignore"):
        keys[key]["items"] = {"$ref": "#/$defs/Selector"}
    table = {"type": "object", "additionalProperties": False, "properties": {key: keys[key] for key in PER_PATH}}
    about = "Keys for the files that the pattern fits, as in a .gitignore file; later tables win."
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Settings of mtcheck",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            **keys,
            "per_path": {"description": about, "type": "object", "additionalProperties": {"$ref": "#/$defs/PerPath"}},
        },
        "$defs": {"PerPath": table, "Selector": {"type": "string", "enum": sorted(selectors)}},
    }


def _property(key: str) -> dict[str, Any]:
    """A key's schema in one piece: draft 7, which editors know best, reads nothing beside a ``$ref``."""
    schema = msgspec.json.schema(types()[key])
    if parts := schema.pop("$defs", None):
        schema = {"type": "string", **parts[schema.pop("$ref").rpartition("/")[2]], **schema}
        del schema["title"]
    default = Settings.__dataclass_fields__[key].default
    if default is None:  # TOML has no null: such a key is left out
        return {"description": schema["description"], "type": "string"}
    return schema | {"default": msgspec.to_builtins(default)}
