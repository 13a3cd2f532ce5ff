"""Findings are traced through an edit: gone, new or kept, wherever their sentence went."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtcheck import documents
from mtcheck.checking import check_document
from mtcheck.comparison import Kind, Verdict, compare, penalty, traced
from mtcheck.engines import Engines
from mtcheck.settings import Settings

FAULTY = [
    "The minister said about the absence of plans for the summer.",
    "He can not attend the talks in the city of Geneva this week.",
    "The budget of the region grew to 1,5 million roubles in a year.",
    "An agreement about the ceasefire was signed in interview to CNN.",
]
CLEAN = [
    "The weather was fine on all three days of the visit.",
    "Nobody from the delegation wanted to comment on it.",
]


def comparison(old, new):
    before, after = documents.parse(old, "old.txt"), documents.parse(new, "new.txt")
    results = [check_document(one, Engines(), Settings(fast=True)) for one in (before, after)]
    return traced(compare(before, after), *results, "x")


def turnover(old, new):
    return comparison(old, new).findings


def rules(findings):
    return [finding.rule for finding in findings]


def test_what_is_mended_is_gone_what_comes_is_new_the_rest_is_kept():
    found = turnover("\n\n".join(FAULTY[:2]), "\n\n".join([FAULTY[0], "He cannot attend.", FAULTY[2]]))
    assert rules(found.gone) == ["split-cannot"]
    assert rules(found.new) == ["decimal-comma"]
    assert [(a.rule, b.rule) for a, b in found.kept] == [("said-about-noun", "said-about-noun")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (FAULTY[1], FAULTY[1].replace("He can not attend", "She can not join")),  # every word of the context is new
        (FAULTY[0], FAULTY[0].replace("absence of plans", "lack of any plans")),  # the words flagged are others
        (FAULTY[1], "After that, as was said before, he can not  attend\nthe talks in the city of Geneva this week."),
        (" ".join([CLEAN[0], FAULTY[1]]), CLEAN[0][:-1] + ", and " + FAULTY[1].replace("He", "he")),
    ],
)
def test_a_fault_that_is_still_there_is_kept_whatever_changes_around_it(old, new):
    found = turnover(old, new)
    assert (found.gone, found.new, len(found.kept)) == ((), (), 1)


def test_a_fault_replaced_by_another_of_its_rule_elsewhere_is_not_kept():
    found = turnover("He can not come to the talks.", "He cannot come to the talks, and we can not go.")
    assert (len(found.gone), len(found.new), len(found.kept)) == (1, 1, 0)


def test_a_moved_and_edited_sentence_takes_its_findings_along():
    moved = FAULTY[1].replace("He can not", "She can not")
    found = comparison("\n\n".join([FAULTY[1], *CLEAN, FAULTY[0]]), "\n\n".join([*CLEAN, FAULTY[0], moved]))
    assert found.count(Kind.MOVED_HERE) == 1
    assert len(found.findings.kept) == 2
    assert found.words == (1, 1)
    away = next(pair for pair in found.pairs if pair.kind is Kind.MOVED_AWAY)
    assert found.pairs[away.partner].kind is Kind.MOVED_HERE
    assert [edit.replacement for edit in found.edits(away)] == ["She"]


def test_a_second_occurrence_is_new():
    found = turnover(FAULTY[0], f"{FAULTY[0]}\n\n{FAULTY[0]}")
    assert (len(found.gone), len(found.new), len(found.kept)) == (0, 1, 1)


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        (FAULTY, FAULTY[:3], Verdict.BETTER),
        (FAULTY[:3], FAULTY, Verdict.WORSE),
        (FAULTY, FAULTY[::-1], Verdict.ALIKE),
        (CLEAN, CLEAN[:1], Verdict.ALIKE),
        (["The talks ended, and we can not go, and he can not stay."], [FAULTY[0]], Verdict.WORSE),  # fewer, but graver
    ],
)
def test_the_verdict_goes_by_gravity_then_by_number(old, new, verdict):
    found = turnover("\n\n".join(old), "\n\n".join(new))
    assert found.verdict is verdict
    assert (penalty(found.after) < penalty(found.before)) == (verdict is Verdict.BETTER)


SENTENCES = st.lists(st.sampled_from(FAULTY + CLEAN), min_size=1, max_size=8)


@settings(max_examples=60, deadline=None)
@given(SENTENCES, SENTENCES)
def test_every_finding_is_accounted_for_once(old, new):
    texts = "\n\n".join(old), "\n\n".join(new)
    found = turnover(*texts)
    for text, listed in zip(texts, (found.before, found.after), strict=True):
        alone = check_document(documents.parse(text, "x"), Engines(), Settings(fast=True)).findings
        assert sorted(one.start for one in listed) == [one.start for one in alone]
    assert all(a.rule == b.rule for a, b in found.kept)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(FAULTY + CLEAN), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_reordering_alone_changes_no_finding(sentences, rng: random.Random):
    shuffled = sentences.copy()
    rng.shuffle(shuffled)
    found = turnover("\n\n".join(sentences), "\n\n".join(shuffled))
    assert found.gone == found.new == ()
    assert found.verdict is Verdict.ALIKE
