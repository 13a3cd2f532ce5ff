"""A parse as plain data: what it says is what spaCy says, before and after it was kept."""

from __future__ import annotations

import json
from typing import Any

import pytest
import spacy
from spacy.tokens import Doc, Span

from mtcheck.engines.parse import Parse

ATTRIBUTES = (
    "i", "idx", "text", "lower_", "whitespace_", "text_with_ws", "tag_", "pos_", "lemma_", "dep_", "ent_type_",
    "is_alpha", "is_space", "is_punct",
)  # fmt: skip


def sentence() -> Doc:
    words = ["He", "didn", "’t", "say", "“", "Yes", "”", "in", "New", "York", "\n", "—", "in", "2020", "."]
    doc = Doc(
        spacy.blank("en").vocab,
        words=words,
        spaces=[True, False, True, True, False, False, True, True, True, True, False, True, True, False, False],
        tags=["PRP", "VBD", "RB", "VB", "``", "UH", "''", "IN", "NNP", "NNP", "_SP", ":", "IN", "CD", "."],
        pos=["PRON", "AUX", "PART", "VERB", "PUNCT", "INTJ"] + ["X"] * 9,
        lemmas=["he", "do", "not", "say", "“", "yes", "”", "in", "New", "York", "\n", "—", "in", "2020", "."],
        heads=[3, 3, 3, 3, 5, 3, 5, 3, 9, 7, 9, 3, 3, 12, 3],
        deps=["nsubj", "aux", "neg", "ROOT"] + ["dep"] * 11,
    )
    doc.ents = [Span(doc, 8, 10, "GPE"), Span(doc, 13, 14, "DATE")]
    return doc


def kept(doc: Doc) -> Parse:
    return Parse(json.loads(json.dumps(Parse.of(doc).rows)))


@pytest.mark.parametrize("made", [Parse.of, kept])
def test_tokens_say_what_spacy_says(made: Any) -> None:
    doc = sentence()
    parse = made(doc)
    assert parse.text == doc.text
    assert len(parse) == len(doc)
    for ours, theirs in zip(parse, doc, strict=True):
        assert [getattr(ours, name) for name in ATTRIBUTES] == [getattr(theirs, name) for name in ATTRIBUTES]
        assert len(ours) == len(theirs)
        assert bool(ours.is_sent_start) == bool(theirs.is_sent_start)
        assert ours.head == theirs.head.i
        assert [child.i for child in ours.children] == [child.i for child in theirs.children]
    assert [(e.start_char, e.end_char, e.label_) for e in parse.ents] == [
        (e.start_char, e.end_char, e.label_) for e in doc.ents
    ]


def test_places_count_as_in_a_list() -> None:
    parse = Parse.of(sentence())
    assert [token.text for token in parse[8:10]] == ["New", "York"]
    assert parse[-1].text == "."
    assert parse[8].nbor().text == "York"
    assert parse[8].nbor(-1).text == "in"
    with pytest.raises(IndexError):
        parse[0].nbor(-1)
    assert not Parse([])
