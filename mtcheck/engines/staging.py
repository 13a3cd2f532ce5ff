"""A folder that appears complete or not at all: filled beside its place, then moved there."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from mtcheck.errors import ModelError


@contextlib.contextmanager
def staged_folder(folder: Path) -> Iterator[Path]:
    """An empty folder to fill; on leaving without an error it becomes ``folder``.

    When another process was first, its folder stays and this one is dropped.
    Raises ModelError when the place cannot be written.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        staged = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise ModelError(
            f"the converted model cannot be kept here ({error.strerror})",
            where=str(folder),
            repair="set MTCHECK_CACHE to a folder that can be written",
        ) from error
    try:
        yield staged
        staged.chmod(0o755)
        with contextlib.suppress(OSError):
            # an incomplete or empty folder of an earlier attempt gives way; a complete one is never offered here
            folder.rmdir()
        if not folder.exists():
            with contextlib.suppress(FileExistsError):
                staged.replace(folder)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
