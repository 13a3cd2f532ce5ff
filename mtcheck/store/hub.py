"""Fetching from a model hub at a pinned commit, through huggingface_hub (its endpoint, token and proxy settings).

Only data comes in: safetensors weights, tokenizer and configuration files. Pickled weights and Python files never do.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Any

from mtcheck.errors import ModelError
from mtcheck.store.manifest import HUB_PREFIX, Hub, ModelEntry, ModelFile, is_inside
from mtcheck.store.wheels import Tick

PICKLED = frozenset({".bin", ".pt", ".pth", ".pkl", ".ckpt"})
_WANTED = frozenset({".safetensors", ".json", ".spm", ".model", ".txt", ".md"})
_POLL_SECONDS = 0.2
_BUFFER = 1 << 20


def parse_hub_id(name: str) -> Hub:
    """The repository and commit of ``hub:ORG/NAME@REVISION``. Raises ModelError when it is not of that form."""
    repo, _, revision = name.removeprefix(HUB_PREFIX).partition("@")
    try:
        return Hub(repo, revision)
    except ValueError as fault:
        repair = f"write {HUB_PREFIX}ORG/NAME@REVISION with the 40-digit commit that the model's page shows"
        raise ModelError(str(fault), where=name, repair=repair) from fault


def fetch_listed(entry: ModelEntry, origin: Hub, work: Path, tick: Tick) -> Path:
    """Folder with the files that the manifest lists, not yet verified, inside ``work``; finished ones are kept."""
    out = work / "hub"
    pickled = [file.path for file in entry.files if PurePosixPath(file.path).suffix in PICKLED]
    if pickled:
        raise ModelError(f"{pickled[0]} is a pickle, which can run code when loaded; it was refused")
    _download_all(origin, [(file.path, file.size) for file in entry.files], out, tick)
    shutil.rmtree(out / ".cache", ignore_errors=True)
    return out


def fetch_unlisted(
    name: str, role: str, directions: tuple[str, ...], work: Path, tick: Tick
) -> tuple[ModelEntry, Path]:
    """A checkpoint that no manifest lists: its entry, made from what was downloaded, and the folder inside ``work``.

    Each file is checked against the hash that the hub states for it at this commit; the sha256 that later checks
    use are then our own. Raises ModelError when the hub cannot be reached or has no safetensors weights.
    """
    origin = parse_hub_id(name)
    info = _model_info(origin)
    wanted = _wanted(origin, info.siblings or [])
    out = work / "hub"
    _download_all(origin, [(file.rfilename, file.size or 0) for file in wanted], out, tick)
    shutil.rmtree(out / ".cache", ignore_errors=True)
    for file in wanted:
        _check_against_hub(out / file.rfilename, file)
    files = tuple(
        ModelFile(file.rfilename, hash_file(out / file.rfilename), (out / file.rfilename).stat().st_size)
        for file in wanted
    )
    licence = str((info.card_data or {}).get("license") or "not stated")
    about = "fetched by name; not part of mtcheck's manifest"
    return ModelEntry(name, role, directions, "huggingface", licence, about, files, (origin,)), out


def hash_file(path: Path) -> str:
    """sha256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _wanted(origin: Hub, siblings: list[Any]) -> list[Any]:
    """The files of a repository that an engine reads: those at its top, by kind; non-empty, weights included."""
    top = [file for file in siblings if "/" not in file.rfilename and is_inside(file.rfilename) and file.size]
    wanted = [file for file in top if PurePosixPath(file.rfilename).suffix in _WANTED]
    if not any(file.rfilename.endswith(".safetensors") for file in wanted):
        pickled = [file.rfilename for file in top if PurePosixPath(file.rfilename).suffix in PICKLED]
        has = f"only {pickled[0]}, a pickle, which can run code when loaded" if pickled else "none"
        repair = "choose a revision that has them (often the commit of a pull request), or convert a copy yourself"
        where = f"{origin.repo}@{origin.revision[:12]}"
        raise ModelError(f"no safetensors weights: {has}", where=where, repair=repair)
    return wanted


def _check_against_hub(path: Path, file: Any) -> None:
    if file.lfs is not None:
        right = hash_file(path) == file.lfs.sha256
    else:
        content = path.read_bytes()
        blob = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False)
        right = file.blob_id is None or blob.hexdigest() == file.blob_id
    if not right:
        shutil.rmtree(path.parent)  # or the next fetch would take it for finished
        raise ModelError(f"{file.rfilename} does not match the hash that the hub states for it; it was refused")


def _model_info(origin: Hub) -> Any:
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")  # read when the library is first imported
    from huggingface_hub import HfApi

    with _one_line(origin):
        return HfApi().model_info(origin.repo, revision=origin.revision, files_metadata=True)


def _download_all(origin: Hub, files: list[tuple[str, int]], out: Path, tick: Tick) -> None:
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from huggingface_hub import hf_hub_download
    from huggingface_hub.utils.tqdm import disable_progress_bars

    disable_progress_bars()
    total = sum(size for _, size in files)
    with _watching(out, total, tick), _one_line(origin):
        for path, _ in files:
            hf_hub_download(origin.repo, path, revision=origin.revision, local_dir=out)
    tick(total, total, origin.repo)


@contextmanager
def _watching(folder: Path, total: int, tick: Tick) -> Iterator[None]:
    """Report the bytes in a folder while something fills it."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(_POLL_SECONDS):
            tick(min(total, _bytes_below(folder)), total, "from the model hub")

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def _bytes_below(folder: Path) -> int:
    total = 0
    for place, _, names in os.walk(folder):  # unlike rglob, it bears with folders that go away meanwhile
        for name in names:
            with suppress(OSError):  # it was moved into place
                total += Path(place, name).stat().st_size
    return total


@contextmanager
def _one_line(origin: Hub) -> Iterator[None]:
    """Turn what huggingface_hub raises into one line that says what to do."""
    from huggingface_hub import errors

    where = f"{origin.repo}@{origin.revision[:12]}"
    try:
        yield
    except errors.GatedRepoError as fault:
        repair = "accept its terms on its page and log in with huggingface_hub's own command"
        raise ModelError(
            "the model hub gives this model only to those who asked", where=where, repair=repair
        ) from fault
    except errors.RepositoryNotFoundError as fault:
        raise ModelError("the model hub has no such model, or it is private", where=where) from fault
    except errors.RevisionNotFoundError as fault:
        raise ModelError("the model hub has no such revision of it", where=where) from fault
    except errors.RemoteEntryNotFoundError as fault:
        raise ModelError("the model hub lacks a file of it at this revision", where=where) from fault
    except errors.OfflineModeIsEnabled as fault:
        raise ModelError("huggingface_hub is set offline", where=where, repair="unset HF_HUB_OFFLINE") from fault
    except Exception as fault:  # the HTTP client underneath raises its own kinds, which differ by version
        said = (str(fault).strip().splitlines() or [type(fault).__name__])[0]
        raise ModelError(f"the model hub cannot be reached or failed: {said}", where=where) from fault
