"""Other wordings of what is flagged: proposed, guarded, composed, scored for fluency and size, thinned out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from mtcheck import guards, scoring
from mtcheck.alternatives import (
    BY_HAND,
    KEEP,
    Phrase,
    ProposedEdit,
    Wording,
    from_source,
    language_model,
    made_by_rules,
    narrowed,
    phrases,
    post_editor,
    rewrite,
    round_trip,
    rule_fix,
)
from mtcheck.alternatives.composition import compose
from mtcheck.choice import log_odds, rank
from mtcheck.detectors.rule import Analysis
from mtcheck.engines import Engines
from mtcheck.schema import Alternative, Applicability, Finding, Proposal
from mtcheck.settings import Settings

Progress = Callable[[str, int, int], None]  # stage, done, total
SPARE = 5
"""Wordings of a phrase beyond those shown that the pivot is still asked about: it can only lower an estimate."""
RESCORED = 5
"""Wordings of a phrase that the larger language model is asked about: it takes tenths of a second for each."""
_AT_ONCE = 16
HOPEFUL, MOST_COMPOSED = -1.0, 4
"""Log-odds that a single edit needs to be joined with others, and how many joined wordings of a phrase are scored."""


def quiet(stage: str, done: int, total: int) -> None:
    """No progress shown."""


def propose(
    article: Sequence[Analysis], findings: Sequence[Finding], engines: Engines, settings: Settings, progress: Progress
) -> list[Proposal]:
    """Phrases with their alternative wordings, guarded, scored for fluency and size, thinned to the best few."""
    by_segment: dict[int, list[Finding]] = {}
    for finding in sorted(findings, key=lambda finding: finding.seg_id):
        by_segment.setdefault(finding.seg_id, []).append(finding)
    edits: dict[int, list[ProposedEdit]] = {seg_id: [] for seg_id in by_segment}
    for edit in generated(article, by_segment, engines, settings, progress):
        edits[edit.seg_id].append(edit)
    found = [
        narrowed(article[seg_id].segment, phrase)
        for seg_id, mine in by_segment.items()
        for phrase in phrases(article[seg_id].text, mine, edits[seg_id])
    ]
    scored = composed(article, found, score_wordings(article, found, engines, progress), engines)
    likeliest = [rank(proposal, settings.alternatives + SPARE) for proposal in scored]
    hinted = score_by_pivot(article, likeliest, engines, progress)
    rescored = score_by_rescorer(article, [rank(proposal, RESCORED) for proposal in hinted], engines, progress)
    return [rank(proposal, settings.alternatives) for proposal in rescored]


def composed(
    article: Sequence[Analysis], found: Sequence[Phrase], proposals: Sequence[Proposal], engines: Engines
) -> list[Proposal]:
    """The proposals with further wordings, of those single edits that looked hopeful, scored in their turn."""
    joined = [
        replace(
            phrase,
            wordings=compose(article[phrase.finding.seg_id].text, phrase, log_odds(proposal), HOPEFUL, MOST_COMPOSED),
        )
        for phrase, proposal in zip(found, proposals, strict=True)
    ]
    further = score_wordings(article, joined, engines, quiet)
    return [
        replace(proposal, alternatives=(*proposal.alternatives, *more.alternatives[1:]))
        for proposal, more in zip(proposals, further, strict=True)
    ]


def generated(
    article: Sequence[Analysis],
    by_segment: Mapping[int, Sequence[Finding]],
    engines: Engines,
    settings: Settings,
    progress: Progress,
) -> Iterator[ProposedEdit]:
    """What every way of proposing whose engine is at hand has to say about the flagged segments."""
    flagged = [article[seg_id].segment for seg_id in by_segment]
    for seg_id, findings in by_segment.items():
        yield from rule_fix.edits(article[seg_id].text, findings)
    for trip in engines.round_trips:
        yield from round_trip.edits(flagged, trip, settings.n_best)
    if engines.post_editor:
        yield from post_editor.edits(flagged, engines.post_editor)
    if engines.translator:
        told = partial(progress, "translate")
        yield from from_source.edits(flagged, engines.translator, settings.n_best, told)
    if engines.rewriter:
        yield from rewrite.edits(flagged, engines.rewriter, partial(progress, "rewrite"))
    if engines.fluency:
        for seg_id, findings in by_segment.items():
            yield from language_model.edits(article[seg_id], findings)


def score_wordings(
    article: Sequence[Analysis], found: Sequence[Phrase], engines: Engines, progress: Progress
) -> list[Proposal]:
    """Alternatives of each phrase with guards, fluency gained and size of edit.

    What breaks a guard is not scored by a model: it can only be shown. A person's own wording is scored all the same.
    """
    guarded = [[(w, broken_guards(article, phrase, w)) for w in phrase.wordings] for phrase in found]
    texts = [
        rewritten(article, phrase, wording.replacement)
        for phrase, wordings in zip(found, guarded, strict=True)
        for wording, broken in wordings
        if not broken or BY_HAND in wording.generators
    ]
    originals = {article[phrase.finding.seg_id].text for phrase in found}
    progress("propose", 0, 2)
    log_probs = _log_probs(sorted({*texts, *originals}), engines)
    progress("propose", 1, 2)
    proposals = []
    for phrase, wordings in zip(found, guarded, strict=True):
        original = article[phrase.finding.seg_id].text
        keep = Alternative(original[phrase.span.start : phrase.span.end], (KEEP,), Applicability.SAFE)
        alternatives = [keep]
        for wording, broken in wordings:
            text = rewritten(article, phrase, wording.replacement)
            scores = [scoring.edit_size(text, original)]
            if engines.fluency and text in log_probs:
                counts = len(original.split()), len(text.split())
                scores += scoring.fluency_gain(log_probs[original], log_probs[text], *counts, engines.fluency.signature)
            if engines.post_editor and wording.probability is not None:
                scores.append(scoring.suggestion(wording.probability, engines.post_editor.signature))
            applicability = Applicability.DISPLAY if broken else wording.applicability
            alternatives.append(
                Alternative(wording.replacement, wording.generators, applicability, None, tuple(scores), broken)
            )
        proposals.append(Proposal(phrase.finding, phrase.span, tuple(alternatives), phrase.also))
    return proposals


def broken_guards(article: Sequence[Analysis], phrase: Phrase, wording: Wording) -> tuple[str, ...]:
    """What forbids choosing this wording; a rule's own fix is held to facts only.

    One of two quotation marks that a rule mends together may leave the other alone for now: :func:`verify` sees to it.
    """
    machine = not made_by_rules(wording.generators)
    found = guards.broken(article[phrase.finding.seg_id].segment, phrase.span, wording.replacement, machine=machine)
    return found if machine else tuple(verdict for verdict in found if not verdict.startswith("bracket:"))


def rewritten(article: Sequence[Analysis], place: Phrase | Proposal, replacement: str) -> str:
    """The whole segment with another wording of the phrase."""
    text = article[place.finding.seg_id].text
    return text[: place.span.start] + replacement + text[place.span.end :]


def _log_probs(texts: Sequence[str], engines: Engines) -> dict[str, float]:
    if not engines.fluency:
        return {}
    return dict(zip(texts, engines.fluency.log_probs(texts), strict=True))


def score_by_pivot(
    article: Sequence[Analysis], proposals: Sequence[Proposal], engines: Engines, progress: Progress
) -> list[Proposal]:
    """The proposals with the pivot's cheap hint of meaning: how alike it translates original and alternative."""
    if not engines.round_trips:
        return list(proposals)
    trip = engines.round_trips[0]
    texts = sorted(
        {
            rewritten(article, proposal, alternative.replacement)
            for proposal in proposals
            for alternative in proposal.alternatives
            if _is_scored(alternative)
        }
    )
    outputs = trip.forward.translate(texts)
    pivots = {text: best[0].text for text, best in zip(texts, outputs, strict=True) if best}
    progress("propose", 2, 2)
    scored = []
    for proposal in proposals:
        keep, *others = proposal.alternatives
        original = pivots.get(article[proposal.finding.seg_id].text)
        alternatives = [keep]
        for alternative in others:
            pivot = pivots.get(rewritten(article, proposal, alternative.replacement))
            if original and pivot and _is_scored(alternative):
                score = scoring.pivot_similarity(pivot, original, trip.signature)
                alternative = replace(alternative, scores=(*alternative.scores, score))
            alternatives.append(alternative)
        scored.append(replace(proposal, alternatives=tuple(alternatives)))
    return scored


