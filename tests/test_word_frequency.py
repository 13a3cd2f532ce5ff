"""Our quick way into wordfreq's lists gives wordfreq's own numbers."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest
from wordfreq import get_frequency_dict, zipf_frequency

from mtcheck.word_frequency import is_known, zipf

KNOWN = sorted(get_frequency_dict("en", "large"))
PIECES = random.Random(5)


@pytest.mark.parametrize(
    "words",
    [
        PIECES.sample(KNOWN, 400),
        ["the", "Lavrov", "al-Nusra", "AL-NUSRA", "well-known", "don't", "O’Brien", "café", "Лавров", "90s", "1,000"],
        ["", "-", "a-", "-a", "dzhabhat", "blizlezhayshih", "x-dzhabhat", "U.S.", "two words", "ﬁne", "İstanbul"],
        ["-".join(PIECES.sample(KNOWN, 2)) for _ in range(200)],
    ],
    ids=["known", "kinds", "odd", "compounds"],
)
def test_the_numbers_are_wordfreqs(words: list[str]) -> None:
    assert {word: zipf(word) for word in words} == {word: zipf_frequency(word, "en") for word in words}


def test_known_means_listed() -> None:
    assert is_known("perestroika")
    assert not is_known("blizlezhayshih")


def test_single_words_do_not_import_wordfreq() -> None:
    code = "import sys; from mtcheck.word_frequency import zipf; zipf('al-Nusra'); print('wordfreq' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout == "False\n"
