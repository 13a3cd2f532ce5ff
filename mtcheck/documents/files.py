"""Whole files in and out: one clear line when something is in the way, nothing ever half-written."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from mtcheck.errors import InputError, OutputError


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """The bytes of a file. Raises InputError when it is missing, a folder or unreadable."""
    where = os.fspath(path)
    try:
        return Path(path).read_bytes()
    except FileNotFoundError:
        raise InputError("no such file", where=where, repair="check the path") from None
    except IsADirectoryError:
        raise InputError("is a folder, not an article", where=where, repair="name a file in it") from None
    except PermissionError:
        raise InputError("may not be read (permission denied)", where=where, repair="change its permissions") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(f"cannot be read ({reason})", where=where, repair="check the path") from None


def replace_file(path: str | os.PathLike[str], data: bytes) -> None:
    """Write a whole file so that a reader sees either the old bytes or the new ones.

    Links are followed, the mode of an existing file is kept; pipes and devices are written to
    directly. Raises OutputError, and leaves what stood there, when it cannot be written.
    """
    where = os.fspath(path)
    try:
        target = Path(os.path.realpath(path))
        mode = target.stat().st_mode if target.exists() else None
        if mode is not None and stat.S_ISDIR(mode):
            raise OutputError("is a folder", where=where, repair="name a file in it")
        if mode is not None and not os.access(target, os.W_OK):
            raise OutputError("may not be written (permission denied)", where=where, repair="name another file")
        if mode is not None and not stat.S_ISREG(mode):
            target.write_bytes(data)
        else:
            _swap_in(target, data, mode)
    except (FileNotFoundError, NotADirectoryError):
        folder = os.path.dirname(where) or "."
        raise OutputError("cannot be written", where=where, repair=f"create the folder {folder} first") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise OutputError(f"cannot be written ({reason})", where=where, repair="name another file") from None


def _swap_in(target: Path, data: bytes, mode: int | None) -> None:
    """Write beside the target, flush to disk, then rename over it."""
    # Opened with the default mode, so that a new file gets what the umask grants, not a temporary file's 0600.
    temporary = target.with_name(f".mtcheck-{secrets.token_hex(8)}.tmp")
    try:
        descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o666)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            temporary.chmod(stat.S_IMODE(mode))
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