def _is_scored(alternative: Alternative) -> bool:
    return not alternative.broken_guards or BY_HAND in alternative.generators


def score_by_rescorer(
    article: Sequence[Analysis], proposals: Sequence[Proposal], engines: Engines, progress: Progress
) -> list[Proposal]:
    """The proposals with what the larger language model, where there is one, makes of each wording."""
    model = engines.rescorer
    if not model:
        return list(proposals)
    asked = [[a for a in proposal.alternatives[1:] if _is_scored(a)] for proposal in proposals]
    texts = {
        text
        for proposal, alternatives in zip(proposals, asked, strict=True)
        for text in [
            *(rewritten(article, proposal, alternative.replacement) for alternative in alternatives),
            *([article[proposal.finding.seg_id].text] if alternatives else []),
        ]
    }
    ordered = sorted(texts)
    log_probs: dict[str, float] = {}
    for start in range(0, len(ordered), _AT_ONCE):
        some = ordered[start : start + _AT_ONCE]
        log_probs.update(zip(some, model.log_probs(some), strict=True))
        progress("rescore", len(log_probs), len(ordered))
    scored = []
    for proposal in proposals:
        original = article[proposal.finding.seg_id].text
        alternatives = []
        for alternative in proposal.alternatives:
            text = rewritten(article, proposal, alternative.replacement)
            if text != original and text in log_probs and _is_scored(alternative):
                score = scoring.rescored(log_probs[original], log_probs[text], model.signature)
                alternative = replace(alternative, scores=(*alternative.scores, score))
            alternatives.append(alternative)
        scored.append(replace(proposal, alternatives=tuple(alternatives)))
    return scored
