"""The whole flow on one page: read -> segment -> detect -> back-translate -> propose -> score -> choose -> write.

Reading and segmentation happen in ``mtcheck.documents``, writing in the command; the rest is :func:`review`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mtcheck import __version__, guards
from mtcheck.allowances import allow
from mtcheck.alternatives import BY_HAND, Phrase, Wording
from mtcheck.choice import choose, is_suspicion, probability, promising, weighed
from mtcheck.decisions import ledger_of
from mtcheck.detection import analyse, find
from mtcheck.detectors.rule import Analysis
from mtcheck.engines import Engines
from mtcheck.evidence import score_further, score_meaning
from mtcheck.proposing import Progress, propose, quiet, score_by_pivot, score_wordings
from mtcheck.schema import (
    SCHEMA_VERSION,
    Alternative,
    Applicability,
    Decision,
    Document,
    Proposal,
    Review,
    Span,
)
from mtcheck.settings import Settings
from mtcheck.settling import honour


def review(document: Document, engines: Engines, settings: Settings, progress: Progress = quiet) -> Review:
    """Flag, back-translate, propose, score and choose; the review's ``cleaned`` is the corrected text.

    Works with whatever engines are present; ``Review.missing`` says what was done without. Raises
    SettingsError for an unknown rule and ModelError when a model fails.
    """
    article = analyse(document, engines)
    ledger = ledger_of(settings)
    allowed = allow(document, find(article, engines, settings), ())
    findings = [finding for finding in allowed.standing if not ledger.dismisses(finding, document)]
    proposals = propose(article, findings, engines, settings, progress)
    proposals = [proposal for proposal in proposals if promising(proposal) or not is_suspicion(proposal)]
    originals, proposals = score_meaning(article, proposals, engines, progress)
    proposals = [weighed(proposal) for proposal in score_further(article, proposals, engines)]
    proposals, chosen = honour(document, proposals, choose(proposals), ledger)
    decisions = verify(article, proposals, chosen)
    reported = [
        (proposal, decision)
        for proposal, decision in zip(proposals, decisions, strict=True)
        if decision.chosen or not is_suspicion(proposal)
    ]
    return Review(
        document,
        tuple(proposal for proposal, _ in reported),
        tuple(decision for _, decision in reported),
        signature(engines, settings),
        engines.missing,
        originals,
    )


def judge(document: Document, engines: Engines, proposal: Proposal, wording: str) -> Alternative:
    """A person's own wording of a proposal, with the guards and scores that the engines at hand give.

    Without engines only the guards and the size of the edit, which takes no time. Raises ModelError when a model fails.
    """
    article = [Analysis.of(segment) for segment in document.segments]
    phrase = Phrase(
        proposal.finding, proposal.also, proposal.span, (Wording(wording, (BY_HAND,), Applicability.REVIEW),)
    )
    scored = score_by_pivot(article, score_wordings(article, [phrase], engines, quiet), engines, quiet)
    guarded = scored[0].alternatives[1].broken_guards
    free = replace(scored[0], alternatives=tuple(replace(one, broken_guards=()) for one in scored[0].alternatives))
    _, (judged,) = score_meaning(article, [free], engines, quiet)
    return replace(judged.alternatives[1], applicability=Applicability.REVIEW, broken_guards=guarded)


def verify(
    article: Sequence[Analysis], proposals: Sequence[Proposal], decisions: Sequence[Decision]
) -> tuple[Decision, ...]:
    """Hold each segment to the guards with all its edits made; the least sure edit goes until it passes.

    What a person decided stays; the other edits are held to the sentence as that leaves it.
    """
    settled = list(decisions)
    for analysis in article:
        made = [
            i for i, p in enumerate(proposals) if p.finding.seg_id == analysis.segment.seg_id and decisions[i].chosen
        ]
        decided = [i for i in made if decisions[i].decided_by != "auto"]
        mine = [i for i in made if decisions[i].decided_by == "auto"]
        before = _with_edits(analysis.text, proposals, settled, decided)
        while len(mine) + len(decided) > 1 and mine:
            broken = _broken_together(analysis, before, _with_edits(analysis.text, proposals, settled, decided + mine))
            if not broken:
                break
            weakest = min(mine, key=lambda i: probability(proposals[i], proposals[i].alternatives[settled[i].chosen]))
            settled[weakest] = replace(
                settled[weakest], chosen=0, note=f"kept: with the other edits it breaks a guard ({broken[0]})"
            )
            mine.remove(weakest)
    return tuple(settled)


def _with_edits(text: str, proposals: Sequence[Proposal], decisions: Sequence[Decision], made: Sequence[int]) -> str:
    """One segment's text with the decisions of the given numbers carried out."""
    for i in sorted(made, key=lambda i: proposals[i].span, reverse=True):
        span, chosen = proposals[i].span, proposals[i].alternatives[decisions[i].chosen]
        text = text[: span.start] + chosen.replacement + text[span.end :]
    return text


def _broken_together(analysis: Analysis, before: str, after: str) -> tuple[str, ...]:
    whole = replace(analysis.segment, hypothesis=before, gaps=(), protected=())
    return guards.broken(whole, Span(0, len(before)), after, machine=False)


def signature(engines: Engines, settings: Settings) -> str:
    """Version, settings and every model that had a say."""
    parts = [f"mtcheck:{__version__}", f"schema:{SCHEMA_VERSION}", f"settings:{settings.fingerprint()}"]
    for name in ("parser", "fluency", "tagger", "back_translator", "post_editor", "translator", "rewriter"):
        if engine := getattr(engines, name):
            parts.append(f"{name}:{engine.signature}")
    parts += [f"round-trip:{trip.signature}" for trip in engines.round_trips]
    return " ; ".join(parts)
