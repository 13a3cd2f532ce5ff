"""What the files of a shipped model hold, told by their hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from mtcheck.errors import ModelError


def content_digest(folder: Path, names: Iterable[str], model: str) -> str:
    """First twelve hexadecimal digits of the SHA-256 of the files, one after the other.

    Raises ModelError, which calls the model ``model``, when one is missing.
    """
    digest = hashlib.sha256()
    for name in names:
        path = folder / name
        if not path.is_file():
            raise ModelError(f"the {model} lacks a file", where=str(path), repair="restore models/")
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()[:12]
