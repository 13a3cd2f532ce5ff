"""Checking articles: findings settled and placed, results looked up, processes that change nothing."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtcheck import documents
from mtcheck.checking import Checked, CheckRun, Options, check_document, check_files, place, running, settle
from mtcheck.engines import Engines
from mtcheck.schema import Applicability, Finding, Fix, Severity, Span
from mtcheck.settings import Settings

SEED = Path(__file__).parent.parent / "seeds" / "lavrov-aleppo.en.txt"
BAD = "He lived in the the city.\n"
FAST = Settings(fast=True)


def finding(
    rule: str, start: int, end: int, *, grade: str = "minor", sure: float = 0.9, fix: str | None = None
) -> Finding:
    fixes = () if fix is None else (Fix(fix, Applicability.REVIEW),)
    return Finding(rule, "style/awkward", Severity(grade), 0, Span(start, end), f"{rule} says so", sure, fixes)


# ---- settled and placed


def test_of_overlapping_findings_the_most_useful_stands_and_names_the_others() -> None:
    grave = finding("grave", 0, 9, grade="critical")
    ready = finding("ready", 4, 12, fix="x")
    sure = finding("sure", 10, 14, sure=1.0)
    apart = finding("apart", 20, 24)
    assert settle([grave, sure, ready, apart]) == [(ready, ("grave", "sure")), (apart, ())]
    assert settle([grave, sure]) == [(grave, ()), (sure, ())]
    assert settle([ready, finding("ready", 5, 6)]) == [(ready, ())]  # a rule is not named beside itself


@given(
    st.lists(
        st.builds(
            finding,
            st.sampled_from("abc"),
            st.integers(0, 9),
            st.integers(9, 20),
            grade=st.sampled_from(list(Severity)),
            fix=st.none() | st.just(""),
        ),
        max_size=8,
    )
)
def test_settled_findings_never_overlap_and_none_is_lost(findings: list[Finding]) -> None:
    settled = settle(findings)
    kept = [one for one, _ in settled]
    assert not any(one.span.overlaps(other.span) for i, one in enumerate(kept) for other in kept[:i])
    assert {one.rule for one in findings} == {one.rule for one in kept} | {name for _, also in settled for name in also}


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_places_count_lines_code_points_and_bytes(newline: str) -> None:
    text = f"\ufeffTitle{newline}{newline}Было: 𝒞 the the city.{newline}"
    document = documents.parse(text.encode(), "a.txt")
    segment = document.segments[1]
    start = segment.hypothesis.index("the the")
    (one,) = place(document, [(Finding("r", "c", Severity.MINOR, 1, Span(start, start + 7), "", 1.0), ("also",))])
    assert (one.line, one.column, one.byte_column) == (3, 9, 16)
    assert (one.end_line, one.end_column, one.end_byte_column) == (3, 16, 23)
    assert document.text[one.start : one.end] == one.quote == "the the"
    assert (one.before, one.after, one.also) == ("Было: 𝒞 ", " city.", ("also",))


def test_a_key_outlives_what_is_around_it() -> None:
    def key(text: str) -> str:
        (one,) = check_document(documents.parse(text, "a.txt"), Engines(), Settings(select=("doubled-word",))).findings
        return one.key

    base = key("Long ago he lived in the the city of London.")
    assert base == key("Title\n\nAnd yet, ago he lived in the the city of London and Rome.")
    assert base == key("Long ago he\nlived  in the the city of London.")
    assert base != key("Long ago he lived near the the city of London.")


# ---- looked up


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for number in range(5):
        (tmp_path / f"{number}.txt").write_text(f"In {2000 + number} he saw them.\n\n{BAD}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The articles that rules really looked at."""
    paths: list[str] = []
    real = running.check_document

    def noting(document: documents.Document, engines: Engines, settings: Settings) -> Checked:
        paths.append(document.doc_id)
        return real(document, engines, settings)

    monkeypatch.setattr(running, "check_document", noting)
    yield paths
    running.package_stamp.cache_clear()


def check(*paths: str, cache: str | None = "cache", settings: Settings = FAST, processes: int = 1) -> CheckRun:
    options = Options(processes, Path(cache) if cache else None)
    return check_files(paths or ("0.txt", "1.txt"), lambda path: settings, options)


def test_a_second_run_looks_at_nothing_and_says_the_same(folder: Path, looked_at: list[str]) -> None:
    first = check()
    assert looked_at == ["0.txt", "1.txt"]
    assert check() == first
    assert looked_at == ["0.txt", "1.txt"]
    assert check(cache=None) == first  # what came through the file is what the rules said
    assert len(looked_at) == 4


def test_a_moved_or_copied_article_is_known_under_its_new_name(folder: Path, looked_at: list[str]) -> None:
    (before, _) = check().articles
    shutil.copy("0.txt", "copy.txt")
    (copy,) = check("copy.txt").articles
    assert len(looked_at) == 2
    assert (copy.path, copy.findings) == ("copy.txt", before.findings)
    shutil.copy("0.txt", "copy.md")  # read by another format
    check("copy.md")
    assert len(looked_at) == 3


