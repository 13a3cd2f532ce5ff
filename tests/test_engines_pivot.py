"""The native English-Portuguese pair (its weights come with its package) and round trips."""

from __future__ import annotations

import math
import subprocess
import sys
from typing import Any

import pytest

from mtcheck.engines.pivot import NativePivot, RoundTrip
from mtcheck.engines.typography import like, straightened
from mtcheck.errors import ModelError


@pytest.fixture(scope="module")
def round_trip() -> RoundTrip:
    return RoundTrip(NativePivot("en", "pt"), NativePivot("pt", "en"))


def test_round_trip_repairs_a_calque_and_keeps_quotes(round_trip: RoundTrip) -> None:
    texts = [
        "This was stated by foreign Minister of Russia Sergey Lavrov in interview to TV channel CNN.",
        "“It wasn’t rejected by the Council,” he said.",
    ]
    (first, *_), (second, *_) = round_trip(texts)
    assert "in an interview with" in first.text
    assert second.text.startswith("“")
    assert "”" in second.text
    assert '"' not in second.text
    assert math.isnan(first.log_prob)
    assert [[h.text for h in found] for found in round_trip(texts[::-1])] == [[second.text], [first.text]]


def test_portuguese_no_is_not_made_a_negation() -> None:
    (best,) = NativePivot("en", "pt").translate(["The plan was rejected in the Security Council."])[0]
    assert " no Conselho" in best.text
    assert "não" not in best.text


@pytest.mark.parametrize(
    "text", ["", "  \n", "Москва сказала, что это не так", "a" * 5000, "word " * 400, "。。。", "\x00\x01", "😀😀😀"]
)
def test_odd_text_neither_crashes_nor_comes_back_mangled(round_trip: RoundTrip, text: str) -> None:
    for hypotheses in round_trip([text]):
        assert all(hypothesis.text.strip() for hypothesis in hypotheses)
    if "word" in text or "Москва" in text or not text.strip():
        assert round_trip([text]) == [[]]


def test_progress_order_and_repeated_texts() -> None:
    told: list[tuple[int, int]] = []
    forward = NativePivot("en", "pt")
    texts = ["The minister spoke.", "", "The minister spoke."]
    found = forward.translate(texts, progress=lambda done, total: told.append((done, total)))
    assert found[0][0].text == found[2][0].text
    assert found[1] == []
    assert told == [(1, 2), (2, 2)]


def test_refusals(scripted_translator: Any) -> None:
    with pytest.raises(ModelError, match="does not translate from en to ru"):
        NativePivot("en", "ru")
    with pytest.raises(ModelError, match="cannot score"):
        NativePivot("en", "pt").score(["a"], ["b"])
    with pytest.raises(ModelError, match="no round trip"):
        RoundTrip(scripted_translator(), scripted_translator())


def test_round_trip_asks_the_way_back_for_n_best_once_a_text(scripted_translator: Any) -> None:
    there = scripted_translator({"one": "eins", "two": "eins", "bad": ""}, "en", "de")
    back = scripted_translator({"eins": "One"}, "de", "en")
    trip = RoundTrip(there, back)
    assert [[h.text for h in found] for found in trip(["one", "two", "bad"], 3)] == [["One"], ["One"], []]
    assert back.calls == [["eins"]]
    assert trip.pivot_lang == "de"
    assert there.signature in trip.signature


@pytest.mark.parametrize(
    ("model", "text", "expected"),
    [
        ("“No,” he said", '"Yes," it\'s so', "“Yes,” it’s so"),
        ("plain", '"Yes"', '"Yes"'),
        ("won’t", "don't", "don’t"),
        ("a — b", "c - d", "c — d"),
        ("1994–1996 – yes", "1994-1996 - no", "1994–1996 – no"),
        ("and so on…", "and...", "and…"),
        ("«Да»", 'he said "yes"', "he said «yes»"),
    ],
)
def test_typography_follows_the_model(model: str, text: str, expected: str) -> None:
    assert like(model, text) == expected


def test_straightened() -> None:
    assert straightened("“It’s” — 1994–1996…") == '"It\'s" - 1994-1996...'


def test_whoever_opened_the_pivot_may_be_gone() -> None:
    program = """
import threading
from mtcheck.engines.pivot import NativePivot
opened = []
thread = threading.Thread(target=lambda: opened.append(NativePivot("en", "pt")))
thread.start()
thread.join()
print(len(opened[0].translate(["The talks go on.", "He said no.", "It was cold."])))
"""
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (0, "3\n"), "the native engine crashed in most runs"
