"""How fast is ``mtcheck check``, beside other checkers? Prints tables; asserts nothing.

Usage: python benchmarks/check.py DATA [--articles 1000] [--models] [--runs 5]

DATA is the folder that holds ``qe/wmt15_16_ru-en_outputs.tsv.xz``: news as 23 systems translated it. Articles are
made of consecutive segments of one system, about 300 words each. Needs ``pip install -e '.[bench]'``.

Times are processor seconds (user and system, of every process) and seconds by the clock. What is compared takes turns,
and the median is printed. Without ``--models``, the articles are checked by rules alone.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parent.parent
SEED = ROOT / "seeds" / "lavrov-aleppo.en.txt"
OUTPUTS = "qe/wmt15_16_ru-en_outputs.tsv.xz"
WORDS_OF_AN_ARTICLE = 300
MILESTONES = (250, 500, 1000)
WARM_ARTICLES = 60
JOBS_ARTICLES = 60
MTCHECK = (sys.executable, "-m", "mtcheck", "check")
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


@dataclass(frozen=True)
class Took:
    """What one run took: seconds by the clock, seconds of processors, and the largest process in MB."""

    clock: float
    cpu: float
    megabytes: float = 0.0


def articles(data: Path) -> Iterator[str]:
    """Articles of about 300 words, one segment a paragraph, every system in turn."""
    segments: defaultdict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    with lzma.open(data / OUTPUTS, "rt", encoding="utf-8", newline="\n") as file:
        head = next(file).rstrip("\n").split("\t")
        for line in file:
            row = dict(zip(head, line.rstrip("\n").split("\t"), strict=True))
            segments[row["set"], row["system"]].append((int(row["seg"]), row["mt"]))
    for _, of_system in sorted(segments.items()):
        article: list[str] = []
        for _, text in sorted(of_system):
            article.append(text)
            if sum(len(part.split()) for part in article) >= WORDS_OF_AN_ARTICLE:
                yield "\n\n".join(article) + "\n"
                article = []


def write_articles(data: Path, count: int, folder: Path) -> int:
    """Write ``count`` articles, spread evenly over all there are; returns their words."""
    every = list(articles(data))
    if len(every) < count:
        raise SystemExit(f"only {len(every)} articles can be made")
    chosen = [every[number * len(every) // count] for number in range(count)]
    folder.mkdir()
    for number, text in enumerate(chosen):
        (folder / f"{number:04}.txt").write_text(text, encoding="utf-8")
    return sum(len(text.split()) for text in chosen)


def process(command: Iterable[str], keep: list[str] | None = None) -> Took:
    """A whole process, from its start to its end; ``keep`` gets the lines of its stdout."""
    started = time.perf_counter()
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    with subprocess.Popen(
        list(command), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT, env=environment
    ) as run:
        assert run.stdout
        lines = run.stdout.read().splitlines()
        _, status, usage = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
    if run.returncode not in (0, 1):
        raise SystemExit(f"{command} ended with {run.returncode}")
    if keep is not None:
        keep += lines
    return Took(time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def in_turn(runs: int, **work: Callable[[], Took]) -> dict[str, Took]:
    """Each piece of work ``runs`` times after one that does not count, taking turns; medians."""
    took: defaultdict[str, list[Took]] = defaultdict(list)
    for number in range(runs + 1):
        for name, once in work.items():
            one = once()
            if number:
                took[name].append(one)
    return {
        name: Took(*(statistics.median(getattr(one, field) for one in all_) for field in ("clock", "cpu", "megabytes")))
        for name, all_ in took.items()
    }


def timed(work: Callable[[], object]) -> Took:
    """Something done in this process."""
    clock, cpu = time.perf_counter(), time.process_time()
    work()
    return Took(time.perf_counter() - clock, time.process_time() - cpu)


def cold_starts(runs: int, scratch: Path) -> None:
    """The seed article, each checker as a whole process."""
    fast = (*MTCHECK, "--fast", "--cache-dir", str(scratch / "cold"))
    took = in_turn(
        runs,
        **{
            "mtcheck --fast": lambda: process((*MTCHECK, "--fast", "--no-cache", str(SEED))),
            "mtcheck --fast, seen before": lambda: process((*fast, str(SEED))),
            f"Harper (harper-py {version('harper-py')})": lambda: process((sys.executable, "-c", HARPER, str(SEED))),
            f"LanguageTool's rules (lingotweaker {version('lingotweaker')})": lambda: process(
                (sys.executable, "-c", LANGUAGE_TOOL, str(SEED))
            ),
            f"proselint {version('proselint')}": lambda: process(
                (sys.executable, "-m", "proselint", "check", str(SEED))
            ),
        },
    )
    table(
        "Cold start: the seed article (385 words), whole process",
        ("checker", "clock s", "cpu s", "peak MB"),
        [(name, f"{one.clock:.2f}", f"{one.cpu:.2f}", f"{one.megabytes:.0f}") for name, one in took.items()],
    )


def warm(runs: int, folder: Path) -> None:
    """Articles in memory, rules alone, engines loaded: each checker in this process, one thread."""
    from harper import Dialect, Linter
    from lt_py import Engine
    from proselint.config import DEFAULT
    from proselint.registry import CheckRegistry
    from proselint.tools import LintFile

    from mtcheck import documents
    from mtcheck.checking import check_document
    from mtcheck.engines import Engines
    from mtcheck.settings import Settings

    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())[:WARM_ARTICLES]]
    words = sum(len(text.split()) for text in texts)
    settings, linter, engine = Settings(fast=True), Linter(Dialect.AMERICAN), Engine("en-US")
    registry = CheckRegistry()
    if not registry.checks:
        from proselint.checks import __register__

        registry.register_many(__register__)

    def mtcheck(text: str) -> object:
        return check_document(documents.read_data(text.encode(), "a.txt"), Engines(), settings)

    checkers: dict[str, Callable[[str], object]] = {
        "mtcheck, rules alone": mtcheck,
        "Harper": lambda text: linter.organized_lints(text, language="plaintext"),
        "LanguageTool's rules": engine.check,
        "proselint": lambda text: LintFile(source="a.txt", content=text).lint(DEFAULT),
    }
    took = in_turn(
        runs,
        **{
            name: (lambda check=check: timed(lambda: [check(text) for text in texts]))
            for name, check in checkers.items()
        },
    )
    table(
        f"Warm: {len(texts)} articles, {words:,} words, one process",
        ("checker", "words/s by the clock", "words/cpu s"),
        [(name, f"{words / one.clock:,.0f}", f"{words / one.cpu:,.0f}") for name, one in took.items()],
    )


def many(folder: Path, words: int, fast: bool, scratch: Path) -> None:
    """All articles in one process: speed and memory on the way; then the same files again, unchanged."""
    cache = scratch / "cache"
    lines: list[str] = []
    took = process((sys.executable, __file__, "--one-process", str(folder), str(cache), str(int(fast))), lines)
    rows = []
    for line in lines:
        at = json.loads(line)
        rows.append(
            (
                f"{at['articles']:,}",
                f"{at['words'] / at['clock']:,.0f}",
                f"{at['words'] / at['cpu']:,.0f}",
                f"{at['megabytes']:.0f}",
            )
        )
    table(
        f"{'Rules alone' if fast else 'With the shipped models'}: one process, loading included",
        ("articles", "words/s by the clock", "words/cpu s", "peak MB"),
        rows,
    )
    arguments = (*MTCHECK, *(["--fast"] if fast else []), "--jobs", "1", "--cache-dir", str(cache), str(folder))
    again = in_turn(3, again=lambda: process(arguments))["again"]
    table(
        f"The same {len(rows) and rows[-1][0]} files ({words:,} words) again, unchanged",
        ("run", "clock s", "cpu s"),
        [
            ("first", f"{took.clock:.1f}", f"{took.cpu:.1f}"),
            ("second", f"{again.clock:.2f}", f"{again.cpu:.2f}"),
            ("times faster", f"{took.clock / again.clock:.0f}", f"{took.cpu / again.cpu:.0f}"),
        ],
    )


def several_processes(runs: int, folder: Path, fast: bool, scratch: Path) -> None:
    """One process or two for the same articles, without a cache."""
    some = folder
    if not fast:
        some = scratch / "some"
        some.mkdir()
        for path in sorted(folder.iterdir())[:JOBS_ARTICLES]:
            shutil.copy(path, some)
    arguments = (*MTCHECK, *(["--fast"] if fast else []), "--no-cache", str(some), "--jobs")
    took = in_turn(runs, one=lambda: process((*arguments, "1")), two=lambda: process((*arguments, "2")))
    table(
        f"{'Rules alone' if fast else 'With models'}: {len(list(some.iterdir())):,} articles by one process or by two",
        ("processes", "clock s", "cpu s"),
        [(name, f"{one.clock:.1f}", f"{one.cpu:.1f}") for name, one in took.items()],
    )


def one_process(folder: Path, cache: Path, fast: bool) -> None:
    """Check the folder in this process, saying at each milestone how far it came (one JSON object a line)."""
    from mtcheck.checking import Options, jobs_of
    from mtcheck.checking.running import check_paths
    from mtcheck.documents.files import read_bytes
    from mtcheck.settings import Settings

    models = ""
    if not fast:
        from mtcheck.engines.load import detecting_models

        models, _ = detecting_models()
    started, words = time.perf_counter(), 0
    jobs = jobs_of([str(folder)], lambda path: Settings(fast=fast))
    for number, checked in enumerate(check_paths(jobs, Options(1, cache), models, read_bytes), 1):
        words += checked.words
        if number in MILESTONES or number == len(jobs):
            at = {"articles": number, "words": words, "clock": time.perf_counter() - started}
            print(json.dumps(at | {"cpu": time.process_time(), "megabytes": peak_megabytes()}), flush=True)


def peak_megabytes() -> float:
    """The most memory that this process held; what getrusage says would begin with that of its parent."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


def table(title: str, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    """A Markdown table."""
    print(f"\n{title}\n")
    print(f"| {' | '.join(head)} |")
    print(f"|---|{'---:|' * (len(head) - 1)}")
    for row in rows:
        print(f"| {' | '.join(row)} |", flush=True)


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--models", action="store_true", help="the articles with the shipped models too (slow)")
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        scratch = Path(temporary)
        os.environ["PYTHONPYCACHEPREFIX"] = str(scratch / "bytecode")  # compiled once, as an installation is
        words = write_articles(given.data, given.articles, scratch / "articles")
        print(f"{given.articles:,} articles, {words:,} words; {os.cpu_count()} cores; Python {sys.version.split()[0]}")
        cold_starts(given.runs, scratch)
        warm(given.runs, scratch / "articles")
        for fast in (True, False) if given.models else (True,):
            (scratch / str(fast)).mkdir()
            many(scratch / "articles", words, fast, scratch / str(fast))
            several_processes(min(given.runs, 3), scratch / "articles", fast, scratch / str(fast))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one-process"]:
        one_process(Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4] == "1")
    else:
        main()
