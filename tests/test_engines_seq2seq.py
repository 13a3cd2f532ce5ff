"""Micro checkpoints of each family through both engines: same outputs, same scores; refusals."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mtcheck.engines.checkpoint import convert_checkpoint, digest
from mtcheck.engines.reference import ReferenceTranslator
from mtcheck.engines.seq2seq import Seq2SeqTranslator, converted
from mtcheck.errors import ModelError
from tests import micro_checkpoints as micro

FAMILIES: dict[str, Callable[[Path], Path]] = {
    "marian": micro.marian,
    "marian-trained-with-transformers": lambda folder: micro.marian(folder, quiet_padding=False),
    "m2m100": micro.m2m100,
    "nllb": micro.nllb,
}


@pytest.fixture(scope="module", params=FAMILIES)
def checkpoint(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return FAMILIES[request.param](tmp_path_factory.mktemp("checkpoints") / request.param)


@pytest.fixture(scope="module")
def exact(checkpoint: Path) -> Seq2SeqTranslator:
    target = checkpoint.parent / "float32"
    target.mkdir()
    convert_checkpoint(checkpoint, target, "float32")
    return Seq2SeqTranslator(target, "en", "ru", compute_type="float32")


@pytest.fixture(scope="module")
def reference(checkpoint: Path) -> ReferenceTranslator:
    return ReferenceTranslator(checkpoint, "en", "ru")


def test_both_engines_agree(exact: Seq2SeqTranslator, reference: ReferenceTranslator) -> None:
    fast, slow = exact.translate(micro.ENGLISH), reference.translate(micro.ENGLISH)
    assert [best[0].text for best in fast] == micro.RUSSIAN
    assert [best[0].text for best in slow] == micro.RUSSIAN
    assert [h[0].log_prob for h in fast] == pytest.approx([h[0].log_prob for h in slow], abs=0.02)


def test_forced_scores_agree(exact: Seq2SeqTranslator, reference: ReferenceTranslator) -> None:
    targets = [*micro.RUSSIAN[1:], micro.RUSSIAN[0]]
    wrong = exact.score(micro.ENGLISH, targets)
    assert wrong == pytest.approx(reference.score(micro.ENGLISH, targets), rel=1e-3)
    right = exact.score(micro.ENGLISH, micro.RUSSIAN)
    assert right == pytest.approx(reference.score(micro.ENGLISH, micro.RUSSIAN), abs=0.02)
    assert all(a > b for a, b in zip(right, wrong, strict=True))


def test_n_best_is_sorted_distinct_and_scored(exact: Seq2SeqTranslator) -> None:
    (found,) = exact.translate(micro.ENGLISH[:1], n_best=4)
    assert len({h.text for h in found}) == len(found) > 1
    assert found[0].text == micro.RUSSIAN[0]
    assert exact.score(micro.ENGLISH[:1], [found[0].text]) == pytest.approx([found[0].log_prob], abs=0.02)
    assert all(h.log_prob < 0 for h in found)


def test_int8_keeps_the_translations(checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTCHECK_CACHE", str(tmp_path))
    folder = converted(checkpoint)
    translator = Seq2SeqTranslator(folder, "en", "ru")
    assert [best[0].text for best in translator.translate(micro.ENGLISH)] == micro.RUSSIAN
    assert converted(checkpoint) == folder
    assert converted(folder) == folder
    assert digest(checkpoint)[:12] in translator.signature
    assert "type:int8" in translator.signature


def test_batch_order_blank_and_endless_texts(exact: Seq2SeqTranslator) -> None:
    told: list[tuple[int, int]] = []
    texts = ["", micro.ENGLISH[1], "  \n ", "word " * 900, micro.ENGLISH[0].replace(" ", "\n"), micro.ENGLISH[1]]
    found = exact.translate(texts, progress=lambda done, total: told.append((done, total)))
    assert [[h.text for h in best] for best in found] == [
        [],
        [micro.RUSSIAN[1]],
        [],
        [],
        [micro.RUSSIAN[0]],
        [micro.RUSSIAN[1]],
    ]
    assert told[-1][0] == told[-1][1]
    with pytest.raises(ModelError, match="too long"):
        exact.score(["word " * 900], ["слово"])


def test_language_that_the_checkpoint_does_not_know(tmp_path: Path) -> None:
    folder = micro.nllb(tmp_path / "nllb")
    with pytest.raises(ModelError, match="does not know the language de"):
        ReferenceTranslator(folder, "en", "de")


def test_marian_of_another_direction_and_with_several_targets(tmp_path: Path) -> None:
    backwards = micro.marian(tmp_path / "ru-en", said=("rus", "eng"))
    with pytest.raises(ModelError, match="from rus to eng, not from en to ru"):
        ReferenceTranslator(backwards, "en", "ru")
    group = micro.marian(tmp_path / "en-sla", languages=("rus", "ukr"), said=("eng", "sla"))
    assert ReferenceTranslator(group, "en", "ru").translate(micro.ENGLISH[:1])[0][0].text == micro.RUSSIAN[0]
    with pytest.raises(ModelError, match="does not translate into cs"):
        ReferenceTranslator(group, "en", "cs")


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "no Hugging Face checkpoint"),
        ({"config.json": "{"}, "no Hugging Face checkpoint"),
        ({"config.json": json.dumps({"model_type": "bert"})}, "type 'bert' cannot be used"),
        ({"config.json": json.dumps({"model_type": "marian"})}, "no weights"),
        ({"config.json": json.dumps({"model_type": "marian"}), "pytorch_model.bin": "x"}, "a pickle can run code"),
        ({"config.json": json.dumps({"model_type": "marian"}), "model.safetensors": "x"}, "does not convert"),
    ],
)
def test_folders_that_are_refused(
    files: dict[str, str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MTCHECK_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "marian"
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match=message):
        converted(folder)
    assert not list((tmp_path / "cache").rglob("*.bin"))
    with pytest.raises(ModelError):
        ReferenceTranslator(folder, "en", "ru")
