"""What became of the findings of the first version in the second, and whether that is better."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from mtcheck.checking import Checked, PlacedFinding
from mtcheck.comparison.pairing import Comparison
from mtcheck.prose_diff import TextEdit
from mtcheck.schema import Severity

PENALTIES = {Severity.NEUTRAL: 0, Severity.MINOR: 1, Severity.MAJOR: 5, Severity.CRITICAL: 25}
"""What a finding costs by its severity, as MQM 2.0 scores errors."""


class Verdict(StrEnum):
    """How the second version compares with the first, by the penalty of their findings, then by their number."""

    BETTER = "better"
    WORSE = "worse"
    ALIKE = "alike"


@dataclass(frozen=True, slots=True)
class Turnover:
    """Findings that only the first version has, that only the second has, and that both have, as pairs.

    Each in document order, the pairs in that of the second version. signature: what found them.
    """

    gone: tuple[PlacedFinding, ...]
    new: tuple[PlacedFinding, ...]
    kept: tuple[tuple[PlacedFinding, PlacedFinding], ...]
    signature: str

    @property
    def before(self) -> tuple[PlacedFinding, ...]:
        """The findings of the first version."""
        return (*self.gone, *(before for before, _ in self.kept))

    @property
    def after(self) -> tuple[PlacedFinding, ...]:
        """The findings of the second version."""
        return (*self.new, *(after for _, after in self.kept))

    @property
    def verdict(self) -> Verdict:
        """Whether the second version is better or worse."""
        before, after = ((penalty(found), len(found)) for found in (self.before, self.after))
        return Verdict.ALIKE if before == after else Verdict.BETTER if after < before else Verdict.WORSE


def traced(comparison: Comparison, before: Checked, after: Checked, signature: str) -> Comparison:
    """The comparison with what became of the findings of the first version in the second.

    A finding is kept when the sentence that its own became holds one with the same key, or one of the same rule on the
    words that its own became; or else when one with the same key is anywhere.
    """
    ways: tuple[Callable[[_Place, PlacedFinding, PlacedFinding], bool], ...] = (
        lambda place, one, other: one.key == other.key and other.start in place.sentence,
        lambda place, one, other: one.rule == other.rule and place.touches(other),
        lambda place, one, other: one.key == other.key,
    )
    old, new = {one: _place(comparison, one) for one in before.findings}, list(after.findings)
    kept: list[tuple[PlacedFinding, PlacedFinding]] = []
    for fits in ways:
        for one, place in list(old.items()):
            if match := next((other for other in new if fits(place, one, other)), None):
                kept.append((one, match))
                del old[one]
                new.remove(match)
    kept.sort(key=lambda pair: pair[1].start)
    return replace(comparison, findings=Turnover(tuple(old), tuple(new), tuple(kept), signature))


def penalty(findings: Iterable[PlacedFinding]) -> int:
    """What findings cost together."""
    return sum(PENALTIES[finding.severity] for finding in findings)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a finding went: raw ranges of what its sentence and its words became in the second version."""

    sentence: range
    words: range

    def touches(self, finding: PlacedFinding) -> bool:
        """True when a finding of the second version has a code point of the words."""
        return finding.start < self.words.stop and self.words.start < finding.end and len(self.words) > 0


def _place(comparison: Comparison, finding: PlacedFinding) -> _Place:
    pair = comparison.pairs[bisect_right(comparison.pairs, finding.start, key=lambda one: one.before.start) - 1]
    onto = pair if pair.partner is None else comparison.pairs[pair.partner]
    edits = comparison.edits(pair)
    start = onto.after.start + _carried(finding.start - pair.before.start, edits, is_end=False)
    end = onto.after.start + _carried(finding.end - pair.before.start, edits, is_end=True)
    return _Place(range(onto.after.start, onto.after.end), range(start, end))


def _carried(at: int, edits: Sequence[TextEdit], *, is_end: bool) -> int:
    """Where a boundary of a range goes; one inside an edit goes to that side of it which makes the range longer."""
    shift = 0
    for edit in edits:
        if at < edit.start or (at == edit.start and is_end):
            break
        if at < edit.end:
            return edit.start + shift + (len(edit.replacement) if is_end else 0)
        shift += len(edit.replacement) - (edit.end - edit.start)
    return at + shift
