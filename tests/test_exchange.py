"""MQM ratings and ESA campaigns, read back as the tools of the field read them; nothing of an article is obeyed."""

from __future__ import annotations

import csv
import html
import io
import json
import re

import pytest
from check_sample import RUN
from hypothesis import given
from hypothesis import strategies as st
from review_sample import DOCUMENT, EMPTY, REVIEW

from mtcheck.detectors import rules
from mtcheck.reports import _exchange, render, visible
from mtcheck.reports.check import render as render_check
from mtcheck.schema import Severity, Span

WEIGHTS = {"Major": 5, "Minor": 1, "Neutral": 0, "no-error": 0}


def ratings(text):
    """The rows as mt-metrics-eval reads them: a header, tabs, no quoting at all."""
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter="\t", quoting=csv.QUOTE_NONE))


def unmarked(cell):
    """A cell's text and the words marked in it, as MQM Viewer shows them."""
    text = html.unescape(re.sub("</?v>", "", cell))
    found = re.search("<v>(.*)</v>", cell)
    return text.removeprefix(" "), html.unescape(found.group(1)) if found else None


def code_units(text, start, end):
    """The characters from one UTF-16 code unit to another, both named, as a browser counts them."""
    return text.encode("utf-16-le")[2 * start : 2 * end + 2].decode("utf-16-le")


def items(text):
    return [item for user in json.loads(text)["data"] for document in user for item in document]


def test_ratings_have_every_sentence_and_every_finding():
    rows = ratings(render(REVIEW, "mqm"))
    assert list(rows[0]) == list(_exchange.COLUMNS)
    assert sorted({int(row["doc_id"]) for row in rows}) == list(range(1, len(DOCUMENT.segments) + 1))
    assert sum(row["category"] != "no-error" for row in rows) == len(REVIEW.findings)
    assert rows[-1]["target"] == "Nothing is wrong here."
    assert {row["category"] for row in ratings(render(EMPTY, "mqm"))} == {"no-error"}
    for row in rows:
        text, quote = unmarked(row["target"])
        assert text == visible(DOCUMENT.segments[int(row["doc_id"]) - 1].hypothesis)
        assert json.loads(row["metadata"]).get("marked_text") == quote


def test_ratings_weigh_as_the_findings_do():
    weight = sum(WEIGHTS[row["severity"]] for row in ratings(render(REVIEW, "mqm")))
    worth = {Severity.NEUTRAL: 0, Severity.MINOR: 1, Severity.MAJOR: 5, Severity.CRITICAL: 5}
    assert weight == sum(worth[finding.severity] for finding in REVIEW.findings)


def test_ratings_of_a_check_number_the_flagged_sentences_of_each_article():
    rows = ratings(render_check(RUN, "mqm"))
    assert [(row["doc"], row["doc_id"], row["seg_id"]) for row in rows[:6]] == [
        ("news/lavrov.md", "1", "1"),
        ("news/lavrov.md", "2", "2"),
        ("news/lavrov.md", "2", "2"),
        ("news/lavrov.md", "3", "3"),
        ("news/twice 50%, a:b.txt", "1", "4"),
        ("news/twice 50%, a:b.txt", "2", "5"),
    ]
    assert len(rows) == len(RUN.new)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", " =1+1"),
        ("+7 495", " +7 495"),
        ("-5 degrees", " -5 degrees"),
        ("@everyone", " @everyone"),
        ('"=1+1"', ' "=1+1"'),
        ("a\tb\nc\r\nd", "a b c  d"),
        ("AT&T", "AT&T"),
        ("&lt;v&gt;", "&amp;lt;v&amp;gt;"),
        ("<v>x</v>", "&lt;v>x&lt;/v>"),
    ],
)
def test_a_cell_is_neither_markup_nor_a_formula(text, cell):
    assert _exchange._cell(text) == cell


TEXT = st.text(st.characters(codec="utf-8") | st.sampled_from('<>&;"=+-@\t\r\n v/'), min_size=1, max_size=40)


@st.composite
def sentences(draw):
    text = draw(TEXT)
    ends = sorted(draw(st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))))
    mark = _exchange.Mark(Span(*ends), "r", "style/awkward", draw(st.sampled_from(Severity)), draw(TEXT), draw(TEXT))
    return _exchange.Sentence(text, draw(st.none() | TEXT), (mark,))


def shown(text):
    return visible(re.sub(r"[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]", " ", text))


@given(st.lists(sentences(), min_size=1, max_size=3))
def test_ratings_survive_any_text(listed):
    text = _exchange.tsv((_exchange.Article("a\tb", tuple(listed)),))
    assert len(text.splitlines()) == text.count("\n") == len(listed) + 1
    for row, sentence in zip(ratings(text), listed, strict=True):
        assert not re.match("[\"']*[=+@-]", row["target"])
        span = sentence.marks[0].span
        told, quote = unmarked(row["target"])
        assert told == shown(sentence.text).removeprefix(" ")
        assert quote == shown(sentence.text[span.start : span.end])
        assert not re.search("<(?!/?v>)", row["target"] + row["source"] + json.loads(row["metadata"])["note"])


@given(sentences())
def test_error_spans_name_the_words_in_any_text(sentence):
    item = items(_exchange.campaign((_exchange.Article("a", (sentence,)),), "a"))[0]
    text, span = item["tgt"]["original"], sentence.marks[0].span
    assert text.removeprefix(" ") == shown(sentence.text).removeprefix(" ")
    assert not text.startswith("<")  # Pearmut would show what begins with a tag as a picture
    (marked,) = item["error_spans"]["original"]
    quote = shown(sentence.text[span.start : span.end])
    if quote:
        assert code_units(text, marked["start_i"], marked["end_i"]) == quote
    assert 0 <= marked["start_i"] <= marked["end_i"]


def test_a_campaign_has_what_pearmut_asks_for():
    campaign = json.loads(render(REVIEW, "esa"))
    assert campaign["info"]["protocol"] == "ESA"
    assert campaign["campaign_id"]
    listed = items(render(REVIEW, "esa"))
    assert len(listed) == len({item["item_id"] for item in listed}) == len(DOCUMENT.segments)
    assert listed[0]["src"] == DOCUMENT.segments[0].source
    for item in listed:
        taken = set()
        for span in item["error_spans"]["original"]:
            assert span["severity"] in ("neutral", "minor", "major")
            assert set(span) == {"start_i", "end_i", "severity", "category"}
            here = set(range(span["start_i"], span["end_i"] + 1))
            assert not here & taken
            taken |= here


def test_every_category_of_the_rules_has_its_names():
    assert {rule.category for rule in rules()} <= set(_exchange.CATEGORIES)
