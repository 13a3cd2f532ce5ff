"""The changes between two versions as reports list them: what went, what came, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mtcheck.checking import PlacedFinding
from mtcheck.comparison import Comparison, Kind, Pair
from mtcheck.prose_diff import Piece, pieces, readable_edits
from mtcheck.reports._entries import Entry, Status, entries
from mtcheck.reports._remarks import remarks
from mtcheck.reports._visible import one_line
from mtcheck.reports.comparison._summary import moved_to, place, shown
from mtcheck.schema import Review

GROUPS = {
    Status.CHANGED: "Changes and why",
    Status.OFFERED: "Offered, not made",
    Status.FLAGGED: "Flagged only",
}


@dataclass(frozen=True, slots=True)
class Run:
    """Text to show in one way: same, deleted, inserted, or flagged where nothing better is known."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """A change with the text around it.

    line, column: 1-based, in the first version (in the second for an inserted sentence).
    label: the gravest severity, or what became of the sentence.
    runs: the text, in order. why: one plain statement a line.
    """

    line: int
    column: int
    label: str
    runs: tuple[Run, ...]
    why: tuple[str, ...]

    @property
    def original(self) -> tuple[Run, ...]:
        """What the first version has."""
        return tuple(run for run in self.runs if run.kind != "inserted")

    @property
    def corrected(self) -> tuple[Run, ...]:
        """What the second version has, or would have; nothing where there is no better wording."""
        flagged = any(run.kind == "flagged" for run in self.runs)
        return () if flagged else tuple(run for run in self.runs if run.kind != "deleted")


def groups(comparison: Comparison, review: Review | None = None) -> dict[str, tuple[Change, ...]]:
    """The changes by the title of their table: those of a review, or of a comparison by itself; no table is empty."""
    if review is None:
        listed = {GROUPS[Status.CHANGED]: tuple(_compared(comparison))}
    else:
        listed = {
            title: tuple(_reviewed(review, entry) for entry in entries(review) if entry.status is status)
            for status, title in GROUPS.items()
        }
    return {title: changes for title, changes in listed.items() if changes}


def _reviewed(review: Review, entry: Entry) -> Change:
    before, after = entry.context()
    if entry.suggestion:
        middle = _runs(pieces(entry.original, readable_edits(entry.original, entry.suggestion.replacement)))
    else:
        middle = (Run("flagged", entry.original),)
    runs = tuple(run for run in (Run("same", before), *middle, Run("same", after)) if run.text)
    why = tuple(remarks(entry, review.back_translations.get(entry.finding.seg_id)))
    return Change(entry.line, entry.column, entry.severity.value, runs, why)


def _runs(shown: Iterable[Piece]) -> tuple[Run, ...]:
    return tuple(Run(piece.kind, piece.text) for piece in shown)


def _compared(comparison: Comparison) -> Iterator[Change]:
    """The sentences that differ in more than white space."""
    for pair in shown(comparison):
        if pair.kind is Kind.RESPACED:
            continue
        _, line, column = place(comparison, pair)
        moved = moved_to(comparison, pair)
        label = f"moved to line {moved[0]}" if moved else pair.kind.value
        runs = _runs(pieces(comparison.texts(pair)[0], comparison.edits(pair)))
        yield Change(line, column, label, runs, tuple(_reasons(comparison, pair)))


def _reasons(comparison: Comparison, pair: Pair) -> Iterator[str]:
    found = comparison.findings
    if found is None:
        return
    other = pair if pair.partner is None else comparison.pairs[pair.partner]
    yield from (f"Gone: {_said(one)}" for one in _within(found.gone, pair.before.start, pair.before.end))
    yield from (f"New: {_said(one)}" for one in _within(found.new, other.after.start, other.after.end))


def _within(findings: Iterable[PlacedFinding], start: int, end: int) -> Iterator[PlacedFinding]:
    return (one for one in findings if one.start < end and start < one.end)


def _said(finding: PlacedFinding) -> str:
    quote = one_line(finding.quote)
    return f"“{quote}”: {one_line(finding.message)} [{finding.rule}, {finding.severity}]"
