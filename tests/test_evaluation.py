"""Measures against numbers worked out by hand, readers against a small data folder, and the command."""

from __future__ import annotations

import csv
import json
import lzma
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from mtcheck.cli import main
from mtcheck.engines import Engines
from mtcheck.errors import InputError
from mtcheck.evaluation import measures, texts
from mtcheck.evaluation.flags import by_rule, flag, measure
from mtcheck.evaluation.measures import COUNTS, WORD_METRICS, covered_share, interval, joined, segment_counts
from mtcheck.evaluation.systems import Everything, Surprisal, finding
from mtcheck.evaluation.table import markdown, rule_table
from mtcheck.evaluation.texts import Mark, Part, faultless, marked_document, whitespace_words
from mtcheck.schema import Document, Finding, Span

TEXT = "They dig deep holes there"
MARKS = (
    Mark(Span(5, 8), "word-choice", "minor"),
    Mark(Span(14, 19), "grammar", "major"),
    Mark(Span(20, 25), "mistranslation", "major", "source"),
)
ROWS: list[dict[str, Any]] = [
    {
        "mt": TEXT,
        "post_edit": "They are digging deep trenches there",
        "marks": [
            {"quote": "dig", "occurrence": 1, "category": "grammar", "severity": "minor", "visible": "target"},
            {"quote": "e", "occurrence": 3, "category": "style", "severity": "major", "visible": "source"},
        ],
    },
    {"mt": "It is well.", "post_edit": "It is well.", "marks": []},
]


class Scripted:
    """Flags given spans of every document's first segment."""

    name, signature, timed = "scripted", "scripted:1", True

    def __init__(self, *spans: Span) -> None:
        self.spans = spans

    def flags(self, document: Document) -> list[Finding]:
        return [finding(0, span, f"rule-{i}") for i, span in enumerate(self.spans)]


def counted(flags: list[Span], *, all_marks: bool = False) -> dict[str, float]:
    found = segment_counts(whitespace_words(TEXT), MARKS, flags, all_marks=all_marks)
    return dict(zip(COUNTS, found.tolist(), strict=True))


def test_counts_of_a_segment() -> None:
    found = counted([Span(5, 13), Span(20, 25)])  # "dig deep" and "there"
    assert [found[name] for name in ("tp", "fp", "fn", "tn")] == [1, 2, 1, 1]
    assert [found[name] for name in ("alarms", "right", "marks", "touched")] == [2, 1, 2, 1]
    assert found["credit"] == 3 / 8
    assert found["covered"] == 1
    everything = counted([Span(20, 25)], all_marks=True)
    assert [everything[name] for name in ("tp", "fp", "marks")] == [1, 0, 3]


def test_flags_that_overlap_count_once_and_neighbours_twice() -> None:
    assert joined([Span(4, 9), Span(0, 5), Span(9, 12)]) == [Span(0, 9), Span(9, 12)]
    assert covered_share(Span(0, 10), [Span(2, 4), Span(8, 20)]) == 0.4
    assert covered_share(Span(3, 3), [Span(0, 9)]) == 0.0


def test_metrics_by_hand() -> None:
    totals = dict(zip(COUNTS, map(np.float64, (6, 2, 3, 9, 5, 4, 2.5, 8, 4, 2)), strict=True))
    values = {m.name: float(m.value(totals)) for m in (*WORD_METRICS, *measures.SPAN_METRICS, *measures.ALARM_METRICS)}
    assert values["word MCC"] == pytest.approx((6 * 9 - 2 * 3) / (8 * 9 * 11 * 12) ** 0.5)
    assert values["word precision"] == 6 / 8
    assert values["word recall"] == 6 / 9
    assert values["word F1"] == pytest.approx(12 / 17)
    assert values["flags right"] == 4 / 5
    assert values["marks touched"] == 4 / 8
    assert values["partial F1"] == pytest.approx(2 * 0.5 * 0.25 / 0.75)
    assert values["alarms per 1,000 words"] == 250
    assert values["words flagged"] == 8 / 20


