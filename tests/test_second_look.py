"""What the second look changes becomes an edit of the original, and a second run finds nothing to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mtcheck import documents, pipeline
from mtcheck.engines import Engines, SuggestedEdit
from mtcheck.schema import (
    Alternative,
    Applicability,
    Decision,
    Document,
    Edit,
    Finding,
    Proposal,
    Review,
    Severity,
    Span,
)
from mtcheck.second_look import cleaned, further
from mtcheck.settings import Settings

WORDS = ("one", "two", "of", "a", "", " ")


def proposed(span: Span, text: str, replacement: str) -> tuple[Proposal, Decision]:
    finding = Finding("some-rule", "style/awkward", Severity.MINOR, 0, span, "a message", 0.9)
    keep = Alternative(text[span.start : span.end], ("original",), Applicability.SAFE)
    other = Alternative(replacement, ("round-trip:pt",), Applicability.REVIEW)
    return Proposal(finding, span, (keep, other)), Decision(1, "auto", "changed: 90% sure (round-trip:pt)")


def review_of(text: str, edits: Sequence[tuple[Span, str]]) -> Review:
    pairs = [proposed(span, text, replacement) for span, replacement in edits]
    document = Document("a.txt", text, documents.parse(text, "a.txt").segments)
    return Review(document, tuple(p for p, _ in pairs), tuple(d for _, d in pairs), "signature")


@st.composite
def edits_of(draw: st.DrawFn, text: str) -> list[tuple[Span, str]]:
    """Edits that change something, in order, none touching another."""
    edits: list[tuple[Span, str]] = []
    at = 1
    while at < len(text) - 2 and draw(st.booleans()):
        start = draw(st.integers(at, len(text) - 2))
        end = draw(st.integers(start, min(start + 6, len(text) - 2)))
        replacement = draw(st.sampled_from(WORDS))
        if text[start:end] != replacement:
            edits.append((Span(start, end), replacement))
        at = end + 1
    return edits


@given(st.data())
def test_two_looks_together_are_one_set_of_edits(data: st.DataObject) -> None:
    text = "The report said that every window of the tall house stood open."
    first = review_of(text, data.draw(edits_of(text)))
    middle = first.cleaned
    again = review_of(middle, data.draw(edits_of(middle)))
    if [s.hypothesis for s in again.document.segments] != [middle]:
        return  # spaces at the edges: not one sentence any more
    changes = further(first, again)
    superseded = {i for change in changes for i in change.instead_of}
    edits = [edit for i, edit in enumerate(first.edits) if i not in superseded]
    edits += [Edit(0, change.phrase.span, change.wording) for change in changes]
    for change in changes:
        assert any(wording.replacement == change.wording for wording in change.phrase.wordings)
        assert all(finding.span.end <= len(text) for finding in (change.phrase.finding, *change.phrase.also))
    if len(changes) == len(again.proposals):  # else two touched one edit, which the next look takes up
        assert first.document.apply(edits) == again.cleaned
    else:
        first.document.apply(edits)


class PostEditor:
    """Suggests fixed edits wherever their words stand."""

    signature = "scripted-post-editor"

    def __init__(self, table: dict[str, tuple[str, str]]) -> None:
        """table: words that must be in the text, to what is replaced by what."""
        self._table = table

    def edits(self, texts: Sequence[str], threshold: float | None = None) -> list[list[SuggestedEdit]]:
        return [
            [
                SuggestedEdit(Span(text.index(old), text.index(old) + len(old)), new, 0.99)
                for needed, (old, new) in self._table.items()
                if needed in text and old in text
            ]
            for text in texts
        ]


class Fluency:
    """Each of the listed phrases costs so many nats."""

    signature = "scripted-lm"

    def __init__(self, costs: dict[str, float]) -> None:
        self._costs = costs

    def word_log_probs(self, texts: Sequence[str], contexts: Any = None) -> list[list[Any]]:
        return [[] for _ in texts]

    def log_probs(self, texts: Sequence[str], contexts: Any = None) -> list[float]:
        return [-sum(cost for phrase, cost in self._costs.items() if phrase in text) for text in texts]


class Tagger:
    """Finds the listed words bad."""

    signature = "scripted-tagger"

    def __init__(self, bad: Sequence[str]) -> None:
        self._bad = bad

    def bad_probabilities(self, texts: Sequence[str]) -> list[list[tuple[Span, float]]]:
        found = []
        for text in texts:
            spans, at = [], 0
            for word in text.split():
                at = text.index(word, at)
                spans.append((Span(at, at + len(word)), 0.95 if word.strip(".") in self._bad else 0.01))
                at += len(word)
            found.append(spans)
        return found


def test_what_shows_only_in_the_mended_sentence_is_mended_too() -> None:
    table = {"of trench": ("of trench", "of the trench"), "the trench": ("on walls", "on the walls")}
    fluency = Fluency({"of trench": 9.0, "on walls": 9.0})
    engines = Engines(post_editor=PostEditor(table), fluency=fluency, tagger=Tagger(["trench", "walls"]))
    document = documents.parse("The length of trench on walls grew. Nobody saw.\n", "a.txt")
    review = pipeline.review(document, engines, Settings())
    assert review.cleaned == "The length of the trench on the walls grew. Nobody saw.\n"
    assert review.document == document
    assert [decision.note.split(":")[0] for decision in review.decisions] == ["changed", "changed at a second look"]
    again = pipeline.review(documents.parse(review.cleaned, "a.txt"), engines, Settings())
    assert again.edits == ()


def test_a_change_of_changed_words_is_one_edit_with_both_wordings_to_choose_from() -> None:
    table = {"in trench": ("in trench", "in an trench"), "an trench": ("an trench", "a trench")}
    fluency = Fluency({"in trench": 19.0, "an trench": 9.0})
    engines = Engines(post_editor=PostEditor(table), fluency=fluency, tagger=Tagger(["an", "trench"]))
    review = pipeline.review(documents.parse("They sat in trench.\n", "a.txt"), engines, Settings())
    assert review.cleaned == "They sat in a trench.\n"
    (proposal,), (decision,) = review.proposals, review.decisions
    assert [other.replacement for other in proposal.alternatives] == ["in trench", "in a trench", "in an trench"]
    assert proposal.alternatives[decision.chosen].generators == ("post-editor+post-editor",)
    assert decision.note.startswith("changed at a second look:")


def test_what_a_person_decided_is_not_changed_again() -> None:
    text = "The house stood open."
    first, again = review_of(text, [(Span(4, 9), "door")]), review_of("The door stood open.", [(Span(4, 8), "gate")])
    assert [change.wording for change in further(first, again)] == ["gate"]
    decided = replace(first, decisions=(Decision(1, "ledger", "decided before"),))
    assert further(decided, again) == []


def test_sources_stay_with_their_segments() -> None:
    review = review_of("The house stood open.", [(Span(4, 9), "door")])
    segments = tuple(replace(segment, source="Дом стоял открытым.") for segment in review.document.segments)
    again = cleaned(replace(review, document=replace(review.document, segments=segments)))
    assert again is not None
    assert [(segment.hypothesis, segment.source) for segment in again.segments] == [
        ("The door stood open.", "Дом стоял открытым.")
    ]


def test_edits_that_join_sentences_get_no_second_look() -> None:
    review = review_of("The house stood. It was open.", [])
    first = review.document.segments[0]
    assert (
        cleaned(
            replace(
                review,
                proposals=(proposed(Span(15, 16), first.hypothesis, " and")[0],),
                decisions=(Decision(1, "auto", ""),),
            )
        )
        is None
    )
