"""Work on many articles, in this process or in several, with the outcomes in the order of the articles."""

from __future__ import annotations

import dataclasses
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from mtcheck.engines import Engines
from mtcheck.engines.cores import usable_cores
from mtcheck.errors import MtcheckError
from mtcheck.settings import Settings

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing.process import BaseProcess

Outcome = TypeVar("Outcome")
_WAITING_FOR_EACH_PROCESS = 4
_FILES_FOR_A_PROCESS = {True: 100, False: 4}
"""Files that make one more process worth its start, with rules alone (about 0.4 s) and with models (about 3 s)."""


@dataclasses.dataclass(frozen=True, slots=True)
class Job:
    """One article to check: its path, whether the user named it (a walk merely met it), and the settings for it.

    skipped: why it is not to be checked after all, or empty.
    """

    path: str
    named: bool
    settings: Settings
    skipped: str = ""


class Workers:
    """Other processes when there is enough to do for several, this one otherwise.

    Leaving the block by an exception ends the other processes at once; they also end when this one is killed.
    """

    def __init__(self, processes: int, jobs: Sequence[Job], *, apart: bool = False) -> None:
        """Plan for the jobs; ``processes`` 0 takes as many as pay. Processes start with the first work.

        apart: work in another process even if it is one only, which may then die without this one.
        """
        fast = all(job.settings.fast for job in jobs)
        worthwhile = min(usable_cores(), len(jobs) // _FILES_FOR_A_PROCESS[fast])
        self._count, self._apart = processes or max(1, worthwhile), apart
        self._pool: ProcessPoolExecutor | None = None
        self._processes: list[BaseProcess] = []
        self._room = self._count * _WAITING_FOR_EACH_PROCESS if self._count > 1 else 0

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        if self._pool:
            if kind:
                for child in _children():
                    child.terminate()
            self._pool.shutdown(cancel_futures=True)

    def submit(self, work: Callable[..., Outcome], *arguments: object) -> Future[Outcome]:
        """The promise of an outcome; already kept when there is one process only."""
        if self._count > 1 or self._apart:
            with _ctrl_c_ignored():  # which a process inherits, and the pool starts one at any submission
                self._pool = self._pool or _pool(self._count)
                promise = self._pool.submit(work, *arguments)
            self._processes = self._processes or _children()
            return promise
        return done(work(*arguments))

    def exit_codes(self) -> list[int | None]:
        """How the other processes ended, asked once work has raised BrokenExecutor; a signal is its negative number.

        When one has died, the pool ends the others by SIGTERM.
        """
        if self._pool:
            self._pool.shutdown()
        return [process.exitcode for process in self._processes]

    def in_order(self, jobs: Iterable[Job], start: Callable[[Job], Future[Outcome]]) -> Iterator[tuple[Job, Outcome]]:
        """Each job with its outcome; no more jobs are started ahead than keep every process busy."""
        waiting: deque[tuple[Job, Future[Outcome]]] = deque()
        for job in jobs:
            waiting.append((job, start(job)))
            while len(waiting) > self._room:
                yield _finished(*waiting.popleft())
        while waiting:
            yield _finished(*waiting.popleft())


def done(outcome: Outcome) -> Future[Outcome]:
    """A promise that is kept already."""
    promise: Future[Outcome] = Future()
    promise.set_result(outcome)
    return promise


@cache
def detecting_engines() -> Engines:
    """The engines that rules read, opened once in each process."""
    from mtcheck.engines.load import open_detecting

    return open_detecting()


def _finished(job: Job, promise: Future[Outcome]) -> tuple[Job, Outcome]:
    try:
        return job, promise.result()
    except BrokenExecutor as error:
        repair = "use --jobs 1, or give the machine more memory"
        raise MtcheckError("a process ended unexpectedly", where=job.path, repair=repair) from error


def _children() -> list[BaseProcess]:
    import multiprocessing

    return list(multiprocessing.active_children())


def _pool(count: int) -> ProcessPoolExecutor:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    # Spawned, not forked: model libraries start threads, which a fork would leave half alive.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(count, mp_context=context, initializer=_begin, initargs=(count,))


@contextmanager
def _ctrl_c_ignored() -> Iterator[None]:
    """A terminal sends Ctrl-C to every process, also to one that is just starting; it is the parent's to answer."""
    if threading.current_thread() is not threading.main_thread():  # which may not set handlers
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _begin(count: int) -> None:
    """Share the cores among ``count`` processes; leave Ctrl-C to the parent, where that is not inherited."""
    os.environ["OMP_NUM_THREADS"] = str(max(1, usable_cores() // count))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    import multiprocessing

    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)
