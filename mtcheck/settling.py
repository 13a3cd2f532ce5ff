"""Between the proposals of a review and what is remembered of the decisions about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mtcheck.alternatives import BY_HAND, KEEP
from mtcheck.decisions import Ledger, Ruling, placed
from mtcheck.detectors import rules
from mtcheck.schema import Alternative, Applicability, Decision, Document, Edit, Finding, Proposal, Severity


def rulings_on(document: Document, proposal: Proposal, wording: str | None, reason: str = "") -> tuple[Ruling, ...]:
    """What to remember when somebody settles a proposal.

    wording: what the words of its span become; None keeps them, whatever its findings say.
    """
    segment = document.segments[proposal.finding.seg_id]
    rest = {"reason": reason, "article": document.doc_id}
    if wording is not None:
        return (Ruling.at(proposal.finding.rule, segment, proposal.span, replacement=wording, **rest),)
    return tuple(Ruling.at(found.rule, segment, found.span, **rest) for found in (proposal.finding, *proposal.also))


def honour(
    document: Document, proposals: Sequence[Proposal], decisions: Sequence[Decision], ledger: Ledger
) -> tuple[list[Proposal], list[Decision]]:
    """Proposals and decisions with every replacement of the ledger chosen, in document order.

    A wording that the proposal lacks is added to it; where none fits the words decided, one takes the place of those
    that overlap them.
    """
    settled = list(zip(proposals, decisions, strict=True))
    for edit, ruling in placed(document, ledger).edits:
        here = [pair for pair in settled if _overlaps(pair[0], edit)]
        fitting = next((proposal for proposal, _ in here if proposal.span == edit.span), None)
        if fitting is None:
            fitting = _proposal(document, edit, ruling, [proposal for proposal, _ in here])
        fitting, chosen = _with_wording(fitting, edit.replacement)
        settled = [pair for pair in settled if pair not in here]
        settled.append((fitting, Decision(chosen, "ledger", ruling.reason or "decided before")))
    settled.sort(key=lambda pair: (pair[0].finding.seg_id, pair[0].span))
    return [proposal for proposal, _ in settled], [decision for _, decision in settled]


def _overlaps(proposal: Proposal, edit: Edit) -> bool:
    return proposal.finding.seg_id == edit.seg_id and proposal.span.overlaps(edit.span)


def _proposal(document: Document, edit: Edit, ruling: Ruling, instead_of: Sequence[Proposal]) -> Proposal:
    """A proposal of just the words decided, with the findings of those that it takes the place of."""
    rule = next((rule for rule in rules() if rule.name == ruling.rule), None)
    category, severity = (rule.category, rule.severity) if rule else ("other", Severity.NEUTRAL)
    message = "somebody decided what these words become"
    decided = Finding(ruling.rule, category, severity, edit.seg_id, edit.span, message, 1.0)
    also = tuple(finding for proposal in instead_of for finding in (proposal.finding, *proposal.also))
    words = document.segments[edit.seg_id].hypothesis[edit.span.start : edit.span.end]
    return Proposal(decided, edit.span, (Alternative(words, (KEEP,), Applicability.SAFE),), also)


def _with_wording(proposal: Proposal, wording: str) -> tuple[Proposal, int]:
    """The proposal with the wording among its alternatives, and where."""
    for index, alternative in enumerate(proposal.alternatives):
        if index and alternative.replacement == wording:
            return proposal, index
    added = Alternative(wording, (BY_HAND,), Applicability.REVIEW)
    return replace(proposal, alternatives=(*proposal.alternatives, added)), len(proposal.alternatives)
