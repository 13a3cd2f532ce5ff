"""Which engines are opened, what is said of the missing ones; parser, encoder and folders that appear whole."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import spacy

from mtcheck.engines.cores import spare_cores, usable_cores
from mtcheck.engines.encoder import UseEncoder
from mtcheck.engines.load import open_engines, open_translator
from mtcheck.engines.parser import SpacyParser
from mtcheck.engines.staging import staged_folder
from mtcheck.errors import ModelError
from tests import micro_checkpoints


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MTCHECK_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_without_models_everything_missing_is_named_with_its_command(empty_cache: Path) -> None:
    engines = open_engines()
    assert engines.back_translator is None or "gguf" not in engines.back_translator.signature
    assert engines.fluency is None
    assert engines.parser is None
    clauses = " / ".join(engines.missing)
    assert "mtcheck models fetch smollm2-135m-instruct" in clauses
    assert "mtcheck models fetch en-core-web-sm" in clauses
    assert [trip.pivot_lang for trip in engines.round_trips][:1] == ["pt"]


def test_a_folder_is_a_translator_and_its_outputs_are_cached(empty_cache: Path, tmp_path: Path) -> None:
    folder = micro_checkpoints.marian(tmp_path / "marian")
    engines = open_engines(str(folder), fast=True)
    assert engines.back_translator is not None
    found = engines.back_translator.translate(micro_checkpoints.ENGLISH)
    assert [best[0].text for best in found] == micro_checkpoints.RUSSIAN
    assert (empty_cache / "outputs.sqlite3").is_file()
    assert open_engines(str(folder), cache=False).back_translator is not None


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("no-such-model", "neither a model nor a folder"),
        ("smollm2-135m-instruct", "is a fluency, not a translator"),
        ("qwen2.5-coder-1.5b-instruct", "run: mtcheck models fetch qwen2.5-coder-1.5b-instruct"),
        ("hub:a/b", "is not here"),
    ],
)
def test_translators_that_cannot_be_opened(name: str, message: str, empty_cache: Path) -> None:
    with pytest.raises(ModelError, match=message):
        open_engines(name)


def test_direction_is_checked(empty_cache: Path) -> None:
    with pytest.raises(ModelError, match="not en-de"):
        open_translator("qwen2.5-coder-1.5b-instruct", "en", "de")


def test_opening_imports_no_torch(empty_cache: Path) -> None:
    script = (
        "import sys; from mtcheck.engines.load import open_engines; open_engines(fast=True, cache=False)\n"
        "print([name for name in ('torch', 'transformers') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=120)
    assert run.stdout.strip() == "[]"


def test_parser_from_a_folder(tmp_path: Path) -> None:
    spacy.blank("en").to_disk(tmp_path / "blank")
    parser = SpacyParser(tmp_path / "blank")
    (doc, nothing) = parser.parse(["He didn’t go.", ""])
    assert [(token.text, token.idx) for token in doc][:3] == [("He", 0), ("did", 3), ("n’t", 6)]
    assert len(nothing) == 0
    with pytest.raises(ModelError, match="mtcheck models fetch en-core-web-sm"):
        SpacyParser(tmp_path / "none")


def test_encoder_sees_meaning_across_languages() -> None:
    encoder = UseEncoder()
    same, other, blank = encoder.similarity(
        ["The minister was killed.", "The minister was killed.", " "], ["Министр был убит.", "Погода хорошая.", "x"]
    )
    assert same > 0.7 > 0.5 > other
    assert blank == 0.0
    assert encoder.similarity([], []) == []


def test_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    assert usable_cores() == 1
    monkeypatch.setenv("OMP_NUM_THREADS", "many")
    assert usable_cores() >= 1


def test_staged_folder_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "model"

    def fails_half_way() -> None:
        with staged_folder(target) as staged:
            (staged / "half").write_text("written")
            raise InterruptedError

    with pytest.raises(InterruptedError):
        fails_half_way()
    assert not list(target.parent.iterdir())
    with staged_folder(target) as staged:
        (staged / "file").write_text("first")
    with staged_folder(target) as staged:
        (staged / "file").write_text("second, too late")
    assert (target / "file").read_text() == "first"
    assert list(target.parent.iterdir()) == [target]
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ModelError, match="MTCHECK_CACHE"), staged_folder(tmp_path / "file" / "model"):
        pass


def test_one_core_is_left_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    for usable, spare in ((1, 1), (2, 1), (8, 7)):
        monkeypatch.setattr("mtcheck.engines.cores.usable_cores", lambda usable=usable: usable)
        assert spare_cores() == spare
