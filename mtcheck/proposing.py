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
from mtcheck.choice import could_pass, is_suspicion, log_odds, rank
from mtcheck.detectors.rule import Analysis
from mtcheck.engines import Engines
from mtcheck.schema import Alternative, Applicability, Finding, Proposal, Score
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
    article: Sequence[Analysis],
    findings: Sequence[Finding],
    engines: Engines,
    settings: Settings,
    progress: Progress,
    *,
    only_promising: bool = False,
) -> list[Proposal]:
    """Phrases with their alternative wordings, guarded, scored for fluency and size, thinned to the best few.

    only_promising: the caller drops whatever :func:`mtcheck.choice.promising` does not find so, not suspicions alone.
    """
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
    scored = composed(article, found, score_wordings(article, found, engines, progress, only_promising), engines)
    likeliest = [rank(proposal, settings.alternatives + SPARE) for proposal in scored]
    limit = max(RESCORED, settings.alternatives) if engines.rescorer else settings.alternatives
    hopeful, hopeless = list[Proposal](), list[Proposal]()
    for proposal in likeliest:
        (hopeful if _may_come_in(proposal, engines, only_promising) else hopeless).append(proposal)
    hinted = best_by_pivot(article, hopeful, limit, engines, progress)
    hinted += [rank(proposal, limit) for proposal in hopeless]
    rescored = score_by_rescorer(article, hinted, engines, progress)
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
    article: Sequence[Analysis],
    found: Sequence[Phrase],
    engines: Engines,
    progress: Progress,
    only_promising: bool = False,
) -> list[Proposal]:
    """Alternatives of each phrase with guards, fluency gained and size of edit.

    What breaks a guard is not scored by a model: it can only be shown. A person's own wording is scored all the same.
    Nor is what could not pass the choice with any score, where nothing else is shown: of a suspicion, and on request.
    """
    unscored = [_unscored(article, phrase, engines) for phrase in found]
    asked = [_worth_asking(proposal, engines, only_promising) for proposal in unscored]
    texts = {
        rewritten(article, proposal, wording)
        for proposal, wordings in zip(unscored, asked, strict=True)
        for wording in wordings
    }
    originals = {article[phrase.finding.seg_id].text for phrase in found}
    progress("propose", 0, 2)
    log_probs = _log_probs(sorted(texts | originals), engines)
    progress("propose", 1, 2)
    proposals = []
    for proposal, worth in zip(unscored, asked, strict=True):
        original = article[proposal.finding.seg_id].text
        keep, *others = proposal.alternatives
        alternatives = [keep]
        for alternative in others:
            if engines.fluency and alternative.replacement in worth:
                text = rewritten(article, proposal, alternative.replacement)
                counts = len(original.split()), len(text.split())
                gain = scoring.fluency_gain(log_probs[original], log_probs[text], *counts, engines.fluency.signature)
                size, *rest = alternative.scores
                alternative = replace(alternative, scores=(size, *gain, *rest))
            alternatives.append(alternative)
        proposals.append(replace(proposal, alternatives=tuple(alternatives)))
    return proposals


def _unscored(article: Sequence[Analysis], phrase: Phrase, engines: Engines) -> Proposal:
    """A phrase's wordings with what no model need be asked about: guards, size of edit, the post-editor's own word."""
    original = article[phrase.finding.seg_id].text
    alternatives = [Alternative(original[phrase.span.start : phrase.span.end], (KEEP,), Applicability.SAFE)]
    for wording in phrase.wordings:
        broken = broken_guards(article, phrase, wording)
        scores = [scoring.edit_size(rewritten(article, phrase, wording.replacement), original)]
        if engines.post_editor and wording.probability is not None:
            scores.append(scoring.suggestion(wording.probability, engines.post_editor.signature))
        applicability = Applicability.DISPLAY if broken else wording.applicability
        alternatives.append(
            Alternative(wording.replacement, wording.generators, applicability, None, tuple(scores), broken)
        )
    return Proposal(phrase.finding, phrase.span, tuple(alternatives), phrase.also)


