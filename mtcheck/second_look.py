"""What a review of the cleaned text would change further, put in terms of the original.

A mended sentence is another sentence: a model may see in it what it did not see before. The pipeline reviews its own
cleaned text until nothing changes any more, so that a second run on it finds nothing to do, and every edit is still one
of the original's words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mtcheck import documents
from mtcheck.alternatives import Phrase, Wording
from mtcheck.schema import Alternative, Document, Finding, Proposal, Review, Span

SECOND_LOOK = "at a second look"
"""In the note of every decision that the first look did not make."""


@dataclass(frozen=True, slots=True)
class Further:
    """A change of the second look: a phrase of the original, which of its wordings was taken, and why.

    instead_of: numbers of the first look's proposals whose words it takes over.
    """

    phrase: Phrase
    wording: str
    note: str
    instead_of: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Made:
    """An edit of the first look: number of its proposal; its place in the original and in the text that came of it."""

    number: int
    before: Span
    after: Span


def cleaned(review: Review) -> Document | None:
    """The cleaned text read as an article again, its segments with the sources that they had.

    None when it falls into other segments than the original, as when an edit joins two sentences.
    """
    document = review.document
    again = documents.parse(documents.write(document, review.edits), document.doc_id, document.format)
    if len(again.segments) != len(document.segments):
        return None
    pairs = list(zip(again.segments, document.segments, strict=True))
    for new, old in pairs:
        made = _made(review, old.seg_id)
        if new.hypothesis != _after(review, old.hypothesis, made):
            return None
    sourced = (
        replace(new, source=old.source, reference=old.reference, omitted=old.omitted, own_source=old.own_source)
        for new, old in pairs
    )
    return replace(again, segments=tuple(sourced))


def further(first: Review, again: Review) -> list[Further]:
    """What ``again``, the review of :func:`cleaned`, changes, in document order; no two overlap.

    A change beside the first look's edits is one of the original too. One that touches them becomes one with them; the
    first look's wording stays among its alternatives.
    """
    found: list[Further] = []
    for proposal, decision in zip(again.proposals, again.decisions, strict=True):
        if not decision.chosen:
            continue
        phrase, instead_of = _phrase(first, again, proposal)
        earlier = found[-1].phrase if found else None
        if earlier and earlier.finding.seg_id == phrase.finding.seg_id and earlier.span.overlaps(phrase.span):
            continue  # both touch one edit of the first look: the next look sees this again
        if any(first.decisions[i].decided_by != "auto" for i in instead_of):
            continue  # what a person decided stays
        note = decision.note.replace("changed:", f"changed {SECOND_LOOK}:", 1)
        place = _sound(proposal).index(proposal.alternatives[decision.chosen])
        found.append(Further(phrase, phrase.wordings[place].replacement, note, instead_of))
    return found


def _phrase(first: Review, again: Review, proposal: Proposal) -> tuple[Phrase, tuple[int, ...]]:
    """A proposal of the second look as a phrase of the original, and the first look's proposals on those words."""
    seg_id = proposal.finding.seg_id
    made = _made(first, seg_id)
    hull, touched = _hull(proposal.span, made)
    text = again.document.segments[seg_id].hypothesis
    head, tail = text[hull.start : proposal.span.start], text[proposal.span.end : hull.end]
    ways = [first.proposals[e.number].alternatives[first.decisions[e.number].chosen].generators[0] for e in touched]
    wordings = [
        Wording(head + other.replacement + tail, _joined(ways, other.generators), other.applicability)
        for other in _sound(proposal)
    ]
    if touched:
        wordings.append(Wording(text[hull.start : hull.end], ("+".join(ways),), proposal.alternatives[0].applicability))
    span = _original(hull, made)
    joined = {edit.number for edit in touched}
    instead_of = tuple(
        i
        for i, (other, decision) in enumerate(zip(first.proposals, first.decisions, strict=True))
        if i in joined or (not decision.chosen and other.finding.seg_id == seg_id and other.span.overlaps(span))
    )
    findings = [finding for i in instead_of for finding in _findings(first.proposals[i])]
    findings += [replace(finding, span=_original(finding.span, made)) for finding in _findings(proposal)]
    return Phrase(findings[0], tuple(findings[1:]), span, tuple(wordings), guarded=True), instead_of


def _sound(proposal: Proposal) -> list[Alternative]:
    """The alternatives that break no guard: held against the cleaned text, which was held against the original."""
    return [alternative for alternative in proposal.alternatives[1:] if not alternative.broken_guards]


def _joined(ways: Sequence[str], generators: Sequence[str]) -> tuple[str, ...]:
    return tuple("+".join([*ways, generator]) for generator in generators)


def _findings(proposal: Proposal) -> tuple[Finding, ...]:
    return (proposal.finding, *proposal.also)


def _made(review: Review, seg_id: int) -> list[_Made]:
    """The edits that a review makes in a segment, in order."""
    made, shift = [], 0
    chosen = [i for i, p in enumerate(review.proposals) if p.finding.seg_id == seg_id and review.decisions[i].chosen]
    for i in sorted(chosen, key=lambda i: review.proposals[i].span):
        span = review.proposals[i].span
        length = len(review.proposals[i].alternatives[review.decisions[i].chosen].replacement)
        after = Span(span.start + shift, span.start + shift + length)
        made.append(_Made(i, span, after))
        shift += length - (span.end - span.start)
    return made


def _after(review: Review, text: str, made: Sequence[_Made]) -> str:
    """A segment's text with the edits made."""
    pieces, done = [], 0
    for edit in made:
        chosen = review.proposals[edit.number].alternatives[review.decisions[edit.number].chosen]
        pieces += [text[done : edit.before.start], chosen.replacement]
        done = edit.before.end
    return "".join([*pieces, text[done:]])


def _hull(span: Span, made: Sequence[_Made]) -> tuple[Span, list[_Made]]:
    """A span of the cleaned segment with the edits that it touches, and those edits."""
    touched: list[_Made] = []
    while more := [edit for edit in made if edit not in touched and edit.after.overlaps(span)]:
        touched += more
        for edit in more:
            span = span.hull(edit.after)
    return span, sorted(touched, key=lambda edit: edit.before)


def _original(span: Span, made: Sequence[_Made]) -> Span:
    """Where the words of a span of the cleaned segment, or those that they took the place of, lie in the original."""
    span, touched = _hull(span, made)
    passed = [edit for edit in made if edit.after.end <= span.start and edit not in touched]
    start = span.start + (passed[-1].before.end - passed[-1].after.end if passed else 0)
    end = touched[-1].before.end + span.end - touched[-1].after.end if touched else start + span.end - span.start
    return Span(start, end)