def test_nothing_flagged_and_everything_flagged_have_no_correlation() -> None:
    for flags in ([], [Span(0, len(TEXT))]):
        value, *_ = interval(WORD_METRICS[0], np.array([list(counted(flags).values())]), 0)
        assert value == 0.0


def test_intervals_hold_the_value_and_are_the_same_each_time() -> None:
    rows = np.array([list(counted([Span(5, 8 + i % 7)]).values()) for i in range(30)])
    once = interval(WORD_METRICS[1], rows, 200)
    assert once == interval(WORD_METRICS[1], rows, 200)
    assert once[1] <= once[0] <= once[2]
    assert once[1] < once[2]
    assert interval(WORD_METRICS[1], rows, 0) == (once[0],) * 3


def test_a_mark_is_found_by_its_quote_and_occurrence() -> None:
    judged = marked_document("d", ROWS, None)
    assert judged.marks[0][0].span == Span(5, 8)
    assert judged.marks[0][1].span == Span(11, 12)  # the third e: thEy dEEp
    assert judged.document.text[judged.document.segments[1].start :] == "It is well."


def test_measures_of_a_part_say_how_they_were_made() -> None:
    part = Part("articles", (marked_document("d", ROWS, None),), "data:articles|sha256:0")
    measured = measure(flag(Scripted(Span(5, 8)), part), resamples=10)
    by_name = {m.score.metric: m for m in measured}
    assert by_name["word precision"].score.value == 1.0
    assert by_name["word recall (all marks)"].score.value == 0.5
    assert by_name["touched: category grammar"].count == 1
    assert "touched: category style" not in by_name  # seen from the source alone
    for piece in ("system:scripted:1", "data:articles", "metric:word MCC", "resamples:10", "seed:12345"):
        assert piece in by_name["word MCC"].score.signature


def test_false_alarms_where_nothing_is_wrong_and_rules_worst_first() -> None:
    articles = Part("articles", (marked_document("d", ROWS, None),), "data:a")
    news = Part("news", (faultless("n", ["All is well here, they say."]),), "data:n")
    system = Scripted(Span(5, 8), Span(0, 3))
    alarm, share = measure(flag(system, news), resamples=0)
    assert alarm.score.value == pytest.approx(2 / 6 * 1000)
    assert share.score.value == pytest.approx(3 / 6)  # "All", "well", and "is" that the second flag touches
    rows = by_rule([flag(system, articles)], [flag(system, news)])
    assert [(row.rule, row.flags, row.right, row.alarms) for row in rows] == [("rule-1", 1, 0, 1), ("rule-0", 1, 1, 1)]
    shown = markdown([*measure(flag(system, articles), 0), alarm])
    assert "| news | scripted |" in shown
    assert "- `system:scripted:1`" in shown
    assert "| rule-0 | 1 | 1 | 1 | 1.00 | 1 |" in rule_table({"scripted": rows})


def test_surprisal_takes_the_cut_that_suits_dev(scripted_fluency: Any) -> None:
    part = Part("dev", (marked_document("d", ROWS, None),), "data:dev")
    system = Surprisal(scripted_fluency(awkward="dig"), part)
    assert [f.span for f in system.flags(part.texts[0].document)] == [Span(5, 8)]
    assert "best word MCC on dev" in system.signature
    assert len(Everything().flags(part.texts[0].document)) == 8


