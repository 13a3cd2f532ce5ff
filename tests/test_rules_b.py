"""Grammar rules on hand-tagged sentences: the tags are what the parser gives, so no model is needed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from mtcheck.detectors import grammar, rules
from mtcheck.detectors.missing_article import NounCounts, bare_contexts, noun_counts
from mtcheck.detectors.noun_phrase import noun_phrase_start
from mtcheck.detectors.rule import Analysis, Rule
from mtcheck.detectors.word_surprisal import expectation, frequency_band, tail
from mtcheck.schema import Document, Edit, Finding, Segment, Span

RULES = {rule.name: rule for rule in rules()}
NO_SPACE_BEFORE = {".", ",", "n't", "'s", "?"}


def tagged(sentence: str, lemmas: dict[str, str] | None = None) -> Any:
    """A spaCy Doc from ``word/TAG word/TAG``; a third part is the dependency label."""
    import spacy
    from spacy.tokens import Doc

    parts = [token.rsplit("/") for token in sentence.split()]
    words = [part[0] for part in parts]
    spaces = [after not in NO_SPACE_BEFORE for after in [*words[1:], "."]]
    known = lemmas or {}
    return Doc(
        spacy.blank("en").vocab,
        words=words,
        spaces=spaces,
        tags=[part[1] for part in parts],
        deps=[part[2] if len(part) > 2 else "dep" for part in parts],
        heads=list(range(len(words))),
        lemmas=[known.get(word, word.lower()) for word in words],
    )


def found(name: str, doc: Any) -> list[Finding]:
    return list(RULES[name].findings([Analysis.of(Segment(0, 0, doc.text), doc=doc)]))


def first_fix(doc: Any, findings: Sequence[Finding]) -> str:
    document = Document("case", doc.text, (Segment(0, 0, doc.text),))
    return document.apply(Edit(0, f.span, f.fixes[0].replacement) for f in findings if f.fixes)


def mended(name: str, sentence: str, lemmas: dict[str, str] | None = None) -> str:
    doc = tagged(sentence, lemmas)
    return first_fix(doc, found(name, doc))


def test_the_missing_article_is_chosen_by_what_follows() -> None:
    assert (
        mended("missing-article", "He/PRP gave/VBD it/PRP in/IN interview/NN with/IN reporters/NNS ./.")
        == "He gave it in an interview with reporters."
    )
    assert (
        mended("missing-article", "They/PRP spoke/VBD at/IN beginning/NN of/IN May/NNP ./.")
        == "They spoke at the beginning of May."
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "Minister/NN discusses/VBZ situation/NN",
        "He/PRP went/VBD from/IN city/NN to/IN city/NN ./.",
        "They/PRP saw/VBD this/DT small/JJ city/NN ./.",
        "They/PRP saw/VBD Moscow/NNP 's/POS city/NN ./.",
        "It/PRP is/VBZ a/DT kind/NN of/IN problem/NN ./.",
        "They/PRP went/VBD by/IN helicopter/NN ./.",
        "He/PRP loves/VBZ Zhukovsky/JJ airport/NN ./.",
    ],
)
def test_articles_that_are_not_missing(sentence: str) -> None:
    assert found("missing-article", tagged(sentence)) == []


def test_an_article_at_the_start_takes_the_capital_with_it() -> None:
    doc = tagged("Public/JJ company/NN was/VBD sold/VBN ./.")
    (finding,) = found("missing-article", doc)
    assert {fix.replacement for fix in finding.fixes} == {"A public", "The public"}


def test_own_without_a_possessive_is_flagged_but_not_guessed() -> None:
    doc = tagged("They/PRP lost/VBD own/JJ city/NN ./.")
    (finding,) = found("missing-article", doc)
    assert finding.fixes == ()


def test_the_mined_tables_hold_what_the_rule_needs() -> None:
    assert noun_counts()["interview"].bare_share <= 0.05
    assert not noun_counts()["interview"].prefers_the(before_of=False)
    assert noun_counts()["beginning"].prefers_the(before_of=True)
    assert NounCounts(0, 3, 3, 0, 0, 0, 0).bare_share == 1.0  # seen too seldom to tell
    assert all(noun in noun_counts() for _, _, noun in bare_contexts())


def test_noun_phrases_are_read_from_tags() -> None:
    doc = tagged("in/IN the/DT very/RB large/JJ city/NN ./.")
    phrase = noun_phrase_start(doc, 4)
    assert (phrase.first, phrase.determiner, phrase.bare) == (2, "the", False)
    doc = tagged("of/IN Kremlin/NNP source/NN ./.")
    assert noun_phrase_start(doc, 2).named


@pytest.mark.parametrize(
    ("rule", "sentence", "better"),
    [
        (
            "number-verb-disagreement",
            "The/DT salads/NNS is/VBZ even/RB worse/JJR ./.",
            "The salads are even worse.",
        ),
        (
            "passive-reporting",
            "This/DT was/VBD stated/VBN by/IN the/DT minister/NN in/IN May/NNP ./.",
            "The minister said this in May.",
        ),
        (
            "participle-after-conjunction",
            "It/PRP failed/VBD when/WRB rejected/VBD the/DT French/JJ draft/NN ./.",
            "It failed when the French draft was rejected.",
        ),
        (
            "missing-relative",
            "They/PRP$ plans/NNS support/VBP the/DT proposal/NN ,/, was/VBD contained/VBN in/IN it/PRP ./.",
            "They plans support the proposal, which was contained in it.",
        ),
        (
            "missing-copula",
            "History/NN -/: this/DT great/JJ teacher/NN of/IN men/NNS ./.",
            "History is great teacher of men.",
        ),
        (
            "wrong-verb-pattern",
            "He/PRP expects/VBZ from/IN the/DT army/NN to/TO leave/VB it/PRP ./.",
            "He expects the army to leave it.",
        ),
        (
            "wrong-verb-pattern",
            "They/PRP advise/VBP and/CC he/PRP suggests/VBZ to/TO allocate/VB money/NN ./.",
            "They advise and he suggests allocating money.",
        ),
        ("wrong-verb-form", "It/PRP must/MD to/TO become/VB soft/JJ ./.", "It must become soft."),
        (
            "told-without-listener",
            "The/DT owner/NN told/VBD that/IN it/PRP fell/VBD ./.",
            "The owner said that it fell.",
        ),
        (
            "person-which",
            "Residents/NNS which/WDT refused/VBD were/VBD arrested/VBN ./.",
            "Residents who refused were arrested.",
        ),
        (
            "also-at-start",
            "Also/RB the/DT draft/NN was/VBD sent/VBN to/IN them/PRP ./.",
            "The draft was also sent to them.",
        ),
    ],
)
def test_first_fixes(rule: str, sentence: str, better: str) -> None:
    lemmas = {"salads": "salad", "was": "be", "expects": "expect", "suggests": "suggest"}
    assert mended(rule, sentence, lemmas) == better


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("number-verb-disagreement", "Playing/VBG games/NNS is/VBZ fun/NN ./."),
        ("number-verb-disagreement", "One/CD of/IN the/DT houses/NNS was/VBD sold/VBN ./."),
        ("told-without-listener", "He/PRP was/VBD told/VBN that/IN it/PRP fell/VBD ./."),
        ("missing-relative", "It/PRP blocks/VBZ windows/NNS ,/, has/VBZ a/DT way/NN of/IN searching/NN ./."),
        ("wrong-verb-form", "They/PRP did/VBD not/RB put/VBD it/PRP there/RB ./."),
        ("sentence-without-subject", "Is/VBZ it/PRP good/JJ for/IN us/PRP ./."),
        ("person-which", "He/PRP shot/VBD a/DT man/NN ,/, which/WDT is/VBZ bad/JJ ./."),
        ("passive-reporting", "This/DT was/VBD done/VBN by/IN the/DT minister/NN ./."),
    ],
)
def test_good_english_passes(rule: str, sentence: str) -> None:
    assert (
        found(rule, tagged(sentence, {"was": "be", "is": "be", "put": "put", "games": "game", "houses": "house"})) == []
    )


@pytest.mark.parametrize("rule", [rule for rule in RULES.values() if rule.needs == ("parser",)], ids=lambda r: r.name)
@pytest.mark.parametrize(
    "sentence", ["./.", "Yes/UH ./.", "was/VBD", "when/WRB told/VBD", "-/: -/: -/:", "is/VBZ -/: is/VBZ"]
)
def test_short_and_odd_sentences_do_no_harm(rule: Rule, sentence: str) -> None:
    doc = tagged(sentence)
    for finding in rule.findings([Analysis.of(Segment(0, 0, doc.text), doc=doc)]):
        assert finding.span.end <= len(doc.text)


def test_titles_are_not_sentences() -> None:
    assert grammar.is_sentence("He left.”")
    assert not grammar.is_sentence("Minister leaves city")


def scored(text: str, odd: dict[str, float]) -> Analysis:
    words, at = [], 0
    for word in text.split():
        at = text.index(word, at)
        words.append((Span(at, at + len(word)), -odd.get(word, 1.0)))
        at += len(word)
    return Analysis.of(Segment(0, 0, text), surprisal=tuple(words))


def test_only_words_that_should_be_expected_are_judged() -> None:
    text = "The city Aleppo of (in pre-war 1990 days, Dzhabhat why?"
    words = [item[0] for item in scored(text, {}).surprisal]
    judged = [text[s.start : s.end] for k, s in enumerate(words) if frequency_band(text, s, k) is not None]
    assert judged == ["city", "of", "days,"]


def test_the_table_of_expectation_rises() -> None:
    assert set(expectation()) >= {8, 10, 12, 14}
    for band, points in expectation().items():
        assert list(points) == sorted(points)
        assert [share for _, share in points] == sorted(share for _, share in points)
        assert tail(band, 0.0) == 0.0
        assert tail(band, 40.0) > tail(band, 20.0) > tail(band, 5.0)
    assert tail(14, 6.0) > tail(8, 6.0)  # a common word has less excuse


def test_a_run_of_odd_common_words_is_one_flag_without_its_punctuation() -> None:
    text = "We know that the joint forces is, to deal with it."
    (finding,) = RULES["low-fluency"].findings([scored(text, {"joint": 15.0, "forces": 14.0, "is,": 14.0})])
    assert text[finding.span.start : finding.span.end] == "joint forces is"
    assert not list(RULES["low-fluency"].findings([scored(text, {"joint": 6.0})]))
