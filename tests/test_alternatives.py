"""Edits from several generators come together in phrases that do not overlap."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from mtcheck.alternatives import MAX_PHRASE_WORDS, ProposedEdit, made_by_rules, phrases, rule_fix
from mtcheck.schema import Applicability, Finding, Fix, Severity, Span

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
    (phrase,) = phrases(TEXT, [flag], [*rule_fix.edits([flag]), edit("TV channel CNN", "CNN television")])
    assert [w.replacement for w in phrase.wordings] == ["an interview with"]
    (phrase,) = phrases(TEXT, [flag], [*rule_fix.edits([flag]), edit("to TV channel CNN", "with CNN television")])
    assert {w.replacement for w in phrase.wordings} == {
        "an interview with TV channel CNN",
        "interview with CNN television",
    }


def test_agreement_between_generators_is_remembered() -> None:
    flag = finding("foreign Minister", "Foreign Minister")
    (phrase,) = phrases(TEXT, [flag], [*rule_fix.edits([flag]), edit("foreign Minister", "Foreign Minister")])
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
