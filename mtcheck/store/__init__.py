"""The model store: which models there are, which are here, and where.

Everything in this package but :func:`fetch` and :func:`fetch_hub` works with the network cut.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from mtcheck.errors import ModelError
from mtcheck.store import fetching, folders
from mtcheck.store.folders import CACHE_VARIABLE, cache_folder, is_fallback
from mtcheck.store.manifest import HUB_PREFIX, ROLES, ModelEntry, read_manifest
from mtcheck.store.wheels import Tick

__all__ = [
    "CACHE_VARIABLE",
    "HUB_PREFIX",
    "ROLES",
    "ModelEntry",
    "State",
    "Tick",
    "best",
    "cache_folder",
    "derive",
    "derived",
    "entry",
    "fetch",
    "fetch_hub",
    "is_fallback",
    "known",
    "locate",
    "manifest",
    "needed",
    "present",
    "state",
    "verify",
]


class State(StrEnum):
    """Where a model stands. ``damaged``: some files are missing or of the wrong size (hashes: see :func:`verify`)."""

    SHIPPED = "shipped"
    FETCHED = "fetched"
    ABSENT = "absent"
    DAMAGED = "damaged"


def manifest() -> tuple[ModelEntry, ...]:
    """The models of ``models/manifest.toml``, in its order. Raises ModelError when the manifest is not sound."""
    return read_manifest(folders.models_folder() / "manifest.toml")


def known() -> tuple[ModelEntry, ...]:
    """The models of the manifest, then those fetched from a hub by name."""
    return (*manifest(), *fetching.hub_entries())


def entry(model_id: str) -> ModelEntry:
    """The entry of a model, by its id (or ``hub:ORG/NAME`` without revision when one alone was fetched).

    Raises ModelError when no such model is known.
    """
    for model in known():
        if model.id == model_id:
            return model
    if model_id.startswith(HUB_PREFIX):
        found = [model for model in fetching.hub_entries() if model.id.partition("@")[0] == model_id]
        if len(found) == 1:
            return found[0]
        if found:
            raise ModelError(f"{model_id} was fetched at {len(found)} revisions", repair=f"name one: {found[0].id}")
        name = model_id if "@" in model_id else f"{model_id}@REVISION"
        raise ModelError(f"model {model_id} is not here", repair=f"run: mtcheck models fetch {name}")
    raise ModelError(f"there is no model {model_id!r}", repair="run: mtcheck models list")


def state(model: ModelEntry) -> State:
    """Where a model stands, by names and sizes of its files; fast."""
    if _shipped_here(model):
        return State.SHIPPED
    folder = folders.fetched_folder(model)
    if not folder.is_dir():
        return State.ABSENT
    return State.DAMAGED if fetching.bad_files(model, folder) else State.FETCHED


def present(model_id: str) -> bool:
    """True when the model is known and complete here."""
    try:
        return state(entry(model_id)) in (State.SHIPPED, State.FETCHED)
    except ModelError:
        return False


def locate(model_id: str) -> Path:
    """Path of a model: of its file when it has one, else of its folder.

    Raises ModelError, one line that names the command that repairs it, when it is absent or damaged.
    """
    model = entry(model_id)
    match state(model):
        case State.ABSENT:
            raise ModelError(f"model {model.id} is not here", repair=f"run: mtcheck models fetch {model.id}")
        case State.DAMAGED:
            fault = fetching.bad_files(model, folders.fetched_folder(model))[0]
            raise ModelError(f"model {model.id} is damaged: {fault}", repair=f"run: mtcheck models fetch {model.id}")
    folder = _folder(model)
    return folder / model.files[0].path if len(model.files) == 1 else folder


def best(role: str, direction: str) -> ModelEntry | None:
    """The best model present for a role and direction: shipped, then ``hub:`` models, then by manifest order."""
    ranked = sorted(
        (model for model in known() if model.role == role and direction in model.directions),
        key=lambda model: (state(model) is not State.SHIPPED, not model.id.startswith(HUB_PREFIX)),
    )
    return next((model for model in ranked if state(model) in (State.SHIPPED, State.FETCHED)), None)


def needed() -> tuple[ModelEntry, ...]:
    """The models that a review uses: for every role and direction the best present, else the first of the manifest.

    Models of role ``base``, from which only training starts, are not among them.
    """
    chosen: dict[str, ModelEntry] = {}
    for model in manifest():
        for direction in model.directions if model.role != "base" else ():
            first = next(other for other in manifest() if other.role == model.role and direction in other.directions)
            model_for = best(model.role, direction) or first
            if not model_for.id.startswith(HUB_PREFIX):  # those are here, or they would not be the best present
                chosen[model_for.id] = model_for
    return tuple(chosen.values())


def fetch(model_id: str, tick: Tick | None = None, waiting: Callable[[], None] | None = None) -> Path:
    """Fetch a model of the manifest unless it is here already (hashes checked); returns what :func:`locate` returns.

    tick: told bytes fetched, bytes in all and what is being done; waiting: called when another fetch is running.
    Raises ModelError; then nothing is left half-written.
    """
    model = next((model for model in manifest() if model.id == model_id), None)
    if model is None:
        raise ModelError(f"there is no model {model_id!r}", repair="run: mtcheck models list")
    here = state(model)
    if here is State.SHIPPED:
        return locate(model_id)
    if here is State.ABSENT or fetching.bad_files(model, folders.fetched_folder(model), hashes=True):
        fetching.fetch_entry(model, tick or _silent, waiting or _patient)
    return locate(model_id)


def fetch_hub(
    name: str,
    role: str = "translator",
    directions: tuple[str, ...] = (),
    tick: Tick | None = None,
    waiting: Callable[[], None] | None = None,
) -> Path:
    """Fetch any checkpoint ``hub:ORG/NAME@REVISION`` with safetensors weights; it is then known by that id.

    role, directions: what :func:`best` may use it for. Raises ModelError as :func:`fetch` does.
    """
    model = fetching.fetch_hub(name, role, directions, tick or _silent, waiting or _patient)
    return locate(model.id)


def verify(model_id: str) -> list[str]:
    """Hash every file of a model that is here: one clause for each bad file, none when all is well.

    Raises ModelError when the model is absent or unknown.
    """
    model = entry(model_id)
    if state(model) is State.ABSENT:
        raise ModelError(f"model {model.id} is not here", repair=f"run: mtcheck models fetch {model.id}")
    return fetching.bad_files(model, _folder(model), hashes=True)


def derived(model_id: str, kind: str) -> Path:
    """Folder for a converted form of a model (such as ``ctranslate2-int8``); it need not exist yet.

    The model's hash is in its name: a new version of the model gets a new folder.
    """
    return folders.derived_folder(entry(model_id), kind)


def derive(model_id: str, kind: str, convert: Callable[[Path, Path], None]) -> Path:
    """The converted form of a model, made on first use by ``convert(model, new folder)``.

    It appears whole or not at all, and two processes make it once. Raises ModelError when the model is not here.
    """
    target = derived(model_id, kind)
    if target.is_dir():
        return target
    source = locate(model_id)
    with fetching.alone(target.name, _patient):
        if not target.is_dir():
            folders.make(target.parent)
            with tempfile.TemporaryDirectory(dir=target.parent, prefix=".making-") as scratch:
                fresh = Path(scratch) / "new"
                fresh.mkdir()
                convert(source, fresh)
                os.replace(fresh, target)
    return target


def _shipped_here(model: ModelEntry) -> bool:
    return model.shipped is not None and not fetching.bad_files(model, folders.models_folder() / model.shipped.path)


def _folder(model: ModelEntry) -> Path:
    if model.shipped is not None and _shipped_here(model):
        return folders.models_folder() / model.shipped.path
    return folders.fetched_folder(model)


def _silent(_done: int, _total: int, _what: str) -> None:
    pass


def _patient() -> None:
    pass