def edit_article(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    state = (folder / "0.txt").stat()
    (folder / "0.txt").write_text((folder / "0.txt").read_text().replace("the the", "at at a"))
    os.utime(folder / "0.txt", ns=(state.st_atime_ns, state.st_mtime_ns))
    return FAST


def change_settings(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    return Settings(fast=True, ignore=("doubled-word",))


def name_decisions(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    (folder / "decided.json").write_text('{"version": "1.0", "decisions": []}')
    return Settings(fast=True, decisions=str(folder / "decided.json"))


def another_package(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The same package with one byte more in a rule."""
    package = folder / "site-packages" / "mtcheck"
    (package / "checking").mkdir(parents=True)
    (package / "detectors").mkdir()
    (package / "detectors" / "rule.py").write_text("#")
    monkeypatch.setattr(running, "__file__", str(package / "checking" / "running.py"))
    running.package_stamp.cache_clear()
    return FAST


def another_library(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    real = os.listdir
    monkeypatch.setattr(os, "listdir", lambda path: [*real(path), "nupunkt-99.dist-info"])
    running.package_stamp.cache_clear()
    return FAST


@pytest.mark.parametrize("change", [edit_article, change_settings, name_decisions, another_package, another_library])
def test_nothing_stale_is_served(
    folder: Path,
    looked_at: list[str],
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Path, pytest.MonkeyPatch], Settings],
) -> None:
    check("0.txt")
    settings = change(folder, monkeypatch)
    check("0.txt", settings=settings)
    assert looked_at == ["0.txt", "0.txt"]
    check("0.txt", settings=settings)
    assert len(looked_at) == 2


def test_other_models_are_other_results(folder: Path, looked_at: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "engines_of", lambda job: Engines())
    for models in ("fluency:a:1", "fluency:a:2", "fluency:a:1"):
        monkeypatch.setattr("mtcheck.engines.load.detecting_models", lambda models=models: (models, ()))
        assert models in check("0.txt", settings=Settings()).signature
    assert len(looked_at) == 2
    check("0.txt")  # without any
    assert len(looked_at) == 3


def test_what_could_not_be_read_is_not_remembered(folder: Path, looked_at: list[str]) -> None:
    (folder / "0.txt").write_bytes(b"\x00" * 200)
    assert check("0.txt").errors
    assert check("0.txt").errors
    assert looked_at == []


@pytest.mark.parametrize("damage", ["text", "empty", "other"])
def test_a_damaged_file_of_results_is_begun_anew(folder: Path, looked_at: list[str], damage: str) -> None:
    first = check()
    stored = folder / "cache" / running.FILE_NAME
    if damage == "other":
        with sqlite3.connect(stored) as connection:
            connection.execute("DROP TABLE outputs")
        connection.close()
    else:
        stored.write_bytes(b"" if damage == "empty" else b"no database " * 500)
    assert check() == first
    assert len(looked_at) == 4
    assert check() == first
    assert len(looked_at) == 4


@pytest.mark.skipif(os.name == "nt", reason="Windows does not keep modes of files")
def test_a_folder_that_cannot_be_written_is_read(folder: Path, looked_at: list[str]) -> None:
    first = check()
    stored = folder / "cache" / running.FILE_NAME
    stored.chmod(0o444)
    stored.parent.chmod(0o555)
    try:
        assert check("0.txt", "1.txt", "2.txt").articles[:2] == first.articles
    finally:
        stored.parent.chmod(0o755)
    assert looked_at == ["0.txt", "1.txt", "2.txt"]


def test_a_cache_folder_that_cannot_be_does_no_harm(folder: Path) -> None:
    (folder / "file").write_text("")
    assert check(cache="file/below").articles == check(cache=None).articles
    assert (folder / "file").read_text() == ""


# ---- in order, whatever the number of processes


def test_processes_change_nothing(folder: Path) -> None:
    text = SEED.read_text(encoding="utf-8")
    for number in range(12):
        (folder / f"seed-{number:02}.txt").write_text(text.replace("Lavrov", f"Lavrov{'x' * number}"), encoding="utf-8")
    (folder / "seed-05.txt").write_bytes(b"\x00")
    one, two = (check(".", cache=None, processes=count) for count in (1, 2))
    assert one == two
    assert [article.path for article in one.articles] == sorted(article.path for article in one.articles)
    assert sum(bool(article.error) for article in one.articles) == 1


@pytest.mark.models
def test_processes_change_nothing_with_models(folder: Path) -> None:
    shutil.copy(SEED, folder / "seed.txt")
    one, two = (check(".", cache=None, settings=Settings(), processes=count) for count in (1, 2))
    assert one == two
    assert any(finding.rule == "low-fluency" or "low-fluency" in finding.also for finding in one.findings)


@given(
    words=st.lists(st.sampled_from([*SEED.read_text(encoding="utf-8").split(), "the the", "\n\n", "«"]), max_size=60)
)
@settings(deadline=None, max_examples=40)
def test_every_finding_lies_where_it_says(words: list[str]) -> None:
    document = documents.parse(" ".join(words), "a.txt")
    lines = document.text.split("\n")
    for one in check_document(document, Engines(), FAST).findings:
        assert document.text[one.start : one.end].split() == one.quote.split()
        assert lines[one.line - 1][one.column - 1 :].startswith(one.quote.split("\n")[0])
