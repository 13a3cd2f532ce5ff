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
from mtcheck.proposing import Progress, propose, quiet, score_by_pivot, score_by_rescorer, score_wordings
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
from mtcheck.second_look import Further, cleaned, further
from mtcheck.settings import Settings
from mtcheck.settling import honour

MOST_LOOKS = 3
"""Reviews of the cleaned text after the first; what would still change then is left to the next run."""


def review(document: Document, engines: Engines, settings: Settings, progress: Progress = quiet) -> Review:
    """Flag, back-translate, propose, score and choose; the review's ``cleaned`` is the corrected text.

    The cleaned text is reviewed in its turn until nothing changes, so that a second run on it changes nothing.
    Works with whatever engines are present; ``Review.missing`` says what was done without. Raises
    SettingsError for an unknown rule and ModelError when a model fails.
    """
    found = look(document, engines, settings, progress)
    for _ in range(MOST_LOOKS):
        again = cleaned(found) if found.edits else None
        if again is None:
            break
        changes = further(found, look(again, engines, settings, quiet, only_promising=True))
        if not changes:
            break
        found = with_further(found, changes, engines)
    return found


def look(
    document: Document, engines: Engines, settings: Settings, progress: Progress, *, only_promising: bool = False
) -> Review:
    """One review of a text as it stands. only_promising: findings without a wording likely to be taken are left out."""
    article = analyse(document, engines)
    ledger = ledger_of(settings)
    allowed = allow(document, find(article, engines, settings), ())
    findings = [finding for finding in allowed.standing if not ledger.dismisses(finding, document)]
    proposals = propose(article, findings, engines, settings, progress, only_promising=only_promising)
    proposals = [p for p in proposals if promising(p) or not (only_promising or is_suspicion(p))]
    originals, proposals = evidenced(article, proposals, engines, progress)
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


def evidenced(
    article: Sequence[Analysis], proposals: Sequence[Proposal], engines: Engines, progress: Progress
) -> tuple[dict[int, str], list[Proposal]]:
    """Back-translations of the original segments by seg_id, and the proposals with everything that is measured late."""
    originals, scored = score_meaning(article, proposals, engines, progress)
    return originals, [weighed(proposal) for proposal in score_further(article, scored, engines)]


def with_further(first: Review, changes: Sequence[Further], engines: Engines) -> Review:
    """A review with the changes of a second look made, each scored against the original and held to its guards."""
    article = [Analysis.of(segment) for segment in first.document.segments]
    scored = score_wordings(article, [change.phrase for change in changes], engines, quiet)
    scored = score_by_rescorer(article, score_by_pivot(article, scored, engines, quiet), engines, quiet)
    originals, scored = evidenced(article, scored, engines, quiet)
    superseded: set[int] = set()
    settled = []
    for change, proposal in zip(changes, scored, strict=True):
        chosen = next(i for i, other in enumerate(proposal.alternatives) if i and other.replacement == change.wording)
        if not proposal.alternatives[chosen].broken_guards:
            superseded.update(change.instead_of)
            settled.append((proposal, Decision(chosen, "auto", change.note)))
    before = enumerate(zip(first.proposals, first.decisions, strict=True))
    pairs = settled + [pair for i, pair in before if i not in superseded]
    pairs.sort(key=lambda pair: (pair[0].finding.seg_id, pair[0].span))
    proposals = tuple(proposal for proposal, _ in pairs)
    decisions = verify(article, proposals, [decision for _, decision in pairs])
    return replace(
        first, proposals=proposals, decisions=decisions, back_translations={**originals, **first.back_translations}
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
    for name in ("parser", "fluency", "tagger", "back_translator", "post_editor", "translator", "rewriter", "rescorer"):
        if engine := getattr(engines, name):
            parts.append(f"{name}:{engine.signature}")
    parts += [f"round-trip:{trip.signature}" for trip in engines.round_trips]
    return " ; ".join(parts)
