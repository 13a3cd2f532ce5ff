"""The benchmarks at tiny sizes: every step runs, every table is whole, and what is kept can be read again."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.bench.__main__ import SECTIONS, main
from benchmarks.bench.floor import rates
from benchmarks.bench.growth import fitted
from benchmarks.bench.processes import Took, Worker, in_turn, median
from benchmarks.bench.run import Run
from benchmarks.bench.stages import Stopwatch
from benchmarks.bench.tables import Measured, Table, from_json, markdown, shown, to_json
from benchmarks.bench.texts import SEED, article_of, articles, pairs, words_of
from benchmarks.bench.translators import same_checkpoint

TABLE = Table(
    "speeds", "Speeds", ("checker", "words/s", "peak MB"), (("a|b", 1234.5, 7), ("c", 0.12345, None)), ("a note",)
)
MEASURED = Measured(TABLE, "make bench", "2026-01-02 03:04 UTC", 5.4, 0.25, {"cores": 2}, {"Python": "3.11.7"})


@pytest.fixture
def run(tmp_path: Path) -> Run:
    (tmp_path / "scratch").mkdir()
    return Run(None, tmp_path / "scratch", tmp_path / "kept", quick=True)


def load(name: str) -> Callable[[], str]:
    """What a worker of these tests does."""
    if name == "broken":
        raise ImportError("no such\nlibrary")
    print("what libraries print goes nowhere")
    return lambda: f"done by {name}"


def test_a_table_is_rendered_with_its_circumstances() -> None:
    assert markdown(MEASURED).splitlines() == [
        "### Speeds",
        "",
        "| checker | words/s | peak MB |",
        "|---|---:|---:|",
        "| a\\|b | 1,234 | 7 |",
        "| c | 0.123 | – |",
        "",
        "- a note",
        "- `make bench` on 2026-01-02 03:04 UTC, 5 s; cores 2; load average at start 0.25; Python 3.11.7",
    ]


def test_a_table_survives_json_and_gives_its_cells() -> None:
    again = from_json(json.loads(json.dumps(to_json(MEASURED))))
    assert again == MEASURED
    assert again.cell("c", "words/s") == 0.12345
    assert again.cell("c", "no such column") is None


def test_a_row_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        Table("t", "T", ("a", "b"), ((1,),))


@pytest.mark.parametrize(
    ("value", "text"), [(None, "–"), (3, "3"), (1234567, "1,234,567"), (99.96, "100"), (0.00123, "0.00123")]
)
def test_cells_for_people(value: float | None, text: str) -> None:
    assert shown(value) == text


def test_what_is_compared_takes_turns_and_the_first_round_does_not_count() -> None:
    asked: list[str] = []

    def work(name: str, seconds: list[float]) -> Callable[[], Took]:
        return lambda: asked.append(name) or Took(seconds.pop(0), 0.0)  # type: ignore[func-returns-value]

    took = in_turn(3, {"a": work("a", [99, 1, 5, 2]), "b": work("b", [99, 4, 4, 9])})
    assert asked == ["a", "b"] * 4
    assert {name: one.clock for name, one in took.items()} == {"a": 2, "b": 4}


def test_the_median_is_taken_of_each_figure() -> None:
    assert median([Took(1, 9, 5), Took(2, 8, 6), Took(3, 7, 4)]) == Took(2, 8, 5)


def test_a_worker_loads_once_and_answers_each_time() -> None:
    worker = Worker("tests.test_benchmarks", "somebody")
    first, second = worker(), worker()
    worker.close()
    assert worker.said == "done by somebody"
    assert all(took.clock >= 0 and took.megabytes > 1 for took in (worker.loading, first, second))


def test_a_worker_that_cannot_load_says_why_on_one_line() -> None:
    with pytest.raises(RuntimeError, match=r"^ImportError: no such library$"):
        Worker("tests.test_benchmarks", "broken")


def test_time_within_others_is_counted_once() -> None:
    class Stages:
        @staticmethod
        def propose() -> None:
            time.sleep(0.02)
            Stages.translate()

        @staticmethod
        def translate() -> None:
            time.sleep(0.02)

    watch = Stopwatch()
    watch.around(Stages, "propose", stage="propose")
    watch.around(Stages, "translate", part="pivot")
    begun = time.perf_counter()
    Stages.propose()
    passed = time.perf_counter() - begun
    assert set(watch.spent) == {("propose", "own code"), ("propose", "pivot")}
    assert all(0.02 <= seconds < passed for seconds in watch.spent.values())
    assert sum(watch.spent.values()) <= passed
    with pytest.raises(AttributeError):
        watch.around(Stages, "renamed", stage="propose")


def test_the_line_through_times_that_grow_evenly() -> None:
    start, slope, r_squared, exponent = fitted([(words, 0.5 + 0.002 * words) for words in (100, 1_000, 10_000)])
    assert (start, slope, r_squared, exponent) == pytest.approx((0.5, 2.0, 1.0, 1.0))
    assert fitted([(100, 1.0)]) == (None, None, None, None)


def test_texts_can_be_made_of_the_seed_alone() -> None:
    assert words_of(article_of(1000, None)) in range(1000, 1100)
    assert len(set(articles(None, 3))) == 3
    assert all(english in SEED.read_text(encoding="utf-8") for english, _ in pairs(None, 4))


def test_what_the_processor_can_do(run: Run) -> None:
    (table,) = rates(run)
    assert all(isinstance(cell, int | float) and cell > 0 for row in table.rows for cell in row)


def test_one_checkpoint_on_every_engine_at_hand(run: Run) -> None:
    (table,) = same_checkpoint(run)
    measured = Measured(table, "", "", 0, 0, {})
    assert measured.cell("mtcheck: CTranslate2 float32", "same as transformers float32, %") == 100
    assert measured.cell("mtcheck: CTranslate2 int8", "learnt by heart, %") == 100
    absent = {note.split(": did not run")[0] for note in table.notes if "did not run" in note}
    assert {str(row[0]) for row in table.rows} | absent >= {
        "argostranslate (CTranslate2 int8)",
        "EasyNMT (transformers float32)",
    }


@pytest.mark.models
def test_quick_sections_are_kept_and_joined(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--quick", "--data", str(tmp_path / "none"), "--out", str(tmp_path), "--only"]
    main([*arguments, "review"])
    main([*arguments, "floor"])
    kept = json.loads((tmp_path / "latest.json").read_text(encoding="utf-8"))["tables"]
    assert list(kept) == ["review", "stages", "rates", "floor"]
    for one in kept.values():
        assert one["machine"]["cores"] >= 1
        assert {"mtcheck", "Python"} <= one["versions"].keys()
        assert one["command"].startswith("make bench ARGS=")
        assert one["table"]["rows"]
    stages = {row[0] for row in kept["stages"]["table"]["rows"]}
    assert {"detect: language model", "detect: own code", "guard: own code", "propose: pivot"} <= stages
    assert capsys.readouterr().out.count("### ") == 4
    assert (tmp_path / "latest.md").read_text(encoding="utf-8").count("\n### ") == 4


def test_an_unknown_section_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--only", "nothing"])
    told = capsys.readouterr().err
    assert all(name in told for name in SECTIONS)
