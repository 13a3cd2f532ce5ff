"""``mtcheck batch`` undisturbed and disturbed, beside each other: ``python -m benchmarks.batch CORPUS --out FOLDER``.

The corpus is checked with rules alone (``--clean``: cleaned, with the models of ``review --fast``), twice: undisturbed;
and with a worker killed (SIGKILL) every so often and the whole run killed midway and begun again. Each time the models
work anew: neither sees what they said in the other. Prints of each the seconds, the most memory that the parent and any
worker took (resident, MB, looked at twice a second), the articles with an error, and whether every part has the same
bytes as in the first. Needs /proc.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from mtcheck import store


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


def cache_beside(out: Path) -> Path:
    """A cache that holds the fetched models and nothing that they said."""
    cache = out.with_name(f"{out.name}-cache")
    cache.mkdir(parents=True, exist_ok=True)
    for name in ("models", "derived"):
        if not (cache / name).exists():
            (cache / name).symlink_to(store.cache_folder() / name)
    return cache


def run(task: list[str], corpus: Path, out: Path, workers_die: float = 0, all_dies: float = 0) -> Run:
    """Run a task of ``mtcheck batch``.

    workers_die: seconds between two kills of a worker; all_dies: seconds until all of it is killed.
    """
    command = [sys.executable, "-m", "mtcheck", "batch", *task, str(corpus), "--out", str(out)]
    told, begun = Run(), time.monotonic()
    environment = os.environ | {store.CACHE_VARIABLE: str(cache_beside(out))}
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, env=environment)
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
    """sha256 of every part, by its number."""
    return {p.name[:10]: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(out.glob("part-*"))}


def main() -> None:
    """Run and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="Folder for the results of each run.")
    parser.add_argument("--every", type=float, default=100, help="Seconds between two kills of a worker.")
    parser.add_argument("--clean", action="store_true", help="Clean, in shards of four articles.")
    options = parser.parse_args()
    task = ["clean", "--fast", "--shard", "4", "--jobs", "1"] if options.clean else ["check", "--fast"]
    print("| run | seconds | kills | parent MB | worker MB | exit | parts | articles | errors | same bytes |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|---|")
    plans: dict[str, list[dict[str, float]]] = {
        "undisturbed": [{}],
        "disturbed": [{"workers_die": options.every, "all_dies": 2.5 * options.every}, {"workers_die": options.every}],
    }
    for name, stages in plans.items():
        out = options.out / name
        runs = [run(task, options.corpus, out, **stage) for stage in stages]
        found = digests(out)
        same = "yes" if found == digests(options.out / "undisturbed") else "NO"
        peaks = [max(one.parent for one in runs), max(one.worker for one in runs)]
        cells = [name, round(sum(one.seconds for one in runs)), sum(one.kills for one in runs), *map(round, peaks)]
        told = json.loads((out / "manifest.json").read_bytes())
        cells += [runs[-1].status, len(found), told["articles"], told["errors"], same]
        print("|", " | ".join(map(str, cells)), "|", flush=True)


if __name__ == "__main__":
    main()
