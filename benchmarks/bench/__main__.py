"""``python -m benchmarks.bench``: measure, print every table, and keep them as JSON, Markdown and pictures.

Sections can be chosen (``make bench ARGS="--only translators"``); tables of the others stay as an earlier run left
them, with the machine, versions and time that they were measured on.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.bench import checkers, detecting, floor, growth, reviews, translators
from benchmarks.bench.machine import load_average, machine, software
from benchmarks.bench.plot import draw
from benchmarks.bench.run import Run
from benchmarks.bench.tables import Measured, Table, from_json, markdown, to_json, versions_of
from benchmarks.bench.texts import ROOT

Section = Callable[[Run], Iterator[Table]]
# Those that load models into this process come last: a child's peak memory counts from that of its parent.
SECTIONS: dict[str, tuple[Section, ...]] = {
    "start": (checkers.cold_start,),
    "check": (checkers.warm, checkers.many),
    "review": (reviews.seed,),
    "articles": (reviews.articles,),
    "growth": (growth.length, growth.count),
    "translators": (translators.same_checkpoint, translators.stand_ins),
    "models": (detecting.models,),
    "floor": (floor.rates, floor.floor),
}
RESULTS = ROOT / "benchmarks" / "results"
DATA = ROOT.parent / "shared" / "data"
HEAD = """# Benchmarks: what was measured

Written by `make bench`; docs/benchmarks.md says how to read it. Under each table stand its command, machine and
versions.
"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the sections that were asked for."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", metavar="SECTION,...", help=f"of {', '.join(SECTIONS)}")
    parser.add_argument("--quick", action="store_true", help="tiny sizes, single runs: shows that all of it works")
    parser.add_argument(
        "--data", type=Path, default=DATA, help="folder of public data; without it, texts are the seed's"
    )
    parser.add_argument("--out", type=Path, help="where results go [benchmarks/results; out/bench with --quick]")
    given = parser.parse_args(arguments)
    chosen = given.only.split(",") if given.only else list(SECTIONS)
    if unknown := [name for name in chosen if name not in SECTIONS]:
        parser.error(f"no section {', '.join(unknown)}; there are {', '.join(SECTIONS)}")
    results = given.out or (ROOT / "out" / "bench" if given.quick else RESULTS)
    results.mkdir(parents=True, exist_ok=True)
    tables = _kept(results)
    asked = [f"--only {given.only}"] if given.only else []
    command = " ".join(
        ["make bench", *([f'ARGS="{" ".join([*asked, *["--quick"] * given.quick])}"'] if asked or given.quick else [])]
    )
    for name in (name for name in SECTIONS if name in chosen):
        for section in SECTIONS[name]:
            with tempfile.TemporaryDirectory(prefix="mtcheck-bench-") as scratch:
                os.environ["PYTHONPYCACHEPREFIX"] = str(Path(tempfile.gettempdir()) / "mtcheck-bench-bytecode")
                data = given.data if given.data.is_dir() else None
                run = Run(data, Path(scratch), ROOT / ".bench", given.quick, tables)
                for measured in _measured(section, run, command):
                    tables[measured.table.name] = measured
                    print(markdown(measured), flush=True)
            _keep(tables, results)
    drawn = draw(tables, results)
    print("wrote", *(path for path in (results / "latest.json", results / "latest.md", *drawn)), file=sys.stderr)


def _measured(section: Section, run: Run, command: str) -> Iterator[Measured]:
    """The tables of a section, each with how long it took since the one before."""
    begun, load, started = time.monotonic(), load_average(), datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    for table in section(run):
        versions = software() | versions_of(table.packages)
        yield Measured(table, command, started, time.monotonic() - begun, load, machine(), versions)
        begun, load, started = time.monotonic(), load_average(), datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")


def _kept(results: Path) -> dict[str, Measured]:
    """The tables of earlier runs."""
    try:
        kept = json.loads((results / "latest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return {name: from_json(one) for name, one in kept["tables"].items()}


def _keep(tables: dict[str, Measured], results: Path) -> None:
    """Write what there is: an interrupted run keeps what it has."""
    kept = {"schema": 1, "tables": {name: to_json(one) for name, one in tables.items()}}
    (results / "latest.json").write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    pictures = "\n".join(f"![{name}]({name}.svg)\n" for name in ("growth", "stages") if name in tables)
    shown = "\n".join(map(markdown, tables.values()))
    (results / "latest.md").write_text(f"{HEAD}\n{shown}\n{pictures}", encoding="utf-8")


if __name__ == "__main__":
    main()
