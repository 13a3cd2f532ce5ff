"""What is spared: models are not asked about wordings that no answer could bring into the review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sacrebleu.metrics import TER

from mtcheck import scoring
from mtcheck.alternatives import KEEP, Phrase, ProposedEdit, Wording
from mtcheck.choice import could_pass, promising, rank
from mtcheck.detectors.rule import Analysis
from mtcheck.engines import Engines
from mtcheck.engines.pivot import RoundTrip
from mtcheck.proposing import best_by_pivot, propose, quiet, score_by_pivot, score_wordings
from mtcheck.schema import Alternative, Applicability, Finding, Fix, Proposal, Segment, Severity, Span
from mtcheck.settings import Settings

TEXT = "He arrived to the city with his wife."
ARTICLE = [Analysis.of(Segment(0, 0, TEXT))]
PLACE = Span(TEXT.index("to"), TEXT.index(" the city"))


class AskedFluency:
    """Remembers what it was asked; every text is as likely as it is short."""

    signature = "asked"

    def __init__(self) -> None:
        self.asked: set[str] = set()

    def word_log_probs(self, texts: Sequence[str]) -> list[list[tuple[Span, float]]]:
        return [[(Span(0, len(text)), -float(len(text)))] for text in texts]

    def log_probs(self, texts: Sequence[str]) -> list[float]:
        self.asked.update(texts)
        return [-float(len(text)) for text in texts]


def phrase(severity: Severity) -> Phrase:
    finding = Finding("tagged", "style/awkward", severity, 0, PLACE, "reads oddly", 0.5)
    ways = {"in": ("language-model",), "at": ("language-model",), "into": ("rule:tagged",)}
    wordings = tuple(Wording(word, way, Applicability.REVIEW) for word, way in ways.items())
    edits = tuple(ProposedEdit(0, PLACE, word, way[0]) for word, way in ways.items())
    return Phrase(finding, (), PLACE, wordings, edits)


def asked_of(severity: Severity, *, only_promising: bool = False) -> set[str]:
    fluency = AskedFluency()
    proposals = score_wordings(ARTICLE, [phrase(severity)], Engines(fluency=fluency), quiet, only_promising)
    assert [a.replacement for a in proposals[0].alternatives] == ["to", "in", "at", "into"]
    with_fluency = {a.replacement for a in proposals[0].alternatives if a.score(scoring.FLUENCY) is not None}
    assert {TEXT.replace(" to ", f" {word} ") for word in with_fluency} == fluency.asked - {TEXT}
    return with_fluency


def test_of_a_suspicion_only_what_could_be_taken_is_scored() -> None:
    assert asked_of(Severity.MINOR) == {"in", "at", "into"}
    assert asked_of(Severity.NEUTRAL) == {"into"}
    assert asked_of(Severity.MINOR, only_promising=True) == {"into"}


def test_what_could_not_pass_does_not_pass_with_any_fluency() -> None:
    keep = Alternative("to", (KEEP,), Applicability.SAFE)
    guess = Alternative("in", ("language-model",), Applicability.REVIEW, scores=(scoring.edit_size("b", "a"),))
    proposal = Proposal(phrase(Severity.NEUTRAL).finding, PLACE, (keep, guess), ())
    best = [scoring.BEST[scoring.FLUENCY]]
    for gain in (-50.0, 0.0, 3.0, 50.0):
        score, _ = scoring.fluency_gain(0.0, gain, 1, 1, "lm")
        assert could_pass(proposal, guess, best) >= could_pass(proposal, guess, [score])


def test_the_pivot_is_asked_until_the_best_few_are_known(scripted_translator: Any) -> None:
    words = ["in", "at", "into", "by", "near", "within", "towards", "behind"]
    scores = {word: scoring.fluency_gain(0.0, 9.0 - i, 8, 8, "lm") for i, word in enumerate(words)}
    others = [Alternative(word, ("language-model",), Applicability.REVIEW, None, scores[word]) for word in words]
    keep = Alternative("to", (KEEP,), Applicability.SAFE)
    proposal = Proposal(phrase(Severity.MINOR).finding, PLACE, (keep, *others), ())
    spoilt = {TEXT.replace(" to ", " at "): "nothing of this is left at all"}
    forward, backward = scripted_translator(spoilt, "en", "pt"), scripted_translator({}, "pt", "en")
    engines = Engines(round_trips=(RoundTrip(forward, backward),))
    everything = score_by_pivot(ARTICLE, [proposal], engines, quiet)
    forward.calls.clear()
    assert best_by_pivot(ARTICLE, [proposal], 3, engines, quiet) == [rank(some, 3) for some in everything]
    assert 3 < len({text for texts in forward.calls for text in texts}) < len(words)
    assert best_by_pivot(ARTICLE, [proposal], 3, Engines(), quiet) == [rank(proposal, 3)]


@pytest.mark.parametrize(("severity", "asked"), [(Severity.NEUTRAL, False), (Severity.MINOR, True)])
def test_the_pivot_is_not_asked_about_suspicions_that_nothing_passes(
    scripted_translator: Any, severity: Severity, asked: bool
) -> None:
    finding = replace(phrase(severity).finding, fixes=(Fix("in", Applicability.REVIEW),), confidence=0.0)
    forward, backward = scripted_translator({}, "en", "pt"), scripted_translator({}, "pt", "en")
    engines = Engines(round_trips=(RoundTrip(forward, backward),))
    proposals = propose(ARTICLE, [finding], engines, Settings(), quiet)
    assert [[a.replacement for a in proposal.alternatives] for proposal in proposals] == [["to", "in"]]
    assert not any(promising(proposal) for proposal in proposals)
    assert (TEXT.replace(" to ", " in ") in {text for texts in forward.calls for text in texts}) is asked


@given(st.lists(st.sampled_from(["a", "b", "c,", "(d", "E."]), max_size=7), st.data())
def test_the_size_of_an_edit_is_what_sacrebleu_says(words: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(words)))
    changed = [*words[:at], *data.draw(st.lists(st.sampled_from(["a", "x"]), max_size=2)), *words[at + 1 :]]
    before, after = " ".join(words), " ".join(changed)
    metric = TER(case_sensitive=True)
    expected = round(metric.sentence_score(after, [before]).score, 2)
    score = scoring.edit_size(after, before)
    assert (score.value, score.signature) == (expected, str(metric.get_signature()))
