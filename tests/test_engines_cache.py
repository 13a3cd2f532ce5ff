"""The cache of model outputs: asks once, shares, survives damage, never fails a run."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest

from mtcheck.engines import FluencyModel, SuggestedEdit
from mtcheck.engines.cache import (
    CachedFluency,
    CachedParser,
    CachedPostEditor,
    CachedTagger,
    CachedTranslator,
    LatestFluency,
    OutputCache,
)
from mtcheck.engines.later import Later, Together
from mtcheck.engines.parse import Parse
from mtcheck.schema import Hypothesis, Span


def test_translator_is_asked_only_for_what_is_new(tmp_path: Path, scripted_translator: Any) -> None:
    inner = scripted_translator({"a": "А", "bad": ""})
    cache = OutputCache(tmp_path / "outputs.sqlite3")
    told: list[tuple[int, int]] = []
    first = CachedTranslator(inner, cache).translate(["a", "bad", "a"])
    cache.close()
    again = CachedTranslator(inner, OutputCache(tmp_path / "outputs.sqlite3"))
    second = again.translate(["bad", "c", "a"], progress=lambda done, total: told.append((done, total)))
    assert first == [[Hypothesis("А", -1.0)], [], [Hypothesis("А", -1.0)]]
    assert second == [[], [Hypothesis("c", -1.0)], [Hypothesis("А", -1.0)]]
    assert inner.calls == [["a", "bad"], ["c"]]
    assert told[0] == (2, 3)
    assert told[-1] == (3, 3)


def test_key_holds_signature_n_best_and_kind(scripted_translator: Any) -> None:
    cache = OutputCache(None)
    inner, other = scripted_translator(), scripted_translator()
    other.signature = "another model"
    CachedTranslator(inner, cache).translate(["a"])
    CachedTranslator(inner, cache).translate(["a"], n_best=2)
    CachedTranslator(other, cache).translate(["a"])
    assert len(inner.calls) == 2
    assert len(other.calls) == 1
    assert CachedTranslator(inner, cache).score(["a", "a"], ["bb", "bb"]) == [-2.0, -2.0]


def test_finished_chunks_outlive_an_interruption(tmp_path: Path, scripted_translator: Any) -> None:
    class Interrupted(scripted_translator):  # type: ignore[misc]
        def translate(self, texts: Any, n_best: int = 1, progress: Any = None) -> Any:
            if "three" in texts:
                raise KeyboardInterrupt
            return super().translate(texts, n_best, progress)

    cache = OutputCache(tmp_path / "outputs.sqlite3")
    with pytest.raises(KeyboardInterrupt):
        CachedTranslator(Interrupted(), cache, chunk=2).translate(["one", "two", "three"])
    inner = scripted_translator()
    CachedTranslator(inner, cache, chunk=2).translate(["one", "two", "three"])
    assert inner.calls == [["three"]]


def test_fluency_spans_and_sums_come_back_equal(scripted_fluency: Any) -> None:
    inner = scripted_fluency(awkward="odd")
    cached = CachedFluency(inner, OutputCache(None))
    texts = ["an odd  phrase", ""]
    assert cached.word_log_probs(texts) == inner.word_log_probs(texts)
    assert cached.word_log_probs(texts) == inner.word_log_probs(texts)
    assert cached.log_probs(texts) == [-19.0, 0]


def test_damaged_file_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "outputs.sqlite3"
    path.write_bytes(b"this is no database" * 100)
    cache = OutputCache(path)
    cache.put({"k": "v"})
    assert OutputCache(path).get(["k"]) == {"k": "v"}
    assert (tmp_path / "outputs.damaged").read_bytes().startswith(b"this is no database")


def test_file_damaged_inside_does_not_fail(tmp_path: Path) -> None:
    path = tmp_path / "outputs.sqlite3"
    cache = OutputCache(path)
    cache.put({str(i): "v" * 500 for i in range(200)})
    cache.close()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    again = OutputCache(path)
    again.put({"new": "value"})
    assert again.get(["new"]) == {"new": "value"}


def test_place_that_cannot_be_written_still_serves(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    cache = OutputCache(tmp_path / "file" / "outputs.sqlite3")
    cache.put({"k": "v"})
    assert cache.get(["k", "other"]) == {"k": "v"}


def test_many_keys_and_old_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "outputs.sqlite3"
    cache = OutputCache(path)
    cache.put({f"k{i}": str(i) for i in range(2000)})
    assert len(cache.get(f"k{i}" for i in range(2500))) == 2000
    cache.close()
    monkeypatch.setattr("mtcheck.engines.cache._MOST_ROWS", 100)
    assert len(OutputCache(path).get(f"k{i}" for i in range(2000))) == 100


def test_two_processes_share_one_file(tmp_path: Path) -> None:
    path = tmp_path / "outputs.sqlite3"
    script = (
        "import sys; from pathlib import Path; from mtcheck.engines.cache import OutputCache\n"
        "cache = OutputCache(Path(sys.argv[1]))\n"
        "for i in range(50): cache.put({f'{sys.argv[2]}{i}': 'v'})\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", script, str(path), name]) for name in "ab"]
    assert [process.wait(60) for process in running] == [0, 0]
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM outputs").fetchone() == (100,)
    connection.close()


def test_what_was_asked_last_is_not_asked_again() -> None:
    asked: list[list[str]] = []

    class Model:
        signature = "lm"

        def word_log_probs(self, texts: list[str]) -> list[list[tuple[Span, float]]]:
            asked.append(texts)
            return [[(Span(0, len(text)), -2.0)] for text in texts]

    fluency: Any = LatestFluency(Model())  # type: ignore[arg-type]
    first = fluency.word_log_probs(["a", "b"])
    first[0].clear()  # an answer belongs to who asked
    assert fluency.log_probs(["a", "b"]) == [-2.0, -2.0]
    assert fluency.log_probs(["b", "c"]) == [-2.0, -2.0]
    assert fluency.log_probs(["a"]) == [-2.0]  # forgotten, so that memory stays that of one article
    assert asked == [["a", "b"], ["c"], ["a"]]
    assert fluency.signature == "lm"


def test_parses_probabilities_and_edits_come_back_equal() -> None:
    asked: list[Sequence[str]] = []

    class Model:
        signature = "model"

        def parse(self, texts: Sequence[str]) -> list[Parse]:
            asked.append(texts)
            return [
                Parse([(word, " ", "NN", "NOUN", word, "ROOT", 0, "O", "", True) for word in t.split()]) for t in texts
            ]

        def bad_probabilities(self, texts: Sequence[str]) -> list[list[tuple[Span, float]]]:
            asked.append(texts)
            return [[(Span(0, len(text)), 0.25)] for text in texts]

        def edits(self, texts: Sequence[str], threshold: float | None = None) -> list[list[SuggestedEdit]]:
            asked.append(texts)
            return [[SuggestedEdit(Span(0, 1), "a", threshold or 0.5)] for _ in texts]

    cache, texts = OutputCache(None), ["one two", "three"]
    for _ in range(2):
        parses = CachedParser(Model(), cache).parse(texts)
        assert [[token.text for token in parse] for parse in parses] == [["one", "two"], ["three"]]
        assert CachedTagger(Model(), cache).bad_probabilities(texts) == Model().bad_probabilities(texts)
        post_editor = CachedPostEditor(Model(), cache)
        assert post_editor.edits(texts) == [[SuggestedEdit(Span(0, 1), "a", 0.5)]] * 2
        assert post_editor.edits(["three"], 0.75) == [[SuggestedEdit(Span(0, 1), "a", 0.75)]]
    assert len(asked) == 4 + 2  # the two uncached questions of this test included


def test_what_is_opened_later_is_opened_once_and_only_when_asked() -> None:
    opened: list[str] = []

    class Model:
        signature = "known before"

        def log_probs(self, texts: Sequence[str]) -> list[float]:
            return [0.0 for _ in texts]

    def make() -> Model:
        opened.append("now")
        return Model()

    later = Later(make, signature="known before")
    cached = CachedFluency(cast(FluencyModel, later), OutputCache(None))
    assert cached.signature == "known before"
    assert cached.word_log_probs([]) == []
    assert not opened
    assert later.log_probs(["a"]) == [0.0]
    assert later.log_probs(["b"]) == [0.0]
    assert opened == ["now"]


def test_engines_of_one_run_open_together_and_each_once() -> None:
    opened: list[str] = []
    last = threading.Event()

    class Model:
        def __init__(self, name: str) -> None:
            opened.append(name)
            self.name = name
            if name == "last":
                last.set()

    def broken() -> Model:
        raise OSError("no such file")

    together = Together()
    first, second, third = (Later(partial(Model, name), together) for name in ("first", "second", "third"))
    faulty = Later(broken, together)
    alone = Later(partial(Model, "alone"))
    Later(partial(Model, "last"), together)
    assert not opened
    assert second.name == "second"
    assert last.wait(60)
    assert first.name == "first"
    assert third.name == "third"
    assert sorted(opened) == ["first", "last", "second", "third"]
    with pytest.raises(OSError, match="no such file"):
        _ = faulty.name
    assert alone.name == "alone"
