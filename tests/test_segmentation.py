"""Sentences: where they end in news, and that every code point keeps its place."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtcheck.schema import Segment, Span
from mtcheck.segmentation import Passage, segments, sentence_spans

CASES = Path(__file__).parent / "cases" / "segmentation"


def _cases() -> list[tuple[str, str]]:
    lines = [
        (lang, line)
        for lang, name in (("en", "news.txt"), ("ru", "russian.txt"))
        for line in (CASES / name).read_text(encoding="utf-8").splitlines()
    ]
    return [(lang, line) for lang, line in lines if not line.startswith("#")]


def _sentences(text: str, lang: str = "en") -> list[str]:
    return [text[span.start : span.end] for span in sentence_spans(text, lang)]


def _passage(text: str) -> Passage:
    return Passage(text, range(len(text)))


@pytest.mark.parametrize(("lang", "case"), _cases())
def test_sentences_end_where_a_reader_ends_them(lang: str, case: str) -> None:
    expected = [part.strip() for part in case.split("|")]
    text = case.replace(" | ", " ").replace("| ", "").replace("|", "")
    assert _sentences(text, lang) == expected


@given(st.text(), st.sampled_from(["en", "ru"]))
def test_any_text_gives_trimmed_sentences_in_order(text: str, lang: str) -> None:
    spans = sentence_spans(text, lang)
    assert all(left.end <= right.start for left, right in pairwise(spans))
    for span in spans:
        sentence = text[span.start : span.end]
        assert sentence
        assert sentence == sentence.strip()
        assert any(char.isalnum() for char in sentence)
    covered = "".join(text[span.start : span.end] for span in spans)
    assert [c for c in covered if c.isalpha()] == [c for c in text if c.isalpha()]


@given(
    st.lists(
        st.sampled_from(["Mr. ", "U.S. ", "He said", ". ", "“", "”", "! ", "? ", "<…> ", "(", ") ", "5", "a.", "– "])
    )
)
def test_hard_pieces_lose_no_letter(pieces: list[str]) -> None:
    text = "".join(pieces)
    spans = sentence_spans(text)
    covered = "".join(text[span.start : span.end] for span in spans)
    assert [c for c in covered if c.isalnum()] == [c for c in text if c.isalnum()]


def test_nothing_without_letters_or_digits() -> None:
    assert sentence_spans("* * *") == []
    assert sentence_spans("") == []
    assert sentence_spans(" \n\t") == []


def test_offsets_become_gaps() -> None:
    raw = "He **left**. She stayed."
    visible = [0, 1, 2, 5, 6, 7, 8, *range(11, len(raw))]
    passage = Passage("".join(raw[at] for at in visible), visible)
    first, second = segments([passage])
    assert (first.hypothesis, second.hypothesis) == ("He left.", "She stayed.")
    left = first.raw_span(Span(3, 7))
    assert raw[left.start : left.end] == "left"
    assert first.crosses_markup(Span(0, 7))
    assert second == Segment(1, raw.index("She"), "She stayed.")


def test_addresses_are_protected() -> None:
    (segment,) = segments([_passage("See https://a.b/c, ask x@y.com or fill {{ name }} in.")])
    texts = [segment.hypothesis[span.start : span.end] for span in segment.protected]
    assert texts == ["https://a.b/c", "x@y.com", "{{ name }}"]


def test_overlapping_protection_is_joined() -> None:
    text = "Run https://a.b/c now"
    (segment,) = segments([Passage(text, range(len(text)), (Span(0, 8),))])
    assert segment.protected == (Span(0, 17),)


def test_an_endless_paragraph_is_cut_too() -> None:
    text = "“We stay (and wait).” He left. " * 2000
    assert len(sentence_spans(text)) == 4000


@pytest.mark.parametrize("mark", ["!", "?)", "!["])
def test_marks_without_words_between_take_linear_time(mark: str) -> None:
    """nupunkt alone would look at them for ten minutes; this takes a fraction of a second."""
    code = f"from mtcheck.segmentation import sentence_spans; sentence_spans('He came. ' + {mark!r} * 400_000)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
