"""Timing whole processes, and workers that wait between their turns.

Seconds by the clock and of processors (user and system, children included), and the most memory held. What is compared
takes turns, so that a machine whose speed drifts is as unkind to all; medians are reported.
"""

from __future__ import annotations

import contextlib
import json
import os
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.bench.texts import ROOT


@dataclass(frozen=True, slots=True)
class Took:
    """What one run took: seconds by the clock, seconds of processors, and the largest process in MB."""

    clock: float
    cpu: float
    megabytes: float = 0.0


def process(command: Iterable[str], keep: list[str] | None = None, environment: Mapping[str, str] = {}) -> Took:
    """A whole process, from its start to its end; ``keep`` gets the lines of its stdout.

    Raises SystemExit with the end of its stderr when it fails; status 1 means findings.
    """
    started = time.perf_counter()
    with subprocess.Popen(
        list(command),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if keep is None else subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
        env=_environment(environment),
    ) as run:
        assert run.stdout
        lines = run.stdout.read().splitlines()
        _, status, usage = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
    if run.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(command)} ended with {run.returncode}: {' '.join(lines[-3:])}")
    if keep is not None:
        keep += lines
    return Took(time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def in_turn(runs: int, work: Mapping[str, Callable[[], Took]], warm_up: int = 1) -> dict[str, Took]:
    """Each piece of work ``runs`` times after those that do not count, taking turns; medians."""
    took: defaultdict[str, list[Took]] = defaultdict(list)
    for number in range(runs + warm_up):
        for name, once in work.items():
            one = once()
            if number >= warm_up:
                took[name].append(one)
    return {name: median(all_) for name, all_ in took.items()}


def median(runs: Sequence[Took]) -> Took:
    """The median of each figure."""
    return Took(
        statistics.median(one.clock for one in runs),
        statistics.median(one.cpu for one in runs),
        statistics.median(one.megabytes for one in runs),
    )


class Worker:
    """A process of its own that loads something once and then does one piece of work whenever it is asked.

    ``module`` has a function ``load(name, *arguments)`` that returns what to call; its result comes back as JSON.
    """

    def __init__(self, module: str, *arguments: str, environment: Mapping[str, str] = {}) -> None:
        """Start it and wait until it has loaded. Raises RuntimeError with its last words when it cannot."""
        self.said: Any = None
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", __name__, module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=ROOT,
            env=_environment(environment),
        )
        self.loading = self._answer()

    def __call__(self) -> Took:
        """Do the work once; what it returned stands in ``said`` afterwards."""
        assert self._process.stdin
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> Took:
        assert self._process.stdout
        line = self._process.stdout.readline()
        answer: dict[str, Any] = json.loads(line) if line else {"error": "it ended without a word"}
        if "error" in answer:
            self.close()
            raise RuntimeError(answer["error"])
        self.said = answer["said"]
        return Took(float(answer["clock"]), float(answer["cpu"]), float(answer["megabytes"]))

    def close(self) -> None:
        """End it."""
        self._process.communicate()


@contextlib.contextmanager
def crew(
    module: str, members: Mapping[str, Sequence[str]], environments: Mapping[str, Mapping[str, str]] = {}
) -> Iterator[tuple[dict[str, Worker], list[str]]]:
    """Workers by name, given their name and arguments, each with its work done once; and why others are not there."""
    workers: dict[str, Worker] = {}
    notes: list[str] = []
    with contextlib.ExitStack() as stack:
        for name, arguments in members.items():
            try:
                worker = Worker(module, name, *arguments, environment=environments.get(name, {}))
                stack.callback(worker.close)
                worker()
                workers[name] = worker
            except RuntimeError as error:
                notes.append(f"{name}: did not run ({error})")
        yield workers, notes


def peak_megabytes() -> float:
    """The most memory that this process held; what getrusage says would begin with that of its parent."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


def timed(work: Callable[[], Any]) -> tuple[Took, Any]:
    """Something done in this process, and what it returned."""
    clock, cpu = time.perf_counter(), time.process_time()
    said = work()
    return Took(time.perf_counter() - clock, time.process_time() - cpu, peak_megabytes()), said


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    """That of this process, with byte code kept as in an installation."""
    return {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"} | dict(more)


def _serve(module: str, arguments: Sequence[str]) -> None:
    """Be a worker: answer every line of stdin; what libraries print goes nowhere."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)

    def answer(work: Callable[[], Any], show: Callable[[Any], Any]) -> Any:
        took, said = timed(work)
        told = {"clock": took.clock, "cpu": took.cpu, "megabytes": took.megabytes, "said": show(said)}
        print(json.dumps(told), file=answers, flush=True)
        return said

    try:
        work = answer(lambda: import_module(module).load(*arguments), lambda said: None)
        for _ in sys.stdin:
            answer(work, lambda said: said)
    except Exception as error:  # whatever a rival's library raises is told, not shown as a traceback
        print(json.dumps({"error": f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"}), file=answers)


if __name__ == "__main__":
    _serve(sys.argv[1], sys.argv[2:])
