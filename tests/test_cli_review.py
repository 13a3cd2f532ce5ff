"""``mtcheck review`` at the command line, without models: results, bad input, and nothing half-written."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mtcheck.cli import main
from mtcheck.store import CACHE_VARIABLE

SEED = Path(__file__).parent.parent / "seeds" / "lavrov-aleppo.en.txt"


@pytest.fixture(autouse=True)
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))


def review(*arguments: str, stdin: bytes = b"") -> Result:
    return CliRunner().invoke(main, ["review", *arguments], input=stdin)


def test_results_stand_beside_each_other_and_agree(tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = review(str(SEED), "--fast", "--out", str(out))
    assert result.exit_code == 1, result.stderr
    reports = {"review.json", "review.html", "report.docx"}
    assert {path.name for path in out.iterdir()} == {"lavrov-aleppo.en.cleaned.txt", *reports}
    record = json.loads((out / "review.json").read_text(encoding="utf-8"))
    cleaned = (out / "lavrov-aleppo.en.cleaned.txt").read_text(encoding="utf-8")
    assert record["counts"]["by_status"]["changed"] > 0
    assert "UN Security Council" in cleaned
    assert "security Council" not in cleaned
    assert SEED.read_text(encoding="utf-8") != cleaned
    assert "mtcheck models fetch" in result.stderr


def test_stdin_and_an_article_without_faults(tmp_path: Path) -> None:
    result = review("-", "--fast", "--format", "concise", stdin=b"The talks ended on Monday, officials said.\n")
    assert (result.exit_code, result.stdout) == (0, "")


def test_settings_of_the_folder_are_honoured(tmp_path: Path) -> None:
    (tmp_path / "mtcheck.toml").write_text('select = ["half-capitalised-institution"]\n')
    article = tmp_path / "a.txt"
    article.write_text(SEED.read_text(encoding="utf-8"), encoding="utf-8")
    lines = review(str(article), "--fast", "--format", "concise").stdout.splitlines()
    assert lines
    assert all("half-capitalised-institution" in line for line in lines)


BAD = {
    "missing": (None, "a.txt", "no such file"),
    "empty": (b"", "a.txt", "is empty"),
    "blank": (b" \n\t\n", "a.txt", "is empty"),
    "binary": (b"\x7fELF\x00\x01\x02\x00" * 20, "a.txt", "not a text file"),
    "wrongly encoded": ("Лавров сказал, что планов нет.".encode("cp1251") * 5, "a.txt", "iconv"),
    "not English": (
        "Лавров сказал, что планов захватить город нет и не будет.".encode(),
        "a.txt",
        "looks like Russian",
    ),
    "not an article": (b"PK\x03\x04" + bytes(60), "a.odt", "cannot read .odt"),
}


@pytest.mark.parametrize("fault", BAD)
def test_bad_input_is_one_clear_line(fault: str, tmp_path: Path) -> None:
    data, name, clue = BAD[fault]
    article, out = tmp_path / name, tmp_path / "out"
    if data is not None:
        article.write_bytes(data)
    result = review(str(article), "--fast", "--out", str(out))
    assert result.exit_code == 2
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("mtcheck: ")
    assert name in line
    assert clue in line.lower() or clue in line
    assert not out.exists()
    assert data is None or article.read_bytes() == data


def test_without_a_back_translator_one_line_names_the_command() -> None:
    result = review(str(SEED))
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        "mtcheck: no model to back-translate with; run: mtcheck models fetch, or use --fast"
    ]


def test_an_unknown_translator_is_one_line() -> None:
    result = review(str(SEED), "--translator", "no-such-model")
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert "no-such-model" in result.stderr


def test_an_unwritable_output_fails_before_the_work(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("mine")
    result = review(str(SEED), "--fast", "--out", str(blocked / "out"))
    assert result.exit_code == 2
    assert "cannot be written to" in result.stderr
    assert result.stdout == ""
    assert blocked.read_text() == "mine"


def test_a_source_that_is_another_article_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "ru.txt"
    source.write_text("Вчера в Томске открылся новый музей. Его построили за 3 года.\n" * 12, encoding="utf-8")
    result = review(str(SEED), "--fast", "--source", str(source))
    assert result.exit_code == 2
    assert "does not fit" in result.stderr


def test_an_interrupted_write_leaves_the_old_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    assert review(str(SEED), "--fast", "--out", str(out)).exit_code == 1
    before = {path.name: path.read_bytes() for path in out.iterdir()}

    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", broken)
    result = review(str(SEED), "--fast", "--out", str(out))
    assert result.exit_code == 2
    assert "No space left on device" in result.stderr
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
