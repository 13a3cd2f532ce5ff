"""Where models live: the folder that comes with mtcheck, and the user's cache."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import platformdirs

from mtcheck.errors import ModelError
from mtcheck.store.manifest import ModelEntry

CACHE_VARIABLE = "MTCHECK_CACHE"


def models_folder() -> Path:
    """``models/`` beside the package in a checkout, ``mtcheck/_models`` in an installed package."""
    package = Path(__file__).resolve().parent.parent
    checkout = package.parent / "models"
    return checkout if (checkout / "manifest.toml").is_file() else package / "_models"


def cache_folder() -> Path:
    """The cache: $MTCHECK_CACHE, else the system's folder for caches, else one in the temporary folder.

    The last is for accounts without a home folder that can be written. Nothing is created here.
    Raises ModelError when that last resort belongs to somebody else.
    """
    if chosen := os.environ.get(CACHE_VARIABLE):
        return Path(chosen).expanduser().absolute()
    usual = Path(platformdirs.user_cache_dir("mtcheck", appauthor=False))
    # Without a home folder "~" stays as it is, and the path would be relative to wherever we are.
    if usual.is_absolute() and (usual.is_dir() or _writable(usual)):
        return usual
    return _temporary()


def is_fallback() -> bool:
    """True when the cache is in the temporary folder, which the system may empty at any time."""
    return CACHE_VARIABLE not in os.environ and cache_folder() == _temporary()


def fetched_folder(entry: ModelEntry) -> Path:
    """Where the files of a fetched model are; the hash is in the name, so a new manifest never meets old files."""
    return cache_folder() / "models" / _name(entry)


def partial_folder(entry: ModelEntry) -> Path:
    """Where a fetch works; on the same file system as the result, which is moved into place whole."""
    return cache_folder() / "partial" / _name(entry)


def derived_folder(entry: ModelEntry, kind: str) -> Path:
    """Where a converted form of a model is or will be; beside the models, or elsewhere if that cannot be written."""
    usual = cache_folder() / "derived" / f"{_name(entry)}-{kind}"
    return usual if usual.is_dir() or _writable(usual) else _temporary() / "derived" / usual.name


def lock_file(name: str) -> Path:
    """The lock that keeps two processes from writing the same thing; its folder is made."""
    path = cache_folder() / "locks" / f"{name}.lock"
    if not _writable(path.parent):
        path = _temporary() / "locks" / path.name
    make(path.parent)
    return path


def make(folder: Path) -> None:
    """Make a folder of the cache. Raises ModelError when that is not possible."""
    last_resort = _temporary()
    try:
        if folder.is_relative_to(last_resort):
            last_resort.mkdir(exist_ok=True, mode=0o700)  # the temporary folder is everybody's
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        reason = fault.strerror or str(fault)
        repair = f"set {CACHE_VARIABLE} to a folder that can be written"
        raise ModelError(f"the cache folder cannot be made ({reason})", where=str(folder), repair=repair) from fault


def nearest(path: Path) -> Path:
    """The path itself, or the nearest folder above it that exists."""
    return next((folder for folder in (path, *path.parents) if folder.exists()), Path("/"))


def _writable(path: Path) -> bool:
    return os.access(nearest(path), os.W_OK | os.X_OK)


def _temporary() -> Path:
    user = os.getuid() if hasattr(os, "getuid") else None
    folder = Path(tempfile.gettempdir()) / ("mtcheck" if user is None else f"mtcheck-{user}")
    # A predictable name in a shared folder: whoever made it first could have put models there.
    if user is not None and folder.exists() and (folder.is_symlink() or folder.stat().st_uid != user):
        repair = f"set {CACHE_VARIABLE} to a folder of your own"
        raise ModelError("this folder belongs to another user", where=str(folder), repair=repair)
    return folder


def _name(entry: ModelEntry) -> str:
    safe = entry.id.replace(":", "--").replace("/", "--").replace("@", "--")
    return f"{safe}-{entry.digest[:12]}"
