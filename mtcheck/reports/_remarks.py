"""The changes of a review as people are shown them inside a document: each with what a comment beside it says.

Word's comments, the notes of an XLIFF file and whatever else shows changes say the same, in plain text.
"""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.reports._entries import Entry, entries, score_text
from mtcheck.reports._visible import one_line
from mtcheck.reports._why import why
from mtcheck.schema import Edit, Review, Revision

_PEOPLE = {"translator": "the translator", "ledger": "an earlier decision"}


def revisions(review: Review) -> tuple[Revision, ...]:
    """The accepted edits in document order, each with its comment; every line of a comment is one statement."""
    return tuple(
        Revision(
            Edit(entry.finding.seg_id, entry.proposal.span, entry.chosen.replacement),
            "\n".join(remarks(entry, review.back_translations.get(entry.finding.seg_id))),
        )
        for entry in entries(review)
        if entry.chosen
    )


def remarks(entry: Entry, before: str | None) -> Iterator[str]:
    """What was found and by which rule, why the edit was made, how the sentence reads back, the scores.

    before: the back-translation of the sentence as it was. Signatures of scores are long; they stand in the report.
    """
    for finding in entry.findings:
        yield f"{one_line(finding.message)} [{finding.rule}, {finding.severity}]"
    person = _PEOPLE.get(entry.decision.decided_by)
    yield f"Decided by {person}: {one_line(entry.decision.note)}" if person else one_line(why(entry))
    if source := entry.segment.source:
        yield f"Source: {one_line(source)}"
    if before is not None:
        yield f"Back-translation before: {one_line(before)}"
    after = entry.chosen.back_translation if entry.chosen else None
    if after is not None:
        yield f"Back-translation after: {'the same' if after == before else one_line(after)}"
    if entry.chosen and entry.chosen.scores:
        numbers = ", ".join(f"{score.metric} {score_text(score)}" for score in entry.chosen.scores)
        yield f"Scores (signed in the review's report): {numbers}"
