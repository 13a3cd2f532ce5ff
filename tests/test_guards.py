"""An edit that changes a fact is caught; one that only changes the wording is not."""

from __future__ import annotations

import pytest

from mtcheck.guards import broken
from mtcheck.schema import Gap, Segment, Span


def verdict(before: str, old: str, new: str, *, machine: bool = True) -> tuple[str, ...]:
    start = before.index(old)
    return broken(Segment(0, 0, before), Span(start, start + len(old)), new, machine=machine)


@pytest.mark.parametrize(
    ("before", "old", "new", "guard"),
    [
        ("He paid 1,500 roubles in 2014.", "1,500", "1,600", "number"),
        ("Three people died.", "Three", "Four", "number"),
        ("On Monday Lavrov spoke.", "Lavrov", "Putin", "name"),
        ("Lavrov said no.", "Lavrov", "The minister", "name"),
        ("The Federation of Chess wrote to the Russian Federation.", "The Federation of Chess", "Chess", "name"),
        ("The minister said so.", "The minister", "Vladimir Putin", "name"),
        ("The plan was not rejected.", "was not", "was", "negation"),
        ("It cannot be tolerated.", "cannot", "can", "negation"),
        ("They must leave.", "must", "may", "modality"),
        ("The law sets a lowered rate of tax.", "lowered", "lowest", "degree"),
        ("It was a difficult year.", "a difficult", "the most difficult", "degree"),
        ("They favour large firms.", "favour", "favor", "spelling"),
        ("They harmonize the rules.", "harmonize", "harmonise", "spelling"),
        ("He took his car.", "his", "her", "pronoun"),
        ("It will not plough deeply.", "It will", "Will", "pronoun"),
        ("One ship, two captains.", "One ship", "A ship", "pronoun"),
        ("He also saw the town.", "also saw", "saw", "focus"),
        ("Claims from 15 more restaurants came.", "15 more", "15", "degree"),
        ("He saw the town.", "saw", "only saw", "focus"),
        ("Dearer than children #Bondarenko", "#", "- ", "symbol"),
        ("He said, “No.”", "“No.”", "No.", "quotation"),
        ("Anger ‘is started’ by failure.", "‘is", "is", "quotation"),
        ("See https://example.org/a for more.", "https://example.org/a", "https://example.org/b", "address"),
        ("The front (west).", "(west)", "(west", "bracket"),
        ("A quiet town.", "quiet", "quietzly", "unknown word"),
        ("A quiet old town.", "quiet old", "old", "content"),
        ("He saw a town.", "a town", "a quiet town", "content"),
        ("A way to detect familial stars.", "familial stars", "familiar", "content"),
        ("A 78-летний man was held.", "A 78-летний man", "The man, 78,", "content"),
    ],
)
def test_changed_facts_break_a_guard(before: str, old: str, new: str, guard: str) -> None:
    assert any(clause.startswith(f"{guard}:") for clause in verdict(before, old, new))


@pytest.mark.parametrize(
    ("before", "old", "new"),
    [
        ("It cost 10 000 roubles.", "10 000", "10,000"),
        ("It cost 1,5 million.", "1,5", "1.5"),
        ("Some 6,2 thousand viewers came.", "6,2 thousand", "6,200"),
        ("Several thousands of people came.", "thousands of people", "thousand people"),
        ("The foreign Minister of Russia spoke.", "foreign", "Foreign"),
        ("Fighters of Dzhabhat left.", "Dzhabhat", "Jabhat"),
        ("Sergei Lavrov spoke.", "Sergei", "Sergey"),
        ("The group EN-Nusra left.", "EN-", "al-"),
        ("It stopped. Let’s go in Idlib.", "in", "to"),
        ("Full text of the interview.", "Full", "The full"),
        ("He gave interview to CNN.", "gave interview", "gave an interview"),
        ("They don’t know.", "don’t", "don't"),
        ("The largest protest of interest in west.", "in west", "in the west"),
    ],
)
def test_rewordings_keep_every_fact(before: str, old: str, new: str) -> None:
    assert verdict(before, old, new, machine=False) == ()


def test_only_a_rule_may_spell_a_name_another_way() -> None:
    assert verdict("Sergei Lavrov spoke.", "Sergei", "Sergey", machine=False) == ()
    assert verdict("Sergei Lavrov spoke.", "Sergei", "Sergey") == ("name: lost Sergei; new Sergey",)


def test_a_rule_may_mend_quotation_marks_and_negation() -> None:
    assert verdict("«No», he said.", "«No»", "“No”", machine=False) == ()
    assert verdict("Nobody did not come.", "did not come", "came", machine=False) == ()


def test_markup_is_never_swallowed() -> None:
    segment = Segment(0, 0, "A bold word.", gaps=(Gap(2, 2), Gap(6, 2)))
    assert broken(segment, Span(0, 4), "The bo", machine=False) == ("markup: would be swallowed",)
    assert broken(segment, Span(2, 6), "calm", machine=False) == ()


def test_protected_text_is_never_edited() -> None:
    segment = Segment(0, 0, "Run make now.", protected=(Span(4, 8),))
    assert broken(segment, Span(4, 8), "build", machine=False) == ("markup: code or address",)
    assert broken(segment, Span(9, 12), "today", machine=False) == ()
