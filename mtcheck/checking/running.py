"""Check files one by one or in several processes, looking up first what was checked before.

Results come in the order of the jobs, the same for any number of processes. The cache is keyed by the file's bytes, the
settings, the models and this package's own files, so nothing stale is ever shown; engines open only for what it lacks.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from pathlib import Path
from typing import Any

from mtcheck import documents
from mtcheck.checking.article import Checked, check_document
from mtcheck.checking.placing import PlacedFinding
from mtcheck.engines import Engines
from mtcheck.errors import InputError, MtcheckError, OtherLanguageError
from mtcheck.schema import Applicability, Fix, Severity, to_json
from mtcheck.settings import Settings

FILE_NAME = "checks.sqlite3"
_WAITING_FOR_EACH_PROCESS = 4
_FILES_FOR_A_PROCESS = {True: 100, False: 4}
"""Files that make one more process worth its start, with rules alone (about 0.4 s) and with models (about 3 s)."""


@dataclasses.dataclass(frozen=True, slots=True)
class Job:
    """One article to check: its path, whether the user named it (a walk merely met it), and the settings for it."""

    path: str
    named: bool
    settings: Settings


@dataclasses.dataclass(frozen=True, slots=True)
class Options:
    """How to run, none of which changes a result.

    processes: 0 takes as many as pay; cache: folder of the results of earlier runs, None for none.
    """

    processes: int = 0
    cache: Path | None = None


def check_paths(jobs: Iterable[Job], options: Options, models: str, read: Callable[[str], bytes]) -> Iterator[Checked]:
    """Each job's article checked, in order; a file that cannot be read gives an error record, the others go on.

    models: signature of the models in use; read: gives the bytes of a path (standard input included).
    Raises SettingsError and ModelError, which concern every article.
    """
    results = _Results(options.cache, models)
    waiting: deque[tuple[Job, str, Checked | Future[Checked]]] = deque()
    with _Workers(options.processes, jobs := list(jobs)) as workers:
        for job in jobs:
            try:
                data = read(job.path)
            except InputError as error:
                waiting.append((job, "", Checked(job.path, error=str(error))))
                continue
            key = results.key(job, data)
            waiting.append((job, key, results.get(key, job.path) or workers.submit(job, data)))
            while len(waiting) > workers.room:
                yield _finished(*waiting.popleft(), results)
        while waiting:
            yield _finished(*waiting.popleft(), results)


def check_bytes(job: Job, data: bytes) -> Checked:
    """One article checked in this process."""
    try:
        document = documents.read_data(data, job.path)
    except OtherLanguageError as error:
        if job.named:
            return Checked(job.path, error=str(error))
        return Checked(job.path, warnings=(f"{job.path}: skipped, {error.what}",))
    except InputError as error:
        return Checked(job.path, error=str(error))
    return check_document(document, Engines() if job.settings.fast else _engines(), job.settings)


def _finished(job: Job, key: str, outcome: Checked | Future[Checked], results: _Results) -> Checked:
    if isinstance(outcome, Checked):
        return outcome
    try:
        checked = outcome.result()
    except BrokenProcessPool as error:
        repair = "use --jobs 1, or give the machine more memory"
        raise MtcheckError("a process ended unexpectedly", where=job.path, repair=repair) from error
    results.put(key, checked)
    return checked


@cache
def _engines() -> Engines:
    from mtcheck.engines.load import open_detecting

    return open_detecting()


class _Workers:
    """Other processes when there is enough to do for several, this one otherwise."""

    def __init__(self, processes: int, jobs: list[Job]) -> None:
        fast = all(job.settings.fast for job in jobs)
        worthwhile = min(os.cpu_count() or 1, len(jobs) // _FILES_FOR_A_PROCESS[fast])
        self._count = processes or max(1, worthwhile)
        self._pool: ProcessPoolExecutor | None = None
        self.room = self._count * _WAITING_FOR_EACH_PROCESS if self._count > 1 else 0

    def __enter__(self) -> _Workers:
        return self

    def __exit__(self, *error: object) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def submit(self, job: Job, data: bytes) -> Future[Checked]:
        """The promise of a result; already kept when there is one process only."""
        if self._count > 1:
            self._pool = self._pool or _pool(self._count)
            return self._pool.submit(check_bytes, job, data)
        done: Future[Checked] = Future()
        done.set_result(check_bytes(job, data))
        return done


def _pool(count: int) -> ProcessPoolExecutor:
    # Spawned, not forked: model libraries start threads, which a fork would leave half alive.
    from multiprocessing import get_context

    return ProcessPoolExecutor(count, mp_context=get_context("spawn"))


class _Results:
    """Results of earlier runs on disk; None as the folder remembers nothing."""

    def __init__(self, folder: Path | None, models: str) -> None:
        self._models = models
        self._cache: Any = None
        if folder:
            from mtcheck.engines.cache import OutputCache

            self._cache = OutputCache(folder / FILE_NAME)

    def key(self, job: Job, data: bytes) -> str:
        if not self._cache:
            return ""
        models = "" if job.settings.fast else self._models
        parts = (documents.format_of(job.path), job.settings.fingerprint(), models, _package_stamp())
        return hashlib.sha256("\0".join(parts).encode() + b"\0" + data).hexdigest()

    def get(self, key: str, path: str) -> Checked | None:
        if not self._cache or key not in (found := self._cache.get([key])):
            return None
        stored = json.loads(found[key])
        return Checked(path, tuple(_finding(f) for f in stored["findings"]), stored["words"], tuple(stored["warnings"]))

    def put(self, key: str, checked: Checked) -> None:
        if self._cache and not checked.error:
            stored = {name: to_json(getattr(checked, name)) for name in ("findings", "words", "warnings")}
            self._cache.put({key: json.dumps(stored, ensure_ascii=False)})


def _finding(stored: dict[str, Any]) -> PlacedFinding:
    fixes = tuple(Fix(fix["replacement"], Applicability(fix["applicability"])) for fix in stored["fixes"])
    grade = Severity(stored["severity"])
    return PlacedFinding(**stored | {"fixes": fixes, "severity": grade, "also": tuple(stored["also"])})


@cache
def _package_stamp() -> str:
    """Changes whenever a file of this package does: its name, size or time of change."""
    package = Path(__file__).parent.parent
    found = []
    for here, _, files in os.walk(package):
        for name in files:
            if not name.endswith(".pyc"):
                state = os.stat(os.path.join(here, name))
                found.append(f"{here[len(str(package)) :]}/{name}:{state.st_size}:{state.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(found)).encode()).hexdigest()