def write(path: Path, rows: list[dict[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with (lzma.open if path.suffix == ".xz" else open)(path, "wt", encoding="utf-8") as stream:
        table = csv.DictWriter(stream, list(rows[0]), delimiter="\t", quoting=csv.QUOTE_NONE, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder in miniature."""
    for number in texts.ARTICLES["dev"]:
        stem = tmp_path / "articles" / f"nt15_{number}"
        write(stem.with_suffix(".tsv"), [{"seg": str(i), "src": f"Рус {i}", "ref": "x"} for i in range(2)])
        stem.with_suffix(".edit.jsonl").write_text("\n".join(map(json.dumps, ROWS)) + "\n", encoding="utf-8")
    news = [{"doc": f"d{i // 2}", "refA": f"Line {i} can not be so.", "refB": "" if i else "Well."} for i in range(4)]
    write(tmp_path / "dev" / "newstest2020.ru-en.tsv", news)
    lines = ["Reuters.", texts.BBC_FIRST, *(f"Line {i}." for i in range(60)), texts.BBC_AFTER]
    (tmp_path / "mono").mkdir()
    with lzma.open(tmp_path / texts.NEWS, "wt", encoding="utf-8") as stream:
        stream.write("\n".join(lines))
    mlqe = {"mt_raw": "I hadn't (been) so bad.", "mt_tok": "I hadn 't ( been ) so bad .", "src_raw": "Рус"}
    tags = ["OK OK OK OK BAD OK BAD BAD OK", "OK OK OK OK OK OK OK OK BAD"]
    write(tmp_path / "qe" / "mlqe_pe.ru-en.dev.tsv.xz", [{**mlqe, "word_tags": each} for each in tags])
    genres = [("dev", "0", "reddit", "other"), ("dev", "1", "quotes", "proverb"), ("train", "0", "quotes", "proverb")]
    keys = ("split", "row", "doc_id", "genre")
    write(tmp_path / "qe" / "mlqe_pe.ru-en.genre.tsv.xz", [dict(zip(keys, row, strict=True)) for row in genres])
    return tmp_path


def test_readers_of_the_data_folder(data: Path) -> None:
    part = texts.articles(data, "dev", with_source=True)
    assert len(part.texts) == 5
    assert part.texts[0].document.segments[1].source == "Рус 1"
    assert [len(t.document.segments) for t in texts.newstest(data, "refA").texts] == [2, 2]
    assert [len(t.document.segments) for t in texts.newstest(data, "refB").texts] == [1]
    sample = texts.bbc(data, runs=2)
    assert [len(t.document.segments) for t in sample.texts] == [texts.BBC_RUN] * 2
    assert sample == texts.bbc(data, runs=2)
    assert sample.data.endswith(f"segments:40|words:{sample.word_count}")
    with_proverbs = texts.tagged(data, "dev", proverbs=True)
    (judged,) = texts.tagged(data, "dev", proverbs=False).texts
    assert len(with_proverbs.texts) == 2
    text = judged.document.segments[0].hypothesis
    assert [text[m.span.start : m.span.end] for m in judged.marks[0]] == ["been", "so bad"]


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nt15_0017\.edit\.jsonl: no such file"):
        texts.articles(tmp_path, "dev")


def test_the_command_prints_a_table_or_json(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ["evaluate", "flags", str(data), "--rules-only", "--resamples", "20"]
    monkeypatch.setattr("mtcheck.engines.load.open_detecting", lambda outputs: Engines())
    shown = CliRunner().invoke(main, [*arguments, "--only", "articles", "--only", "tags", "--per-rule"])
    assert shown.exit_code == 0, shown.output
    assert "| articles dev | rules alone |" in shown.stdout
    assert "| MLQE-PE ru-en dev without proverbs | rules alone |" in shown.stdout
    assert "newstest2020" not in shown.stdout
    dumped = CliRunner().invoke(main, [*arguments, "--only", "articles", "--json"])
    numbers = json.loads(dumped.stdout)["measured"]
    assert {"part", "system", "score", "low", "high", "count"} == set(numbers[0])
    assert all(number["score"]["signature"] for number in numbers)


def test_without_models_the_command_says_what_to_do(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mtcheck.engines.load.open_detecting", lambda outputs: Engines())
    result = CliRunner().invoke(main, ["evaluate", "flags", str(data)])
    assert result.exit_code == 2
    assert "mtcheck models fetch" in result.stderr


@pytest.mark.parametrize("name", ["Harper", "LanguageTool"])
def test_offsets_of_rivals_are_code_points(name: str) -> None:
    pytest.importorskip({"Harper": "harper", "LanguageTool": "lt_py"}[name])
    from benchmarks import rivals

    system = getattr(rivals, name)(spelling=False)
    text = "“Café — да” said he ate an apple and a orange."
    found = system.flags(texts.document("d", [text]))
    assert "a" in {text[f.span.start : f.span.end].split()[0] for f in found}
    assert "spelling:False" in system.signature