def _worth_asking(proposal: Proposal, engines: Engines, only_promising: bool) -> set[str]:
    """The wordings whose fluency matters: of a proposal that is dropped unless one passes, those that could."""
    best = [scoring.BEST[scoring.FLUENCY], *_best_of_the_slow(engines)]
    shown = _is_shown(proposal, only_promising)
    return {
        alternative.replacement
        for alternative in proposal.alternatives[1:]
        if _is_scored(alternative)
        and (shown or BY_HAND in alternative.generators or could_pass(proposal, alternative, best))
    }


def _may_come_in(proposal: Proposal, engines: Engines, only_promising: bool) -> bool:
    """Whether the proposal, its fluency known, may be in the review: the pivot's hint can only lower an estimate."""
    best = _best_of_the_slow(engines)
    return _is_shown(proposal, only_promising) or any(
        not alternative.broken_guards and could_pass(proposal, alternative, best)
        for alternative in proposal.alternatives[1:]
    )


def _is_shown(proposal: Proposal, only_promising: bool) -> bool:
    """Whether the proposal is reported even where no wording of it passes the choice."""
    return not (only_promising or is_suspicion(proposal))


def _best_of_the_slow(engines: Engines) -> list[Score]:
    """The best that those engines which are asked about few wordings could say of one."""
    names = [scoring.RESCORED] if engines.rescorer else []
    names += [scoring.MEANING_CHRF, scoring.MEANING_TER] if engines.back_translator else []
    return [scoring.BEST[name] for name in names]


def broken_guards(article: Sequence[Analysis], phrase: Phrase, wording: Wording) -> tuple[str, ...]:
    """What forbids choosing this wording; a rule's own fix is held to facts only.

    One of two quotation marks that a rule mends together may leave the other alone for now: :func:`verify` sees to it.
    """
    machine = not (phrase.guarded or made_by_rules(wording.generators))
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


def best_by_pivot(
    article: Sequence[Analysis], proposals: Sequence[Proposal], limit: int, engines: Engines, progress: Progress
) -> list[Proposal]:
    """The ``limit`` best of each proposal, as :func:`rank` has it once the pivot was asked about all alternatives.

    Its hint can only lower an estimate, so what stands below the best few when all of them are known need not be asked.
    """
    known = list(proposals)
    while True:
        best = [rank(proposal, limit) for proposal in known]
        hinted = score_by_pivot(article, best, engines, progress)
        if hinted == best:
            return best
        known = [_updated(proposal, some.alternatives) for proposal, some in zip(known, hinted, strict=True)]


def _updated(proposal: Proposal, some: Sequence[Alternative]) -> Proposal:
    """The proposal with some of its alternatives in their newer form."""
    newer = {alternative.replacement: alternative for alternative in some}
    return replace(proposal, alternatives=tuple(newer.get(other.replacement, other) for other in proposal.alternatives))


def score_by_pivot(
    article: Sequence[Analysis], proposals: Sequence[Proposal], engines: Engines, progress: Progress
) -> list[Proposal]:
    """The proposals with the pivot's cheap hint of meaning: how alike it translates original and alternative.

    What has it already stays as it is.
    """
    if not engines.round_trips:
        return list(proposals)
    trip = engines.round_trips[0]
    texts = {
        text
        for proposal in proposals
        for alternative in proposal.alternatives[1:]
        if _wants_hint(alternative)
        for text in (rewritten(article, proposal, alternative.replacement), article[proposal.finding.seg_id].text)
    }
    ordered = sorted(texts)
    outputs = trip.forward.translate(ordered)
    pivots = {text: best[0].text for text, best in zip(ordered, outputs, strict=True) if best}
    progress("propose", 2, 2)
    scored = []
    for proposal in proposals:
        original = pivots.get(article[proposal.finding.seg_id].text)
        keep, *others = proposal.alternatives
        alternatives = [keep]
        for alternative in others:
            pivot = pivots.get(rewritten(article, proposal, alternative.replacement))
            if original and pivot and _wants_hint(alternative):
                score = scoring.pivot_similarity(pivot, original, trip.signature)
                alternative = replace(alternative, scores=(*alternative.scores, score))
            alternatives.append(alternative)
        scored.append(replace(proposal, alternatives=tuple(alternatives)))
    return scored


def _wants_hint(alternative: Alternative) -> bool:
    return _is_scored(alternative) and alternative.score(scoring.PIVOT) is None


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
