"""The prose diff: exact, word-bounded, readable."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtcheck.prose_diff import TextEdit, align_sentences, apply_edits, pieces, readable_edits, word_edits

WORDS = st.sampled_from(["the", "of", "Aleppo", "don't", "UN", "1,000", "Совбез", "cafe\u0301", "U.S.", "a_b", "x"])
GLUE = st.sampled_from(
    [" ", " ", " ", ", ", ". ", "\n", "\r\n", "  ", " – ", "”", "“", "…", "", "\u00a0", "-", "\x1b[31m"]
)
PROSE = st.lists(st.tuples(WORDS, GLUE), max_size=14).map(lambda items: "".join(word + glue for word, glue in items))
ANY = st.one_of(PROSE, st.text(max_size=30))


@given(ANY, ANY)
@pytest.mark.parametrize("diff", [word_edits, readable_edits])
def test_making_the_edits_gives_the_other_text(diff, before, after):
    edits = diff(before, after)
    assert apply_edits(before, edits) == after
    assert bool(edits) == (before != after)
    assert list(edits) == sorted(edits)


@given(PROSE, PROSE)
def test_no_edit_starts_or_ends_inside_a_word(before, after):
    inside = {at for match in re.finditer(r"[^\W_]+", before) for at in range(match.start() + 1, match.end())}
    for edit in word_edits(before, after):
        assert edit.start not in inside
        assert edit.end not in inside


@given(ANY, ANY)
def test_something_unchanged_stands_between_two_edits(before, after):
    edits = word_edits(before, after)
    for left, right in itertools.pairwise(edits):
        assert before[left.end : right.start].strip()


@given(ANY, ANY)
def test_pieces_hold_both_texts(before, after):
    runs = pieces(before, word_edits(before, after))
    assert "".join(run.text for run in runs if run.kind != "inserted") == before
    assert "".join(run.text for run in runs if run.kind != "deleted") == after


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("in interview to CNN", "in an interview with CNN", [(3, 3, "an "), (13, 15, "with")]),
        ("an interview", "interview", [(0, 3, "")]),
        ("He left.", "He left early.", [(7, 7, " early")]),
        ("He left early.", "He left.", [(7, 13, "")]),
        ("foreign Minister", "Foreign Minister", [(0, 7, "Foreign")]),
        ("don't go", "do not go", [(0, 5, "do not")]),
        ("a  b", "a b", [(2, 3, "")]),
        ("", "new", [(0, 0, "new")]),
        ("same", "same", []),
    ],
)
def test_edits_are_minimal(before, after, expected):
    assert word_edits(before, after) == tuple(TextEdit(*edit) for edit in expected)


def test_a_repeated_phrase_is_cut_at_the_nicest_boundary():
    before = "He came. He saw the sea. He won."
    after = "He came. He won."
    (edit,) = word_edits(before, after)
    assert before[edit.start : edit.end] == "He saw the sea. "


def test_crumbs_are_joined_for_the_reader_only():
    before = "by foreign Minister of Russia Sergey Lavrov"
    after = "by Russian Foreign Minister Sergey Lavrov"
    assert len(word_edits(before, after)) == 2
    assert readable_edits(before, after) == (TextEdit(3, 29, "Russian Foreign Minister"),)


def test_a_long_shared_phrase_is_kept_apart():
    before = "It supports to the plan that the envoy of the UN put forward in Geneva at yesterday."
    after = "It supports the plan that the envoy of the UN put forward in Geneva yesterday."
    assert len(readable_edits(before, after)) == 2


def test_overlapping_edits_are_refused():
    with pytest.raises(ValueError, match="overlap"):
        apply_edits("abc", [TextEdit(0, 2, "x"), TextEdit(1, 3, "y")])


SENTENCES = st.lists(PROSE.filter(lambda text: text.strip()), max_size=6)


@given(SENTENCES, SENTENCES)
def test_beads_cover_both_texts_in_order(before, after):
    beads = align_sentences(before, after)
    assert [at for bead in beads for at in bead.before] == list(range(len(before)))
    assert [at for bead in beads for at in bead.after] == list(range(len(after)))
    assert all((len(bead.before), len(bead.after)) in {(1, 1), (2, 1), (1, 2), (1, 0), (0, 1)} for bead in beads)


def test_sentences_merged_split_added_and_deleted_are_paired():
    before = [
        "The minister met the envoy in Geneva on Monday.",
        "They spoke about the ceasefire and the delivery of aid.",
        "The talks lasted three hours.",
        "Nobody asked about oil.",
        "He left for Moscow and she returned to New York by plane.",
    ]
    after = [
        "The minister met the envoy in Geneva on Monday, and they spoke about the ceasefire and the delivery of aid.",
        "The talks lasted for three hours.",
        "He left for Moscow.",
        "She returned to New York by plane.",
        "Prices rose.",
    ]
    sizes = [(list(bead.before), list(bead.after)) for bead in align_sentences(before, after)]
    assert sizes == [([0, 1], [0]), ([2], [1]), ([3], []), ([4], [2, 3]), ([], [4])]


def test_a_long_rewritten_stretch_is_still_paired_sentence_by_sentence():
    before = [f"Sentence number {at} says that item {at * 7} was sold." for at in range(150)]
    after = [text.replace("was sold", "has been sold") for text in before]
    assert all(list(bead.before) == list(bead.after) for bead in align_sentences(before, after))
