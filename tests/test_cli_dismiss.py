"""``mtcheck dismiss``: a finding that somebody settled comes up no more, in `check` or in `review`."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mtcheck import documents, pipeline
from mtcheck.cli import main
from mtcheck.engines import Engines
from mtcheck.settings import load

ARTICLE = "Lavrov said about the absence of plans.\n\nHe gave an interview to the UN security Council today.\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "mtcheck.toml").write_text('decisions = "decided.json"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--fast"])


def test_a_dismissed_finding_stays_dismissed_when_its_sentence_moves(folder: Path) -> None:
    assert "a.txt:1:8: major said-about-noun" in run("check", "a.txt").stdout
    assert run("dismiss", "a.txt:1:8", "--reason", "quoted").exit_code == 0
    (folder / "b.txt").write_text("Something came first. " + ARTICLE, encoding="utf-8")
    after = run("check", "a.txt", "b.txt").stdout
    assert "said-about-noun" not in after
    assert after.count("half-capitalised-institution") == 2


def test_review_minds_it_no_more_either(folder: Path) -> None:
    run("dismiss", "a.txt:1:8")
    result = pipeline.review(documents.read("a.txt"), Engines(), load("a.txt"))
    assert {finding.rule for finding in result.findings} == {"half-capitalised-institution"}


def test_one_rule_of_a_place_can_be_dismissed(folder: Path) -> None:
    assert run("dismiss", "a.txt:1:8", "--rule", "missing-article").exit_code == 2
    assert "said-about-noun" in run("check", "a.txt").stdout
    assert not (folder / "decided.json").exists()


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("a.txt:3:1", "nothing is found here; give a place as `mtcheck check` prints it"),
        ("a.txt", "not a place; write PATH:LINE:COLUMN"),
        ("none.txt:1:1", "no such file"),
    ],
)
def test_a_place_that_is_none_is_one_clear_line(folder: Path, place: str, line: str) -> None:
    result = run("dismiss", place)
    assert result.exit_code == 2
    assert line in result.stderr
    assert not (folder / "decided.json").exists()


def test_without_a_file_to_keep_it_in_it_says_what_to_write(folder: Path) -> None:
    (folder / "mtcheck.toml").unlink()
    result = run("dismiss", "a.txt:1:8")
    assert result.exit_code == 2
    assert 'add decisions = "mtcheck-decisions.json" to mtcheck.toml' in result.stderr
