"""What a person can decide on the review page, and what each decision does to the article's text.

The page makes the very changes that ``mtcheck apply`` makes of the file of decisions it exports. So whatever the two
could see differently (words that overlap other words to be decided, or that stand elsewhere too) is settled here:
such an entry can be kept, not changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from mtcheck.decisions import FILE_VERSION, Ruling
from mtcheck.prose_diff import pieces, readable_edits
from mtcheck.reports._entries import Entry
from mtcheck.reports.json import sha256
from mtcheck.schema import Applicability, Document, Review, Severity, Span

_KINDS = {"deleted": -1, "same": 0, "inserted": 1}
_AROUND = 40  # code points
_BY_PEOPLE = ("translator", "ledger")


@dataclass(frozen=True, slots=True)
class _Change:
    """An entry as the file of decisions knows it: the decision that changes its words, and those that keep them."""

    entry: Entry
    ruling: Ruling
    keeping: tuple[Ruling, ...]


def deciding(review: Review, listed: Sequence[Entry]) -> dict[str, Any]:
    """The page's data: plain dicts and lists, without offsets.

    text: the article cut up at the places to be changed, each ``[index of its record, the words there]``.
    records: every decision there can be, in the order of the file; entries point to theirs by index.
    """
    document = review.document
    changes = [_change(entry) for entry in listed]
    records = {ruling.key: ruling for change in changes for ruling in (*change.keeping, change.ruling)}
    ordered = sorted(records.values(), key=lambda one: (one.rule, one.quote.lower(), one.key))
    index = {ruling.key: at for at, ruling in enumerate(ordered)}
    locks = _locks(document, changes)
    free = [change for change in changes if change.entry.number not in locks]
    return {
        "version": FILE_VERSION,
        "article": "" if document.doc_id == "<stdin>" else document.doc_id,
        "cleaned_name": _cleaned_name(document.doc_id),
        "sha256": sha256(document),
        "encoding": None if document.container else document.encoding,
        "text": [] if document.container else list(_cut(document.text, free, index)),
        "records": [_record(ruling) for ruling in ordered],
        "entries": [_entry(change, index, locks.get(change.entry.number, "")) for change in changes],
    }


def _change(entry: Entry) -> _Change:
    keeping = tuple(Ruling.at(finding.rule, entry.segment, finding.span) for finding in entry.findings)
    return _Change(entry, Ruling.at(entry.finding.rule, entry.segment, entry.proposal.span), keeping)


def _record(ruling: Ruling) -> dict[str, str]:
    return {"rule": ruling.rule, "quote": ruling.quote, "before": ruling.before, "after": ruling.after}


def _entry(change: _Change, index: Mapping[str, int], lock: str) -> dict[str, Any]:
    entry, chosen = change.entry, change.entry.decision.chosen
    text, span = entry.segment.hypothesis, entry.proposal.span
    return {
        "number": entry.number,
        "record": index[change.ruling.key],
        "keep": [index[ruling.key] for ruling in change.keeping],
        "lock": lock,
        "chosen": chosen,
        "settled": entry.decision.decided_by in _BY_PEOPLE,
        "safe": entry.chosen is not None and entry.chosen.applicability is Applicability.SAFE,
        "around": [text[: span.start][-_AROUND:], text[span.end :][:_AROUND]],
        "choices": [
            {
                "text": one.replacement,
                "takeable": (at == chosen or one in entry.offered) and _is_kept_to(change, one.replacement),
                "pieces": _pieces(entry.original, one.replacement),
            }
            for at, one in enumerate(entry.proposal.alternatives)
        ],
    }


def _pieces(before: str, after: str) -> list[tuple[int, str]]:
    return [(_KINDS[piece.kind], piece.text) for piece in pieces(before, readable_edits(before, after))]


def _is_kept_to(change: _Change, replacement: str) -> bool:
    """Whether a decision for the replacement would be carried out: not where it seems to stand there already."""
    ruling = Ruling(**_record(change.ruling), replacement=replacement)
    return change.entry.proposal.span in ruling.places(change.entry.segment.hypothesis)


def _locks(document: Document, changes: Sequence[_Change]) -> dict[int, str]:
    """Why an entry's words can only be kept, by its number.

    Of entries that overlap, the one that has the text to itself in the two columns may change it.
    """
    grades = list(Severity)
    order = sorted(
        changes,
        key=lambda one: (
            not one.entry.chosen,
            -grades.index(one.entry.severity),
            one.entry.raw.end - one.entry.raw.start,
            one.entry.number,
        ),
    )
    locks: dict[int, str] = {}
    seen: dict[int, list[_Change]] = {}
    for change in order:
        entry = change.entry
        beside = seen.setdefault(entry.segment.seg_id, [])
        rival = next((one for one in beside if one.entry.proposal.span.overlaps(entry.proposal.span)), None)
        if rival:
            locks[entry.number] = f"its words are part of change {rival.entry.number}"
        elif entry.segment.crosses_markup(entry.proposal.span):
            locks[entry.number] = "markup or a line end stands between its words"
        elif entry.chosen and not _is_kept_to(change, entry.chosen.replacement):
            locks[entry.number] = "nothing but spaces would change, which a decision file cannot hold"
        beside.append(change)
    return locks | _locks_of_twins(document, changes, locks)


def _locks_of_twins(document: Document, changes: Sequence[_Change], locks: Mapping[int, str]) -> dict[int, str]:
    """The same decision changes all its places: each must be an entry that can be changed."""
    squeezed = [" ".join(segment.hypothesis.split()) for segment in document.segments]
    by_key: dict[str, list[_Change]] = {}
    for change in changes:
        by_key.setdefault(change.ruling.key, []).append(change)
    more: dict[int, str] = {}
    for twins in by_key.values():
        quote = " ".join(twins[0].ruling.quote.split())
        places = {
            (segment.seg_id, span)
            for segment, text in zip(document.segments, squeezed, strict=True)
            if quote in text
            for span in twins[0].ruling.places(segment.hypothesis)
        }
        if places != {_place(one) for one in twins} or any(one.entry.number in locks for one in twins):
            reason = "the same words stand elsewhere too, and cannot all be decided at once"
            more |= {one.entry.number: reason for one in twins if one.entry.number not in locks}
    return more


def _place(change: _Change) -> tuple[int, Span]:
    return change.entry.segment.seg_id, change.entry.proposal.span


def _cut(text: str, changes: Sequence[_Change], index: Mapping[str, int]) -> Iterator[str | tuple[int, str]]:
    done = 0
    for change in sorted(changes, key=lambda one: one.entry.raw):
        raw = change.entry.raw
        yield text[done : raw.start]
        yield index[change.ruling.key], text[raw.start : raw.end]
        done = raw.end
    yield text[done:]


def _cleaned_name(doc_id: str) -> str:
    name = PurePath("stdin.txt" if doc_id == "<stdin>" else doc_id)
    return f"{name.stem}.cleaned{name.suffix}"
