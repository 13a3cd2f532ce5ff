"""The summary page of a report on two versions: findings by category and severity, scores, where the changes lie."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from mtcheck.comparison import BAD_LEVEL, FLUENCY_LEVEL, Comparison, Kind
from mtcheck.reports._entries import entries, headline, metric_notes, plural
from mtcheck.reports._visible import one_line
from mtcheck.reports.comparison import _summary
from mtcheck.schema import Review, Score, Severity
from mtcheck.scoring import MEANING_CHRF

STRIP = 40
"""Into how many equal parts an article is divided to show where its changes lie."""
_MEASURES = {
    FLUENCY_LEVEL: "how usual the wording is to a language model, nats a word",
    BAD_LEVEL: "how likely an editor would mark a word, on average",
}
_LEVELS = " ▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many findings of one kind there are in the first version and in the second."""

    name: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table of scores: a metric of either version, or one between the two (``after`` alone)."""

    metric: str
    before: Score | None
    after: Score
    note: str


@dataclass(frozen=True, slots=True)
class Overview:
    """What a report says first.

    versions: what the two columns of counts are; empty, with no tallies, when nobody looked for findings.
    table: for every category, a tally a severity, gravest first. strip: words that went or came in each of STRIP
    equal parts of the first version. signatures: who found the findings; missing: what was done without.
    edits_scored: metric and signature of every kind of score that edits have.
    """

    title: str
    headline: str
    verdict: str
    versions: tuple[str, ...]
    severities: tuple[Tally, ...]
    categories: tuple[Tally, ...]
    table: dict[str, tuple[Tally, ...]]
    rows: tuple[Row, ...]
    strip: tuple[int, ...]
    signatures: tuple[str, ...]
    missing: tuple[str, ...]
    edits_scored: tuple[tuple[str, str], ...]

    @property
    def where(self) -> str:
        """In words, where the changes lie."""
        if not any(self.strip):
            return "No word differs."
        quarters = [sum(self.strip[at : at + STRIP // 4]) for at in range(0, STRIP, STRIP // 4)]
        return (
            f"Words that went or came in each quarter of the article: {', '.join(f'{one:,}' for one in quarters[:3])} "
            f"and {quarters[3]:,}."
        )

    @property
    def sparkline(self) -> str:
        """The strip in block characters."""
        most = max(self.strip, default=0) or 1
        return "".join(_LEVELS[-(-one * 8 // most)] for one in self.strip)


def overview(comparison: Comparison, review: Review | None = None) -> Overview:
    """The summary of a comparison; with the review that it comes from, in the review's own terms.

    A review whose cleaned text nobody has looked at again knows only which findings its edits settled; their columns
    are then called ``found`` and ``left``.
    """
    versions, before, after = _found(comparison, review)
    signatures = [review.signature] if review else []
    signatures += [comparison.findings.signature] if comparison.findings else []
    return Overview(
        title=one_line(comparison.before.doc_id)
        if review
        else f"{one_line(comparison.before.doc_id)} → {one_line(comparison.after.doc_id)}",
        headline=". ".join([*([headline(review)] if review else []), _summary.headline(comparison)]),
        verdict=_summary.verdict(comparison.findings) if comparison.findings else "",
        versions=versions,
        severities=tuple(_tallies(_severities(before), _severities(after), [one.value for one in reversed(Severity)])),
        categories=tuple(_tallies([name for name, _ in before], [name for name, _ in after])),
        table=_table(before, after),
        rows=tuple(_rows(comparison)),
        strip=_strip(comparison),
        signatures=tuple(dict.fromkeys(map(one_line, signatures))),
        missing=tuple(map(one_line, review.missing)) if review else (),
        edits_scored=tuple((metric, one_line(made)) for metric, made in metric_notes(review)) if review else (),
    )


Kinds = list[tuple[str, Severity]]


def _found(comparison: Comparison, review: Review | None) -> tuple[tuple[str, ...], Kinds, Kinds]:
    """Category and severity of every finding in either version."""
    if found := comparison.findings:
        sides = [[(one.category, one.severity) for one in side] for side in (found.before, found.after)]
        return ("before", "after"), sides[0], sides[1]
    if review is None:
        return (), [], []
    found_here = [(one.category, one.severity) for one in review.findings]
    left = [(one.category, one.severity) for entry in entries(review) if not entry.chosen for one in entry.findings]
    return ("found", "left"), found_here, left


def _severities(found: Kinds) -> list[str]:
    return [severity.value for _, severity in found]


def _tallies(before: list[str], after: list[str], names: Iterable[str] | None = None) -> list[Tally]:
    """Tallies of names that occur, in the order given, else the most frequent first."""
    listed = names or sorted({*before, *after}, key=lambda name: (-before.count(name), -after.count(name), name))
    tallies = [Tally(name, before.count(name), after.count(name)) for name in listed]
    return [one for one in tallies if one.before or one.after]


def _table(before: Kinds, after: Kinds) -> dict[str, tuple[Tally, ...]]:
    grades = [one for one in reversed(Severity) if any(kind[1] is one for kind in (*before, *after))]
    names = [one.name for one in _tallies([name for name, _ in before], [name for name, _ in after])]
    return {
        name: tuple(Tally(one.value, before.count((name, one)), after.count((name, one))) for one in grades)
        for name in names
    }


def _rows(comparison: Comparison) -> Iterable[Row]:
    for one in comparison.measures:
        better = "higher reads better" if one.after.higher_is_better else "lower is better"
        yield Row(one.after.metric, one.before, one.after, f"{_MEASURES[one.after.metric]}; {better}")
    for score in comparison.scores:
        what = "back-translations of the edits" if score.metric == MEANING_CHRF else "the two texts"
        closer = "higher" if score.higher_is_better else "lower"
        yield Row(score.metric, None, score, f"between {what}; {closer} is closer")


def _strip(comparison: Comparison) -> tuple[int, ...]:
    length = max(1, len(comparison.before.text))
    strip = [0] * STRIP
    for pair in comparison.pairs:
        if pair.kind in (Kind.MOVED_HERE, Kind.SAME):
            continue
        for edit in comparison.edits(pair):
            words = len(comparison.deleted(pair, edit).split()) + len(edit.replacement.split())
            strip[min(STRIP - 1, (pair.before.start + edit.start) * STRIP // length)] += words
    return tuple(strip)


def to_record(overview: Overview) -> dict[str, Any]:
    """The summary as plain dicts and lists: counts by kind and version, the strip, the scores with signatures."""

    def told(tallies: Iterable[Tally]) -> dict[str, dict[str, int]]:
        return {one.name: {"before": one.before, "after": one.after} for one in tallies}

    return {
        "versions": list(overview.versions),
        "by_severity": told(overview.severities),
        "by_category": told(overview.categories),
        "by_category_and_severity": {name: told(tallies) for name, tallies in overview.table.items()},
        "words_changed_by_part": list(overview.strip),
        "scores": [
            {
                "metric": row.metric,
                "before": row.before.value if row.before else None,
                "after": row.after.value,
                "signature": row.after.signature,
                "higher_is_better": row.after.higher_is_better,
            }
            for row in overview.rows
        ],
        "signatures": list(overview.signatures),
    }


def changed(tally: Tally) -> str:
    """``3 → 1``, or one number where the two are the same."""
    return f"{tally.before:,}" if tally.before == tally.after else f"{tally.before:,} → {tally.after:,}"


def told(tallies: Iterable[Tally], versions: tuple[str, ...]) -> str:
    """What a chart shows, in words."""
    return "; ".join(f"{one.name}: {one.before:,} {versions[0]}, {one.after:,} {versions[1]}" for one in tallies)


def findings_line(overview: Overview) -> str:
    """How many findings in all, for a caption."""
    before, after = (sum(getattr(one, side) for one in overview.severities) for side in ("before", "after"))
    return f"{plural(before, 'finding')} {overview.versions[0]}, {after:,} {overview.versions[1]}"
