"""``mtcheck batch`` undisturbed and disturbed, beside each other: ``python -m benchmarks.batch CORPUS --out FOLDER``.

The corpus is checked with rules alone four times: undisturbed; with a worker process killed (SIGKILL) every so often;
with the whole run killed midway and begun again; with one process. Prints, of each, seconds, the most memory that the
parent and any worker took (resident, MB, looked at twice a second), and whether every part has the same bytes as in the
first. Needs /proc.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Run:
    """One run of the command: its seconds, peak MB of the parent and of the largest worker, what was killed."""

    seconds: float = 0.0
    parent: float = 0.0
    worker: float = 0.0
    kills: int = 0
    status: int = 0


def children(pid: int) -> list[int]:
    """Processes that a process started, the newest last."""
    try:
        return sorted(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))
    except OSError:
        return []


def resident(pid: int) -> float:
    """MB of memory a process holds; 0 when it is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except (OSError, IndexError):
        return 0.0


def run(corpus: Path, out: Path, *extra: str, workers_die: float = 0, all_dies: float = 0) -> Run:
    """Run it. workers_die: seconds between two kills of a worker; all_dies: seconds until all of it is killed."""
    command = [sys.executable, "-m", "mtcheck", "batch", "check", "--fast", str(corpus), "--out", str(out), *extra]
    told, begun = Run(), time.monotonic()
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    next_kill = workers_die
    while process.poll() is None:
        time.sleep(0.5)
        seconds, workers = time.monotonic() - begun, children(process.pid)
        told.parent = max(told.parent, resident(process.pid))
        told.worker = max([told.worker, *map(resident, workers)])
        if workers_die and seconds > next_kill and len(workers) > 1:
            os.kill(workers[-1], signal.SIGKILL)
            told.kills, next_kill = told.kills + 1, seconds + workers_die
        if all_dies and seconds > all_dies:
            process.kill()
            told.kills += 1
    told.seconds, told.status = time.monotonic() - begun, process.wait()
    return told


def digests(out: Path) -> dict[str, str]:
    """sha256 of every file but the lock."""
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(out.iterdir()) if p.name != ".lock"}


def main() -> None:
    """Run and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--every", type=float, default=30, help="Seconds between two kills of a worker.")
    parser.add_argument("--only", nargs="*", help="Names of runs.")
    options = parser.parse_args()
    print("| run | seconds | kills | parent MB | worker MB | exit | parts | same bytes |")
    print("|---|---:|---:|---:|---:|---:|---:|---|")
    plans = {
        "undisturbed": lambda out: [run(options.corpus, out)],
        "workers killed": lambda out: [run(options.corpus, out, workers_die=options.every)],
        "run killed, begun again": lambda out: [
            run(options.corpus, out, all_dies=2 * options.every),
            run(options.corpus, out),
        ],
        "one process": lambda out: [run(options.corpus, out, "--jobs", "1")],
    }
    first: dict[str, str] = {}
    for name, plan in plans.items():
        if options.only and name not in options.only:
            continue
        out = options.out / name.replace(" ", "-").replace(",", "")
        runs = plan(out)
        found = digests(out)
        first = first or found
        seconds, kills = sum(one.seconds for one in runs), sum(one.kills for one in runs)
        parent, worker = max(one.parent for one in runs), max(one.worker for one in runs)
        cells = [name, f"{seconds:.0f}", kills, f"{parent:.0f}", f"{worker:.0f}", runs[-1].status]
        same = "yes" if found == first else "NO"
        print("|", " | ".join(map(str, [*cells, len(found) - 1, same])), "|", flush=True)


if __name__ == "__main__":
    main()
