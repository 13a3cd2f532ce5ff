"""What every report says about a review: one numbered entry a proposal, in document order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from mtcheck.schema import (
    Alternative,
    Applicability,
    Decision,
    Finding,
    Proposal,
    Review,
    Score,
    Segment,
    Severity,
    Span,
)


class Status(StrEnum):
    """What became of a proposal."""

    CHANGED = "changed"
    OFFERED = "offered"
    FLAGGED = "flagged"


@dataclass(frozen=True, slots=True)
class Entry:
    """A proposal with its decision and its place.

    number: from 1, in document order; line, column: 1-based, of the proposal's span; raw: its range in the document.
    """

    number: int
    proposal: Proposal
    decision: Decision
    segment: Segment
    line: int
    column: int
    raw: Span

    @property
    def finding(self) -> Finding:
        """The finding that led to the proposal."""
        return self.proposal.finding

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The finding and the others settled with it."""
        return (self.proposal.finding, *self.proposal.also)

    @property
    def severity(self) -> Severity:
        """The gravest severity among its findings."""
        grades = list(Severity)
        return max((finding.severity for finding in self.findings), key=grades.index)

    @property
    def original(self) -> str:
        """The wording that the alternatives would replace."""
        return self.segment.hypothesis[self.proposal.span.start : self.proposal.span.end]

    @property
    def chosen(self) -> Alternative | None:
        """The accepted alternative, or None when the original wording stays."""
        return self.proposal.alternatives[self.decision.chosen] if self.decision.chosen else None

    @property
    def offered(self) -> tuple[Alternative, ...]:
        """The alternatives that a person may take: no guard broken, not for display only."""
        return tuple(
            alternative
            for alternative in self.proposal.alternatives[1:]
            if not alternative.broken_guards and alternative.applicability is not Applicability.DISPLAY
        )

    @property
    def suggestion(self) -> Alternative | None:
        """The accepted alternative, else the first one offered."""
        return self.chosen or next(iter(self.offered), None)

    @property
    def status(self) -> Status:
        """Changed, offered (a usable alternative exists, none taken) or flagged only."""
        if self.chosen:
            return Status.CHANGED
        return Status.OFFERED if self.offered else Status.FLAGGED

    def sentence_with(self, alternative: Alternative) -> str:
        """The whole segment with the alternative's wording."""
        span, text = self.proposal.span, self.segment.hypothesis
        return text[: span.start] + alternative.replacement + text[span.end :]

    def context(self, width: int = 60) -> tuple[str, str]:
        """Up to ``width`` code points of the segment on either side, cut at a space, with an ellipsis when cut."""
        span, text = self.proposal.span, self.segment.hypothesis
        before, after = text[: span.start], text[span.end :]
        if len(before) > width:
            before = "…" + before[-width:].partition(" ")[2]
        if len(after) > width:
            after = after[:width].rpartition(" ")[0] + "…"
        return before, after


def entries(review: Review) -> tuple[Entry, ...]:
    """Every proposal of the review as an entry, in document order."""
    placed = []
    for proposal, decision in zip(review.proposals, review.decisions, strict=True):
        segment = review.document.segments[proposal.finding.seg_id]
        placed.append((segment.raw_span(proposal.span), proposal, decision, segment))
    placed.sort(key=lambda item: item[0])
    return tuple(
        Entry(number, proposal, decision, segment, *review.document.line_column(raw.start), raw)
        for number, (raw, proposal, decision, segment) in enumerate(placed, 1)
    )


def counts(review: Review) -> dict[str, dict[str, int] | int]:
    """Findings and proposals by status, severity, category and rule; zero statuses and severities included."""
    found = review.findings
    listed = entries(review)
    return {
        "findings": len(found),
        "proposals": len(listed),
        "by_status": {status.value: sum(entry.status is status for entry in listed) for status in Status},
        "by_severity": {grade.value: sum(f.severity is grade for f in found) for grade in reversed(Severity)},
        "by_category": dict(sorted(Counter(f.category for f in found).items())),
        "by_rule": dict(sorted(Counter(f.rule for f in found).items())),
    }


def plural(number: int, noun: str) -> str:
    """``1 finding``, ``2 findings``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def headline(review: Review) -> str:
    """One sentence: how many findings, and what became of them."""
    listed = entries(review)
    if not listed:
        return "No findings"
    by_status = Counter(entry.status for entry in listed)
    words = {Status.CHANGED: "changed", Status.OFFERED: "offered", Status.FLAGGED: "flagged only"}
    parts = [f"{by_status[status]} {word}" for status, word in words.items() if by_status[status]]
    places = "" if len(listed) == len(review.findings) else f" in {plural(len(listed), 'place')}"
    return f"{plural(len(review.findings), 'finding')}{places}: {', '.join(parts)}"


def metric_notes(review: Review) -> dict[tuple[str, str], int]:
    """A footnote number for each distinct (metric, signature), in order of first use."""
    notes: dict[tuple[str, str], int] = {}
    for entry in entries(review):
        for alternative in entry.proposal.alternatives:
            for score in alternative.scores:
                notes.setdefault((score.metric, score.signature), len(notes) + 1)
    return notes


def score_text(score: Score) -> str:
    """The value as reports print it: one decimal from 10 up, else two."""
    return f"{score.value:.1f}" if abs(score.value) >= 10 else f"{score.value:.2f}"
