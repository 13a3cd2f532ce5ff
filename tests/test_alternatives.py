"""Edits from several generators come together in phrases that do not overlap."""

from __future__ import annotations

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from mtcheck import scoring
from mtcheck.alternatives import MAX_PHRASE_WORDS, ProposedEdit, made_by_rules, narrowed, phrases, rule_fix
from mtcheck.alternatives.composition import WIDTH, compose
from mtcheck.schema import Applicability, Finding, Fix, Gap, Segment, Severity, Span

TEXT = "This was stated by foreign Minister of Russia in interview to TV channel CNN."


def finding(quote: str, *fixes: str, text: str = TEXT, rule: str = "some-rule") -> Finding:
    start = text.index(quote)
    ready = tuple(Fix(fix, Applicability.REVIEW) for fix in fixes)
    return Finding(rule, "style/awkward", Severity.MINOR, 0, Span(start, start + len(quote)), "why", 0.9, ready)


def edit(quote: str, replacement: str, generator: str = "round-trip:pt", group: int = 1) -> ProposedEdit:
    start = TEXT.index(quote)
    return ProposedEdit(0, Span(start, start + len(quote)), replacement, generator, group=group)


def test_edits_that_touch_no_finding_are_dropped() -> None:
    found = phrases(TEXT, [finding("foreign Minister")], [edit("CNN", "the BBC")])
    assert [phrase.wordings for phrase in found] == [()]


def test_a_good_half_can_be_taken_without_the_bad_half() -> None:
    found = phrases(
        TEXT, [finding("interview to")], [edit("in interview", "in an interview"), edit("to TV", "with TV")]
    )
    (phrase,) = found
    wordings = {wording.replacement for wording in phrase.wordings}
    assert wordings == {"in an interview to TV", "in interview with TV", "in an interview with TV"}


def test_a_rule_fix_composes_with_a_rewrite() -> None:
    flag = finding("interview to", "an interview with")
    (phrase,) = phrases(TEXT, [flag], [*rule_fix.edits(TEXT, [flag]), edit("TV channel CNN", "CNN television")])
    assert [w.replacement for w in phrase.wordings] == ["an interview with"]
    (phrase,) = phrases(TEXT, [flag], [*rule_fix.edits(TEXT, [flag]), edit("to TV channel CNN", "with CNN television")])
    assert {w.replacement for w in phrase.wordings} == {
        "an interview with TV channel CNN",
        "interview with CNN television",
    }


def test_agreement_between_generators_is_remembered() -> None:
    flag = finding("foreign Minister", "Foreign Minister")
    (phrase,) = phrases(TEXT, [flag], [*rule_fix.edits(TEXT, [flag]), edit("foreign Minister", "Foreign Minister")])
    (wording,) = phrase.wordings
    assert wording.generators == ("round-trip:pt", "rule:some-rule")
    assert made_by_rules(wording.generators)
    assert not made_by_rules(("round-trip:pt", "round-trip:pt+rule:some-rule"))
    assert wording.applicability is Applicability.REVIEW


def test_overlapping_findings_are_settled_once_and_the_evidence_kept() -> None:
    plain, ready = finding("in interview to TV channel"), finding("interview to", "an interview with", rule="other")
    (phrase,) = phrases(TEXT, [plain, ready], [])
    assert (phrase.finding, phrase.also) == (ready, (plain,))


words = st.lists(st.sampled_from(["a", "town", "of", "the", "war", "in"]), min_size=1, max_size=30)


@given(words, st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20), st.booleans()), max_size=8))
def test_phrases_never_overlap_and_cover_their_findings(tokens: list[str], places: list[tuple[int, int, bool]]) -> None:
    text = " ".join(tokens)
    findings, edits = [], []
    for start, length, flagged in places:
        span = Span(min(start, len(text)), min(start + length, len(text)))
        if flagged:
            findings.append(Finding("r", "style/awkward", Severity.MINOR, 0, span, "why", 0.5))
        else:
            edits.append(ProposedEdit(0, span, "new", "round-trip:pt", group=1))
    found = phrases(text, findings, edits)
    for left, right in pairwise(found):
        assert not left.span.overlaps(right.span)
    for phrase in found:
        assert phrase.span.hull(phrase.finding.span) == phrase.span
        assert all(phrase.span.overlaps(other.span) for other in phrase.also)
        widest = max(len(text[f.span.start : f.span.end].split()) for f in (phrase.finding, *phrase.also))
        if len((phrase.finding, *phrase.also)) == 1:
            assert len(text[phrase.span.start : phrase.span.end].split()) <= max(MAX_PHRASE_WORDS, widest)


