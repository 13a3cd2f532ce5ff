"""Check files, looking up first what was checked before.

Results come in the order of the jobs, the same for any number of processes. The cache is keyed by the file's bytes, the
settings, the models, this package's own files and the versions of the others, so nothing stale is ever shown; engines
open only for what it lacks.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from mtcheck import documents
from mtcheck.checking.article import Checked, check_document
from mtcheck.checking.placing import PlacedFinding
from mtcheck.checking.processes import Job, Workers, detecting_engines, done
from mtcheck.engines import Engines
from mtcheck.errors import EmptyError, InputError, OtherLanguageError
from mtcheck.schema import Applicability, Document, Fix, Severity, to_json

FILE_NAME = "checks.sqlite3"
_SECONDS_BETWEEN_WRITES = 1.0


@dataclasses.dataclass(frozen=True, slots=True)
class Options:
    """How to run, none of which changes a result.

    processes: 0 takes as many as pay; cache: folder of the results of earlier runs, None for none.
    """

    processes: int = 0
    cache: Path | None = None


def check_paths(jobs: Sequence[Job], options: Options, models: str, read: Callable[[str], bytes]) -> Iterator[Checked]:
    """Each job's article checked, in order; a file that cannot be read gives an error record, the others go on.

    models: signature of the models in use; read: gives the bytes of a path (standard input included).
    Raises SettingsError and ModelError, which concern every article.
    """
    results = _Results(options.cache, models)
    fresh: dict[str, str] = {}
    with Workers(options.processes, jobs) as workers:

        def start(job: Job) -> Future[Checked]:
            data = fetch(job, read)
            if isinstance(data, Checked):
                return done(data)
            key = results.key(job, data)
            if known := results.get(key, job.path):
                return done(known)
            fresh[job.path] = key
            return workers.submit(check_bytes, job, data)

        try:
            for job, checked in workers.in_order(jobs, start):
                if job.path in fresh:
                    results.put(fresh.pop(job.path), checked)
                yield checked
        finally:
            results.write()


def fetch(job: Job, read: Callable[[str], bytes]) -> bytes | Checked:
    """The bytes of an article, or the record of why there are none to check."""
    if job.skipped:
        return _skipped(job, job.skipped)
    try:
        documents.format_of(job.path)
        return read(job.path)
    except InputError as error:
        return Checked(job.path, error=str(error))


def check_bytes(job: Job, data: bytes) -> Checked:
    """One article checked in this process."""
    document = read_article(job, data)
    if isinstance(document, Checked):
        return document
    return check_document(document, engines_of(job), job.settings)


def read_article(job: Job, data: bytes) -> Document | Checked:
    """The article, or the record of why it cannot be checked.

    One in another language, and one without a sentence, is skipped when a walk met it: nobody said that it is one.
    """
    try:
        return documents.read_data(data, job.path, format_name=documents.format_of(job.path, job.settings))
    except InputError as error:
        if isinstance(error, OtherLanguageError | EmptyError) and not job.named:
            return _skipped(job, error.what)
        return Checked(job.path, error=str(error))


def _skipped(job: Job, why: str) -> Checked:
    return Checked(job.path, warnings=(f"{job.path}: skipped, {why}",))


def engines_of(job: Job) -> Engines:
    """The engines that the job's settings allow."""
    return Engines() if job.settings.fast else detecting_engines()


class _Results:
    """Results of earlier runs on disk; None as the folder remembers nothing."""

    def __init__(self, folder: Path | None, models: str) -> None:
        self._models = models
        self._unwritten: dict[str, str] = {}
        self._written = time.monotonic()
        self._fingerprint = cache(lambda settings: settings.fingerprint())
        self._cache: Any = None
        if folder:
            from mtcheck.engines.cache import OutputCache

            self._cache = OutputCache(folder / FILE_NAME)

    def key(self, job: Job, data: bytes) -> str:
        if not self._cache:
            return ""
        models = "" if job.settings.fast else self._models
        parts = (documents.format_of(job.path), self._fingerprint(job.settings), models, package_stamp())
        return hashlib.sha256("\0".join(parts).encode() + b"\0" + data).hexdigest()

    def get(self, key: str, path: str) -> Checked | None:
        if not self._cache or key not in (found := self._cache.get([key])):
            return None
        try:
            return _checked(path, json.loads(found[key]))
        except (ValueError, KeyError, TypeError):  # damaged in a way that the file does not notice
            return None

    def put(self, key: str, checked: Checked) -> None:
        if self._cache and checked.words:  # what was skipped in a walk is an error once it is named
            stored = {name: to_json(getattr(checked, name)) for name in ("findings", "words", "rules", "allowed")}
            # The same bytes may be checked under another name, with which each warning begins.
            stored["warnings"] = [warning.removeprefix(checked.path) for warning in checked.warnings]
            self._unwritten[key] = json.dumps(stored, ensure_ascii=False)
            if time.monotonic() - self._written > _SECONDS_BETWEEN_WRITES:
                self.write()

    def write(self) -> None:
        """Put on disk what is not there yet, all at once: a disk takes as long over one result as over a hundred."""
        if self._unwritten:
            self._cache.put(self._unwritten)
        self._unwritten, self._written = {}, time.monotonic()


def _checked(path: str, stored: dict[str, Any]) -> Checked:
    return Checked(
        path,
        findings=tuple(_finding(one) for one in stored["findings"]),
        words=stored["words"],
        warnings=tuple(path + warning for warning in stored["warnings"]),
        rules=tuple(stored["rules"]),
        allowed=stored["allowed"],
    )


def _finding(stored: dict[str, Any]) -> PlacedFinding:
    fixes = tuple(Fix(fix["replacement"], Applicability(fix["applicability"])) for fix in stored["fixes"])
    grade = Severity(stored["severity"])
    return PlacedFinding(**stored | {"fixes": fixes, "severity": grade, "also": tuple(stored["also"])})


@cache
def package_stamp() -> str:
    """Changes with any file of this package, and with the version of any other: a rule may read it.

    Contents count, not times, so that a folder of results kept between runs of CI serves a fresh installation too.
    """
    package, digest = Path(__file__).parent.parent, hashlib.sha256()
    for here, folders, files in os.walk(package):
        folders[:] = sorted(
            name for name in folders if name not in ("__pycache__", "_models")
        )  # models have a signature
        for name in sorted(files):
            path = Path(here, name)
            digest.update(f"{path.relative_to(package).as_posix()}\0".encode() + path.read_bytes())
    neighbour = find_spec("nupunkt")
    beside = os.listdir(Path(neighbour.origin).parents[1]) if neighbour and neighbour.origin else []
    digest.update("\0".join(sorted(name for name in beside if name.endswith(".dist-info"))).encode())
    return digest.hexdigest()
