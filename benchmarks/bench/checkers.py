"""``mtcheck check --fast`` beside other checkers: cold start, speed when warm, memory; and a thousand articles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.bench.processes import Took, crew, in_turn, process
from benchmarks.bench.run import MTCHECK, PYTHON, SEED, Run
from benchmarks.bench.tables import Table
from benchmarks.bench.texts import words_of, write_articles

HARPER = """
import sys
from harper import Dialect, Linter
text = open(sys.argv[1], encoding="utf-8").read()
print(sum(map(len, Linter(Dialect.AMERICAN).organized_lints(text, language="plaintext").values())))
"""
LANGUAGE_TOOL = """
import sys
from lt_py import Engine
print(len(Engine("en-US").check(open(sys.argv[1], encoding="utf-8").read())))
"""
RIVALS = {"Harper": "harper-py", "LanguageTool's rules": "lingotweaker", "proselint": "proselint"}
PACKAGES = (*RIVALS.values(), "lingotweaker-data-en")
NO_VALE = (
    "Vale is not here: its packages (PyPI `vale` 3.25.1.0, npm `@vvago/vale` 3.23.0) bring a script that downloads the "
    "program from GitHub when it is first run or installed, and no package index has the program itself."
)


def load(name: str, folder: str) -> Callable[[], int]:
    """A checker, and its work: to check every article of the folder; the number of findings comes back."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(Path(folder).iterdir())]
    check = _CHECKERS[name]()
    return lambda: sum(check(text) for text in texts)


def _mtcheck() -> Callable[[str], int]:
    from mtcheck import documents
    from mtcheck.checking import check_document
    from mtcheck.engines import Engines
    from mtcheck.settings import Settings

    settings = Settings(fast=True)
    return lambda text: len(check_document(documents.read_data(text.encode(), "a.txt"), Engines(), settings).findings)


def _harper() -> Callable[[str], int]:
    from harper import Dialect, Linter

    linter = Linter(Dialect.AMERICAN)
    return lambda text: sum(map(len, linter.organized_lints(text, language="plaintext").values()))


def _language_tool() -> Callable[[str], int]:
    from lt_py import Engine

    engine = Engine("en-US")
    return lambda text: len(engine.check(text))


def _proselint() -> Callable[[str], int]:
    from proselint.checks import __register__
    from proselint.config import DEFAULT
    from proselint.registry import CheckRegistry
    from proselint.tools import LintFile

    registry = CheckRegistry()
    if not registry.checks:
        registry.register_many(__register__)
    return lambda text: len(LintFile(source="a.txt", content=text).lint(DEFAULT))


_CHECKERS = {
    "mtcheck, rules alone": _mtcheck,
    "Harper": _harper,
    "LanguageTool's rules": _language_tool,
    "proselint": _proselint,
}


def cold_start(run: Run) -> Iterator[Table]:
    """The seed article, each checker as a whole process."""
    seed, seen = str(SEED), str(run.folder("seen-before"))
    commands = {
        "`mtcheck --help`": (*MTCHECK, "--help"),
        "`mtcheck check --fast`": (*MTCHECK, "check", "--fast", "--no-cache", seed),
        "`mtcheck check --fast`, file seen before": (*MTCHECK, "check", "--fast", "--cache-dir", seen, seed),
        "Harper": (*PYTHON, "-c", HARPER, seed),
        "LanguageTool's rules": (*PYTHON, "-c", LANGUAGE_TOOL, seed),
        "proselint": (*PYTHON, "-m", "proselint", "check", seed),
    }
    work, notes = {}, [NO_VALE]
    for name, command in commands.items():
        try:
            process(command)  # the first run of all compiles; it counts for nobody
            work[name] = lambda command=command: process(command)
        except SystemExit as error:
            notes.append(f"{name}: did not run ({error})")
    took = in_turn(run.runs, work)
    ours = took["`mtcheck check --fast`"].clock
    yield Table(
        "cold_start",
        f"Cold start: the seed article ({words_of(SEED.read_text(encoding='utf-8'))} words), whole process",
        ("checker", "seconds by the clock", "processor seconds", "peak MB", "times `mtcheck check --fast`"),
        tuple((name, one.clock, one.cpu, one.megabytes, one.clock / ours) for name, one in took.items()),
        (*notes, f"medians of {run.runs} runs each, in turn; rivals run in the same Python through their packages"),
        PACKAGES,
    )


def warm(run: Run) -> Iterator[Table]:
    """The same articles again and again, everything loaded: each checker in a process of its own."""
    folder = run.scratch / "warm"
    count = run.some(60, 4)
    words = write_articles(run.data, count, folder)
    with crew(__name__, {name: [str(folder)] for name in _CHECKERS}) as (workers, notes):
        took = in_turn(run.runs, workers, warm_up=0)
        ours = took["mtcheck, rules alone"].clock
        rows = tuple(
            (name, words / one.clock, words / one.cpu, one.megabytes, ours / one.clock, workers[name].said)
            for name, one in took.items()
        )
    yield Table(
        "warm",
        f"`check --fast` warm: {count} articles, {words:,} words, one process and one thread each",
        ("checker", "words/s", "words/processor s", "peak MB", "times mtcheck's speed", "findings"),
        rows,
        (
            NO_VALE,
            *notes,
            f"medians of {run.runs} runs each, in turn; findings are each checker's own and not comparable",
        ),
        PACKAGES,
    )


def many(run: Run) -> Iterator[Table]:
    """A thousand articles by the command itself: first, again unchanged, and by two processes."""
    folder, cache = run.scratch / "many", run.folder("many-cache")
    count = run.some(1000, 6)
    words = write_articles(run.data, count, folder)
    check = (*MTCHECK, "check", "--fast", "--format", "jsonl")
    kept = (*check, "--jobs", "1", "--cache-dir", str(cache), str(folder))
    took: dict[str, Took] = {
        "one process": process(kept),
        "again, nothing changed": in_turn(min(run.runs, 3), {"again": lambda: process(kept)})["again"],
        "two processes": process((*check, "--no-cache", "--jobs", "2", str(folder))),
    }
    yield Table(
        "many",
        f"`mtcheck check --fast` on {count:,} articles, {words:,} words, loading and printing included",
        ("run", "seconds by the clock", "processor seconds", "words/s", "largest process, MB"),
        tuple((name, one.clock, one.cpu, words / one.clock, one.megabytes) for name, one in took.items()),
    )
