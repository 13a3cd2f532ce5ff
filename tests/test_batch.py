"""``mtcheck batch``: the same records in any arrangement, nothing lost, one bad article harms no other."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pytest
from click.testing import CliRunner, Result

from mtcheck.batch import MANIFEST, Columns, Order, pools, records, run
from mtcheck.batch.articles import Article, Shard, shards
from mtcheck.batch.parts import Record
from mtcheck.batch.pools import Local, ProcessDiedError, outcomes
from mtcheck.batch.records import Tally, Work
from mtcheck.cli import main
from mtcheck.detection import sources
from mtcheck.engines import Engines
from mtcheck.errors import ModelError, MtcheckError
from mtcheck.settings import Settings

ROOT = Path(__file__).parent.parent
FAULTS = ("the the", "he said about the plan", "on Tuesday", "a a")
COMMAND = [sys.executable, "-m", "mtcheck", "batch", "check", "--fast"]


def articles(count: int) -> list[dict[str, str]]:
    return [
        {
            "id": f"n{number}",
            "text": f"Article {number} was written on Monday.\nIt tells of {FAULTS[number % 4]} city.\n",
        }
        for number in range(count)
    ]


def write_lines(path: Path, rows: Iterable[Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


class Here:
    """A pool that is this process; the starts whose numbers are in ``dying`` end as a dead process does."""

    dying: frozenset[int] = frozenset()
    killed = False
    started = 0
    room = 2

    def __init__(self, processes: int = 0) -> None:
        self.processes = processes

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def start(self, work: Callable[..., Any], *arguments: object) -> Callable[[], Any]:
        Here.started += 1
        if Here.started in Here.dying:
            return self._died
        return lambda: work(*arguments)

    def _died(self) -> Any:
        raise ProcessDiedError(killed=self.killed)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> type[Here]:
    monkeypatch.setattr(pools, "Local", Here)
    for name in ("started", "dying", "killed"):
        monkeypatch.setattr(Here, name, getattr(Here, name))
    return Here


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write_lines(tmp_path / "corpus.jsonl", articles(11))


def batch(*inputs: Path | str, out: str = "out", options: dict[str, Any] | None = None, **order: Any) -> Tally:
    settings = sources({"fast": True} | (options or {}))
    return run([str(path) for path in inputs], settings, Order(Path(out), **{"shard": 3} | order))


def parts(out: str = "out") -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(Path(out).glob("part-*"))}


def told(out: str = "out") -> list[Record]:
    return [json.loads(line) for data in parts(out).values() for line in data.decode().splitlines()]


def manifest(out: str = "out") -> dict[str, Any]:
    return json.loads(Path(out, MANIFEST).read_bytes())  # type: ignore[no-any-return]


def command(line: str) -> Result:
    return CliRunner().invoke(main, ["batch", *line.split()])


# -- the same in any arrangement


def test_a_record_tells_what_check_finds(here: type[Here], corpus: Path) -> None:
    total = batch(corpus)
    found = told()
    assert [record["id"] for record in found] == [f"n{number}" for number in range(11)]
    assert (total.articles, total.errors, total.findings) == (11, 0, sum(len(one["findings"]) for one in found))
    doubled = found[0]["findings"][0]
    assert (doubled["rule"], doubled["line"], doubled["column"]) == ("doubled-word", 2, 16)
    text = articles(1)[0]["text"]
    assert text[doubled["offset"] : doubled["end_offset"]] == doubled["quote"]
    assert found[2]["findings"] == []
    counts = manifest()
    assert counts["complete"]
    assert (counts["articles"], counts["findings"], counts["parts"]) == (11, total.findings, list(parts()))


def test_number_of_processes_changes_no_byte(corpus: Path) -> None:
    for out, processes in (("one", 1), ("two", 2)):
        batch(corpus, out=out, processes=processes)
    assert parts("one") == parts("two")
    assert len(parts("one")) == 4
    assert manifest("one") == manifest("two")


def test_order_parts_and_format_leave_the_digest(here: type[Here], corpus: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    digest = batch(corpus).digest
    shuffled = articles(11)
    random.Random(8).shuffle(shuffled)
    assert batch(write_lines(Path("shuffled.jsonl"), shuffled), out="a").digest == digest
    assert batch(corpus, out="b", shard=5).digest == digest
    table = parquet.read_table
    import pyarrow

    parquet.write_table(pyarrow.Table.from_pylist(articles(11)), "corpus.parquet")
    assert batch("corpus.parquet", out="c", form="parquet").digest == digest
    assert batch("corpus.parquet", out="c", form="parquet").digest == digest  # as read back
    rows = [row for name in parts("c") for row in table(Path("c", name)).to_pylist()]
    assert rows == told()
    halves = [write_lines(Path(f"{at}.jsonl"), articles(11)[at::2]) for at in (0, 1)]
    assert batch(*halves, out="d").digest == digest


def test_another_text_is_another_digest(here: type[Here], corpus: Path) -> None:
    digest = batch(corpus).digest
    rows = articles(11)
    rows[4]["text"] += "They lived in in peace.\n"
    assert batch(write_lines(Path("other.jsonl"), rows), out="other").digest != digest


def test_ray_gives_the_same_bytes(corpus: Path) -> None:
    pytest.importorskip("ray")
    for out, engine in (("one", "local"), ("two", "ray")):
        done = subprocess.run(
            [*COMMAND, corpus.name, "--out", out, "--jobs", "1", "--shard", "4", "--engine", engine],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1, done.stderr
    # names hold a hash of the package, which somebody may be editing meanwhile
    assert list(parts("one").values()) == list(parts("two").values())


def test_files_of_a_folder(here: type[Here], corpus: Path) -> None:
    Path("articles", "deeper").mkdir(parents=True)
    for row in articles(5):
        Path("articles", "deeper" if row["id"] == "n3" else "", f"{row['id']}.txt").write_text(row["text"])
    Path("articles", "n9.md").write_text("# Title\n\nHe *lived* in the the city.\n")
    Path("articles", "mtcheck.toml").write_text('[per_path."n0.txt"]\nignore = ["doubled-word"]\n')
    batch("articles")
    found = {record["id"]: len(record["findings"]) for record in told()}
    assert found == {
        "articles/deeper/n3.txt": 1,
        "articles/n0.txt": 0,
        "articles/n1.txt": 1,
        "articles/n2.txt": 0,
        "articles/n4.txt": 1,
        "articles/n9.md": 1,
    }


def test_a_long_article_ends_a_shard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mtcheck.batch.articles._LARGEST_SHARD", 10)
    sizes = [1, 1, 20, 1, 9, 1, 1, 1]
    cut = list(shards((Article(str(size), Settings(), data=b"x" * size) for size in sizes), 3))
    assert [len(shard.articles) for shard in cut] == [3, 2, 3]
    assert [shard.number for shard in cut] == [0, 1, 2]


@pytest.mark.parametrize("name", ["pairs.jsonl", "pairs.parquet"])
def test_the_settings_name_the_columns(here: type[Here], corpus: Path, name: str) -> None:
    text, draft = "He lived in the city in 1941.", "He lived in the the city in 1941."
    row = {"text": text, "Draft": draft, "Original": "Он жил в городе в 1942 году."}
    if name.endswith("parquet"):
        pytest.importorskip("pyarrow")
        _table(Path(name), [row])
    else:
        write_lines(Path(name), [row])
    Path("mtcheck.toml").write_text('target_column = "Draft"\nsource_column = "Original"\n')
    batch(name)
    batch(name, out="named", columns=Columns("text"))
    found = [{finding["rule"] for one in told(out) for finding in one["findings"]} for out in ("out", "named")]
    assert found == [{"doubled-word", "number-differs-from-source"}, {"number-differs-from-source"}]


def test_a_dot_leads_into_an_object(here: type[Here], corpus: Path) -> None:
    rows: list[Any] = [{"translation": {"en": "He lived in the the city."}}, {"translation": "None."}, {"a.b": "x"}]
    batch(write_lines(Path("nested.jsonl"), rows), columns=Columns("translation.en"))
    good, *bad = told()
    assert [finding["rule"] for finding in good["findings"]] == ["doubled-word"]
    assert [one["error"] for one in bad] == ["it has no “translation.en” (see --text)"] * 2
    batch("nested.jsonl", out="dotted", columns=Columns("a.b"))
    assert told("dotted")[2]["words"] == 1


def test_a_source_is_compared(here: type[Here], corpus: Path) -> None:
    row = {
        "nr": 7,
        "en": "In 1941 the town of Vitebsk had 500 houses.",
        "ru": "В 1941 году в городе Витебске было 300 домов.",
    }
    batch(write_lines(Path("pairs.jsonl"), [row]), columns=Columns("en", "nr", "ru"))
    (record,) = told()
    assert record["id"] == "7"
    assert "number-differs-from-source" in {finding["rule"] for finding in record["findings"]}


def test_clean_gives_the_text_and_its_edits(here: type[Here], corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "_reviewing", lambda translator, fast: Engines(missing=("no models at all",)))
    total = batch(corpus, clean=True)
    found = told()
    assert total.missing == {"no models at all"}
    assert total.edits == sum(len(record["edits"]) for record in found) > 0
    for row, record in zip(articles(11), found, strict=True):
        text = row["text"]
        for edit in reversed(record["edits"]):
            assert text[edit["offset"] : edit["end_offset"]] == edit["original"]
            text = text[: edit["offset"]] + edit["replacement"] + text[edit["end_offset"] :]
        assert text == record["text"]
    assert "the the" not in found[0]["text"]
    pytest.importorskip("pyarrow")
    assert batch(corpus, clean=True, form="parquet", out="table").digest == total.digest


# -- going on where a run ended


@pytest.fixture
def worked_on(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    seen: list[str] = []
    real = Work.record

    def record(self: Work, article: Article) -> Record:
        seen.append(article.id)
        return real(self, article)

    monkeypatch.setattr(Work, "record", record)
    return seen


def test_what_is_finished_is_not_done_again(here: type[Here], corpus: Path, worked_on: list[str]) -> None:
    first = batch(corpus)
    whole = parts()
    assert len(worked_on) == 11
    next(Path("out").glob("part-00001-*")).unlink()
    Path("out", ".mtcheck-0123456789abcdef.tmp").write_bytes(b"half")
    assert batch(corpus) == first
    assert worked_on[11:] == ["n3", "n4", "n5"]
    assert parts() == whole
    assert sorted(path.name for path in Path("out").iterdir()) == [".lock", MANIFEST, *whole]


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff\xfe", b'{"id": 1}\n'])
@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_a_damaged_part_is_made_again(here: type[Here], corpus: Path, damage: bytes, form: str) -> None:
    if form == "parquet":
        pytest.importorskip("pyarrow")
    batch(corpus, form=form)
    whole = parts()
    Path("out", list(whole)[1]).write_bytes(damage)
    batch(corpus, form=form)
    assert parts() == whole


def test_a_changed_corpus_is_done_as_far_as_it_changed(here: type[Here], corpus: Path, worked_on: list[str]) -> None:
    batch(corpus)
    rows = articles(5)
    rows[4]["text"] = "He lived there.\n"
    batch(write_lines(corpus, rows))
    assert worked_on[11:] == ["n3", "n4"]
    assert [record["id"] for record in told()] == ["n0", "n1", "n2", "n3", "n4"]


def test_another_signature_is_refused_or_begun_anew(here: type[Here], corpus: Path) -> None:
    batch(corpus)
    whole, other = parts(), {"ignore": ("doubled-word",)}
    with pytest.raises(MtcheckError, match=r"out: holds results made by .*; name another folder, or .* --anew"):
        batch(corpus, options=other)
    assert parts() == whole
    batch(corpus, options=other, anew=True)
    assert not set(parts()) & set(whole)
    Path("out", MANIFEST).write_text("{")
    with pytest.raises(MtcheckError, match="nothing that can be read"):
        batch(corpus)


def test_parts_of_another_program_are_left_alone(here: type[Here], corpus: Path) -> None:
    Path("out").mkdir()
    Path("out", "part-00000-1a2b.parquet").write_bytes(b"of Spark")
    with pytest.raises(MtcheckError, match="part files of something else"):
        batch(corpus)
    assert list(parts()) == ["part-00000-1a2b.parquet"]


def test_two_runs_into_one_folder(here: type[Here], corpus: Path) -> None:
    from filelock import FileLock

    Path("out").mkdir()
    with FileLock("out/.lock"), pytest.raises(MtcheckError, match="another run is at work there"):
        batch(corpus)


# -- trouble with one article


BAD = (
    ("nonsense\n", "the line is not JSON"),
    ("[" * 100_000 + "\n", "the line is not JSON"),
    ("[1]\n", "the line is no JSON object"),
    ('{"id": "x"}\n', "it has no “text” (see --text)"),
    ('{"id": "x", "text": 5}\n', "its “text” is no text"),
    ('{"id": "x", "text": "a \\ud800 b"}\n', "it is not Unicode text"),
    ('{"id": "x", "text": "He said\\u0000so."}\n', "it holds NUL bytes"),
)


def test_bad_lines_are_told_and_the_others_checked(here: type[Here], corpus: Path) -> None:
    lines = corpus.read_text().splitlines(keepends=True)
    corpus.write_text("".join(f"{good}{bad}\n" for good, (bad, _) in zip(lines, BAD, strict=False)))
    total = batch(corpus)
    good, bad = told()[::2], told()[1::2]
    assert total.errors == len(BAD)
    assert [record["error"] for record in good] == [None] * len(BAD)
    for record, (_, error) in zip(bad, BAD, strict=True):
        assert error in record["error"]
    assert bad[0]["id"] == f"{corpus}:2"
    result = command(f"check {corpus.name} --out again --fast")
    assert result.exit_code == 2
    assert "(7 with an error)" in result.stderr


def test_a_line_that_is_too_long(here: type[Here], corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mtcheck.batch.articles._LONGEST_LINE", 200)
    long = {"id": "long", "text": "He lived in the the city. " * 100}
    batch(write_lines(corpus, [*articles(1), long, *articles(1)]))
    assert [record["error"] is None for record in told()] == [True, False, True]


def test_another_language_is_skipped(here: type[Here], corpus: Path) -> None:
    russian = "Министр заявил, что переговоры продолжатся во вторник, и поблагодарил всех участников встречи."
    total = batch(write_lines(corpus, [{"text": russian}, {"text": " "}, *articles(2)]))
    assert (total.skipped, total.errors, total.articles) == (2, 0, 4)
    assert [record["skipped"] for record in told()] == ["looks like Russian", "is empty", None, None]


def test_odd_inputs_are_one_line_each(here: type[Here], corpus: Path) -> None:
    for name in ("empty", "twins/x", "twins/y"):
        Path(name).mkdir(parents=True)
    for name in ("twins/x/a.txt", "twins/y/a.txt"):
        Path(name).write_text("He lived in the the city.\n")
    Path("twins/x/self").symlink_to("..")
    Path("loop.txt").symlink_to("loop.txt")
    Path("no-rows.jsonl").write_text("")
    for named, status, said in (
        ("empty", 0, "mtcheck: empty: skipped, no article in it"),
        ("no-rows.jsonl", 0, "0 findings in 0 articles"),
        ("twins", 1, "2 findings in 2 articles"),
        ("loop.txt", 2, "(1 with an error)"),
        ("nowhere", 2, "(1 with an error)"),
    ):
        result = command(f"check {named} --out out-{named} --fast")
        assert (result.exit_code, said in result.stderr) == (status, True), (named, result.stderr)
    assert [record["id"] for record in told("out-twins")] == ["twins/x/a.txt", "twins/y/a.txt"]
    assert told("out-loop.txt")[0]["error"] == "cannot be read (Too many levels of symbolic links)"


@pytest.mark.parametrize("fault", [MemoryError(), RecursionError("too deep"), ValueError("a fault of ours")])
def test_a_crash_on_one_article(
    here: type[Here], corpus: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    real = records.check_document

    def check(document: Any, *rest: Any) -> Any:
        if document.doc_id == "n4":
            raise fault
        return real(document, *rest)

    monkeypatch.setattr(records, "check_document", check)
    assert batch(corpus).errors == 1
    assert told()[4]["error"] == f"internal error ({type(fault).__name__}: {fault})"


def test_what_concerns_every_article_ends_the_run(
    here: type[Here], corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: Any) -> Any:
        raise ModelError("model x is damaged")

    monkeypatch.setattr(records, "check_document", broken)
    with pytest.raises(ModelError):
        batch(corpus)
    assert not parts()
    assert manifest()["complete"] is False


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda path: None, "cannot be read (No such file or directory)"),
        (lambda path: path.write_bytes(b"PAR1 is not enough"), "cannot be read"),
        (lambda path: _table(path, [{"n": 1, "body": "x"}]), "has no column “text”; name one of body with --text"),
        (
            lambda path: _table(path, [{"text": 1}]),
            "has no text in its column “text”; give a table with a column of text",
        ),
    ],
)
def test_tables_that_are_none(corpus: Path, made: Callable[[Path], Any], said: str) -> None:
    pytest.importorskip("pyarrow")
    made(Path("table.parquet"))
    result = command("check corpus.jsonl table.parquet --out out --fast")
    assert result.exit_code == 2
    assert said in result.stderr
    assert not Path("out").exists()


def _table(path: Path, rows: list[dict[str, Any]]) -> None:
    import pyarrow
    from pyarrow import parquet

    parquet.write_table(pyarrow.Table.from_pylist(rows), path)


def test_a_text_of_a_table_that_is_no_utf_8(here: type[Here], corpus: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    raw = pyarrow.array([b"He said \xff so.", b"He lived in the the city."], pyarrow.binary())
    texts = pyarrow.StringArray.from_buffers(2, *raw.buffers()[1:])
    parquet.write_table(pyarrow.table({"text": texts}), "bad.parquet")
    batch("bad.parquet")
    assert "not UTF-8" in told()[0]["error"]
    assert told()[1]["findings"]


# -- processes that die


@pytest.mark.parametrize("dying", [{1}, {2, 3}, {4}, {3, 6}, set(range(2, 9))])
def test_a_process_that_dies_changes_no_byte(here: type[Here], corpus: Path, dying: set[int]) -> None:
    batch(corpus, out="calm")
    here.started, here.dying = 0, frozenset(dying)
    total = batch(corpus)
    if not total.errors:
        assert parts() == parts("calm")
    else:  # every try was killed
        assert total.errors < 4
        assert len(parts()) == 4


ALONE = 8
"""The first start of an article by itself, when every start before died: two of three shards each, one shard alone."""


@pytest.mark.parametrize(("kills", "given_up"), [(9, 0), (10, 1)])
def test_whoever_kills_puts_no_blame_on_an_article(
    here: type[Here], corpus: Path, worked_on: list[str], kills: int, given_up: int
) -> None:
    batch(corpus, out="calm")
    here.started, here.killed, here.dying = 0, True, frozenset(range(ALONE + kills))
    total = batch(corpus)
    assert total.errors == given_up
    assert [one["id"] for one in told() if one["error"]] == ["n0"] * given_up
    assert all("killed again and again" in one["error"] for one in told() if one["error"])
    here.dying = frozenset()
    worked_on.clear()
    assert batch(corpus).errors == 0
    assert worked_on == ["n0"] * given_up
    assert parts() == parts("calm")


def test_an_article_that_ended_its_process_is_tried_again_by_the_next_run(here: type[Here], corpus: Path) -> None:
    batch(corpus, out="calm")
    here.started, here.dying = 0, frozenset(range(ALONE + 2))
    assert batch(corpus).errors == 1
    assert "ended unexpectedly" in told()[0]["error"]
    here.started, here.dying = 0, frozenset(range(ALONE + 1))
    assert batch(corpus).errors == 0
    assert parts() == parts("calm")


@dataclass(frozen=True, slots=True)
class Poisoned(Work):
    """Work on an article called ``poison`` ends its process, as a fault in a library does."""

    def record(self, article: Article) -> Record:
        if article.id == "poison":
            os._exit(1)
        return Work.record(self, article)


def test_an_article_that_kills_its_process_is_found_out(tmp_path: Path) -> None:
    texts = {"a": "He lived in the the city.", "poison": "He died.", "b": "All was was well."}
    rows = [Article(name, Settings(fast=True), data=text.encode()) for name, text in texts.items()]
    cut = (Shard(0, tuple(rows)),)
    work = Poisoned(tmp_path, False, "jsonl", "signature")
    done = list(outcomes(work, cut, lambda count: Local(count or 2)))
    found = [json.loads(line) for one in done for line in (tmp_path / one.part).read_text().splitlines()]
    assert [(one["id"], len(one["findings"])) for one in found] == [("a", 1), ("poison", 0), ("b", 1)]
    assert "ended unexpectedly" in found[1]["error"]
    assert sum(one.tally.errors for one in done) == 1


def out_of_memory(counters: Path) -> None:
    """End this process as the kernel does for want of memory."""
    counters.write_text("pgfault 7\noom_kill 4\noom_reap 9\n")
    signal.raise_signal(signal.SIGKILL)


@pytest.mark.parametrize(
    ("end", "argument", "killed"),
    [
        (os._exit, 1, False),
        (signal.raise_signal, signal.SIGABRT, False),
        (signal.raise_signal, signal.SIGKILL, True),
        (out_of_memory, Path("counters"), False),
    ],
)
def test_who_ended_a_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: Callable[[Any], None], argument: Any, killed: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(pools, "_COUNTERS", Path("counters"))
    Path("counters").write_text("pgfault 6\noom_kill 3\n")
    with pytest.raises(ProcessDiedError) as death, Local(2) as processes:
        processes.start(end, argument)()
    assert death.value.killed is killed


def begin(corpus: Path, out: str) -> subprocess.Popen[str]:
    """The command at work: one part is there, others are not."""
    process = subprocess.Popen(
        [*COMMAND, corpus.name, "--out", out, "--jobs", "2", "--shard", "8"],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while not parts(out) and process.poll() is None:
        time.sleep(0.02)
    assert process.poll() is None, "ended before it could be disturbed"
    return process


@pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="finds worker processes in /proc, which only Linux has"
)
def test_killed_interrupted_and_begun_again(corpus: Path) -> None:
    seed = (ROOT / "seeds" / "lavrov-aleppo.en.txt").read_text(encoding="utf-8")
    write_lines(corpus, [{"id": str(number), "text": f"Number {number}.\n{seed}"} for number in range(120)])
    process = begin(corpus, "out")
    workers = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    os.kill(int(workers[-1]), signal.SIGKILL)
    time.sleep(0.3)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert errors.endswith("interrupted; nothing half-written\n")
    process = begin(corpus, "out")
    process.kill()
    process.communicate(timeout=60)
    begun = parts()
    assert all(data.count(b"\n") == 8 for data in begun.values())
    assert not manifest()["complete"]
    assert command(f"check {corpus.name} --out out --fast --jobs 2 --shard 8").exit_code == 1
    assert manifest()["complete"]
    assert [record["id"] for record in told()] == [str(number) for number in range(120)]
    whole = {name[:10]: data for name, data in parts().items()}
    assert all(whole[name[:10]] == data for name, data in begun.items())