def test_good_edits_of_different_generators_compose_and_hopeless_ones_stay_out() -> None:
    edits = [
        edit("in interview", "in an interview"),
        edit("to TV", "with TV", "post-editor"),
        edit("to TV", "from TV", "rewrite"),
        edit("channel", "the channel", "language-model"),
    ]
    (phrase,) = phrases(TEXT, [finding("interview to TV channel")], edits)
    worth = {
        "in an interview to TV channel": 1.0,
        "in interview with TV channel": 0.5,
        "in interview from TV channel": -3.0,
        "in interview to TV the channel": -0.2,
    }
    found = compose(TEXT, phrase, worth, least=-1.0, most=2)
    assert [w.replacement for w in found] == ["in an interview with TV channel", "in an interview with TV the channel"]
    assert found[0].generators == ("post-editor+round-trip:pt",)


@given(st.lists(st.floats(-2, 2), min_size=1, max_size=12))
def test_a_beam_never_joins_edits_that_touch(worths: list[float]) -> None:
    text = "a b c d e f g h i j k l."
    edits = [
        ProposedEdit(0, Span(2 * i, 2 * i + 1 + (i % 3)), f"<{i}>", f"way-{i % 4}", group=1) for i in range(len(worths))
    ]
    for phrase in phrases(text, [finding("a b c d e f g h i j k l", text=text)], edits):
        singles = {compose_one(text, phrase.span, one): w for one, w in zip(edits, worths, strict=True)}
        for wording in compose(text, phrase, singles, least=-1.0, most=WIDTH):
            marks = [int(mark) for mark in re.findall(r"<(\d+)>", wording.replacement)]
            assert len(marks) > 1
            assert all(edits[a].span.end < edits[b].span.start for a, b in pairwise(marks))


def compose_one(text: str, span: Span, one: ProposedEdit) -> str:
    return text[span.start : one.span.start] + one.replacement + text[one.span.end : span.end]


def test_the_consensus_is_the_wording_most_like_the_likely_others() -> None:
    wordings = [("said there were no plans", 0.6), ("said there were no such plans", 0.5), ("denied it", 0.6)]
    scores = scoring.consensus(wordings)
    assert max(scores, key=lambda score: score.value) is not scores[2]
    assert scores[2].value < 50 < scores[1].value
    assert scores[0].signature.endswith("|candidates:3")


def test_a_phrase_over_markup_is_cut_down_to_the_words_that_change() -> None:
    text = "It was foreign Minister of Russia Sergey Lavrov."
    segment = Segment(0, 0, text, gaps=(Gap(text.index("Sergey"), 2),))
    name = finding("foreign Minister of Russia Sergey", "Russian Foreign Minister Sergey", text=text)
    (phrase,) = phrases(text, [name], rule_fix.edits(TEXT, [name]))
    cut = narrowed(segment, phrase)
    assert text[cut.span.start : cut.span.end] == "foreign Minister of Russia "
    assert [w.replacement for w in cut.wordings] == ["Russian Foreign Minister "]
    assert not segment.crosses_markup(cut.span)
    inside = Segment(0, 0, text, gaps=(Gap(text.index("Minister"), 2),))
    assert narrowed(inside, phrase) == phrase
    assert narrowed(Segment(0, 0, text), phrase) == phrase


def test_a_fix_is_made_within_the_words_of_a_wider_one() -> None:
    text = "This was stated by foreign Minister of Russia Sergey Lavrov on Friday."
    passive = finding(
        "This was stated by foreign Minister of Russia Sergey Lavrov",
        "Foreign Minister of Russia Sergey Lavrov said this",
        text=text,
        rule="passive",
    )
    office = finding("foreign Minister of Russia", "Russian Foreign Minister", text=text, rule="office")
    both = [e for e in rule_fix.edits(text, [passive, office]) if "+" in e.generator]
    assert [e.replacement for e in both] == ["Russian Foreign Minister Sergey Lavrov said this"]
    assert both[0].span == passive.span
    assert made_by_rules([both[0].generator])
