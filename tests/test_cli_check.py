"""``mtcheck check`` as a command: what goes in, what comes out, and how many findings fail it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mtcheck.cli import main
from mtcheck.store import CACHE_VARIABLE

BAD = "He lived in the the city.\n"
CLEAN = "The minister said on Tuesday that the talks would continue.\n"
GRAVE = "Lavrov said about the absence of plans.\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "bad.txt").write_text(BAD)
    (tmp_path / "news" / "clean.md").write_text(CLEAN)
    (tmp_path / "news" / "grave.md").write_text(GRAVE)
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, ["check", "--fast", *arguments], input=stdin)


def paths(result: Result) -> list[str]:
    return [line.split(":")[0] for line in result.stdout.splitlines()]


def test_folders_files_and_patterns() -> None:
    assert paths(run("news")) == ["news/bad.txt", "news/grave.md"]
    assert paths(run()) == ["news/bad.txt", "news/grave.md"]  # the current folder
    assert paths(run("news/grave.md", "news")) == ["news/grave.md", "news/bad.txt"]
    assert paths(run("**/*.md")) == ["news/grave.md"]


def test_a_finding_is_one_line_with_its_place() -> None:
    assert run("news/bad.txt").stdout.startswith("news/bad.txt:1:16: minor doubled-word")


def test_stdin_has_a_name_whose_ending_and_folder_count(folder: Path) -> None:
    assert paths(run("-", stdin=BAD)) == ["<stdin>"]
    assert paths(run("--stdin-name", "news/new.md", "-", stdin=f"```\n{BAD}```\n\n{GRAVE}")) == ["news/new.md"]
    (folder / "news" / "mtcheck.toml").write_text('ignore = ["doubled-word"]\n')
    assert run("--stdin-name", "news/new.md", "-", stdin=BAD).exit_code == 0
    assert run("-", stdin=BAD).exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "code", "lines"),
    [
        ([], 1, 2),
        (["--fail-on", "major"], 1, 2),
        (["--fail-on", "critical"], 0, 2),
        (["--max-findings", "2"], 0, 2),
        (["--max-findings", "1"], 1, 2),
        (["--severity", "major"], 1, 1),
        (["--severity", "critical"], 0, 0),
        (["--min-confidence", "1"], 0, 0),
        (["--select", "doubled-word"], 1, 1),
        (["--ignore", "doubled-word", "--ignore", "said-about-noun"], 0, 0),
    ],
)
def test_what_is_reported_and_what_fails(arguments: list[str], code: int, lines: int) -> None:
    result = run(*arguments, "news")
    assert (result.exit_code, len(result.stdout.splitlines())) == (code, lines), result.output


def test_results_are_kept_unless_told_otherwise(folder: Path) -> None:
    stored = folder / "cache" / "checks.sqlite3"
    run("--no-cache", "news")
    assert not stored.exists()
    run("--cache-dir", "elsewhere", "news")
    assert not stored.exists()
    assert (folder / "elsewhere" / stored.name).exists()
    first = run("news")
    assert stored.exists()
    assert run("news").output == run("--no-cache", "news").output == first.output


def test_any_number_of_processes_prints_the_same() -> None:
    one, two = (run("--no-cache", "--format", "json", "--jobs", count, "news") for count in ("1", "2"))
    assert (one.exit_code, one.output) == (two.exit_code, two.output)
