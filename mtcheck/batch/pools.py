"""Who works on the shards: processes of this machine, or Ray, which has its own cluster, retries and dashboard.

A pool only starts work and says how it ended. :func:`outcomes` keeps the order, bounds what is under way and survives
processes that die, for any pool.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Future
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol, Self, TypeVar

from mtcheck.batch.articles import Article, Shard, load
from mtcheck.batch.parts import Record
from mtcheck.batch.records import ENDED, KILLED, Done, Work
from mtcheck.checking.processes import Workers
from mtcheck.engines.cores import usable_cores

ENGINES = ("local", "ray")
Outcome = TypeVar("Outcome")
_DEATHS = 2
"""Deaths of a process that tell an accident from something that ends every process."""
_KILLS = 10
"""Kills by somebody else after which an article is given up: whoever kills that often leaves no time for it."""
_FROM_OUTSIDE = (-1, -9, -15)
"""Exit codes of SIGHUP, SIGKILL and SIGTERM, which not every system has by name."""
_COUNTERS = Path("/proc/vmstat")


class ProcessDiedError(Exception):
    """The process that did the work is gone. killed: by somebody else, as far as anybody can tell; else it crashed,
    ended itself, or the kernel ended it for want of memory.
    """

    def __init__(self, *, killed: bool = False) -> None:
        super().__init__()
        self.killed = killed


class Pool(Protocol):
    """Processes to work in, until the block is left. room: how many shards may be under way at once."""

    room: int

    def __enter__(self) -> Self: ...

    def __exit__(self, *error: Any) -> None: ...

    def start(self, work: Callable[..., Outcome], *arguments: object) -> Callable[[], Outcome]:
        """Begin, and return what waits for the outcome; that raises ProcessDiedError, or what the work raised."""
        ...


def outcomes(work: Work, shards: Iterable[Shard], pool: Callable[[int], Pool]) -> Iterator[Done]:
    """What came of every shard, in order. Raises what the work raises.

    pool: opens one with so many processes, 0 for as many as pay. When a process dies, what was under way is done again;
    a shard that is under way at two deaths is done alone, and if that ends the process too, article by article. An
    article alone in its process gets an error record when that ends twice by itself, or is killed ten times.
    """
    left, again, deaths = iter(shards), deque[Shard](), Counter[int]()
    while True:
        waiting: deque[tuple[Shard, Callable[[], Done]]] = deque()
        try:
            with pool(0) as processes:
                while shard := again.popleft() if again else next(left, None):
                    waiting.append((shard, processes.start(work, shard)))
                    while len(waiting) > processes.room:
                        yield waiting[0][1]()
                        waiting.popleft()
                while waiting:
                    yield waiting[0][1]()
                    waiting.popleft()
                return
        except ProcessDiedError:
            again.extendleft(shard for shard, _ in reversed(waiting))
            deaths.update(shard.number for shard, _ in waiting)
        while again and deaths[again[0].number] == _DEATHS:  # who came first was there at the most deaths
            yield _alone(work, again.popleft(), pool)


def _alone(work: Work, shard: Shard, pool: Callable[[int], Pool]) -> Done:
    try:
        return _apart(pool, work, shard)
    except ProcessDiedError:
        loaded = load(shard)
        known = work.finished(loaded)
        return work.finish(
            loaded, [known.get(at) or _record(work, article, pool) for at, article in enumerate(loaded.articles)]
        )


def _record(work: Work, article: Article, pool: Callable[[int], Pool]) -> Record:
    deaths = Counter[bool]()
    while deaths[False] < _DEATHS and deaths[True] < _KILLS:
        try:
            return _apart(pool, work.record, article)
        except ProcessDiedError as death:
            deaths[death.killed] += 1
    return work.empty(article, error=ENDED if deaths[False] == _DEATHS else KILLED)


def _apart(pool: Callable[[int], Pool], work: Callable[..., Outcome], *arguments: object) -> Outcome:
    with pool(1) as process:
        return process.start(work, *arguments)()


class Local(Workers):
    """Processes of this machine."""

    def __init__(self, processes: int = 0) -> None:
        """Plan for so many; 0 is one a core."""
        count = processes or usable_cores()
        super().__init__(count, (), apart=True)
        self.room = 2 * count

    def __enter__(self) -> Self:
        self._killed_for_memory = _killed_for_memory()
        return self

    def start(self, work: Callable[..., Outcome], *arguments: object) -> Callable[[], Outcome]:
        """As :meth:`Pool.start`."""
        try:
            promise: Future[Outcome] = self.submit(work, *arguments)
        except BrokenExecutor as error:  # which another shard's process brought about
            promise = Future()
            promise.set_exception(error)

        def wait() -> Outcome:
            try:
                return promise.result()
            except BrokenExecutor:
                raise ProcessDiedError(killed=self._killed()) from None

        return wait

    def _killed(self) -> bool:
        from_outside = all(code in _FROM_OUTSIDE for code in self.exit_codes())
        return from_outside and _killed_for_memory() == self._killed_for_memory


def _killed_for_memory() -> int:
    """How many processes the kernel has killed for want of memory, also by SIGKILL; 0 where it does not say."""
    with suppress(OSError):
        for line in _COUNTERS.read_text().splitlines():
            if line.startswith("oom_kill "):
                return int(line.split()[1])
    return 0
