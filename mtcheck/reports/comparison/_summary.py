"""What every format says first about a comparison."""

from __future__ import annotations

from mtcheck.checking import PlacedFinding
from mtcheck.comparison import Comparison, Kind, Pair, Turnover, Verdict, penalty
from mtcheck.reports._entries import plural
from mtcheck.reports._visible import one_line
from mtcheck.schema import Document

_WORDS = {
    Kind.CHANGED: "changed",
    Kind.DELETED: "deleted",
    Kind.INSERTED: "inserted",
    Kind.MOVED_HERE: "moved",
    Kind.RESPACED: "respaced",
}
_VERDICTS = {
    Verdict.BETTER: "Better than before",
    Verdict.WORSE: "Worse than before",
    Verdict.ALIKE: "No better, no worse",
}


def headline(comparison: Comparison) -> str:
    """One sentence: how many sentences and words differ."""
    if comparison.same:
        return "No difference"
    total = len(comparison.before.segments)
    parts = [f"{comparison.count(kind)} {word}" for kind, word in _WORDS.items() if comparison.count(kind)]
    gone, come = comparison.words
    return f"Of {plural(total, 'sentence')}, {', '.join(parts)}; {plural(gone, 'word')} deleted, {come:,} inserted"


def verdict(found: Turnover) -> str:
    """One sentence: better or worse than before, and why."""
    if not (found.before or found.after):
        return "No findings in either version"
    counts = f"{plural(len(found.gone), 'finding')} gone, {len(found.new):,} new, {len(found.kept):,} kept"
    return f"{_VERDICTS[found.verdict]}: {counts} (MQM penalty {penalty(found.before):,} → {penalty(found.after):,})"


def quoted(finding: PlacedFinding) -> str:
    """The words flagged, on one line."""
    return f"“{one_line(finding.quote)}”"


def shown(comparison: Comparison) -> tuple[Pair, ...]:
    """The pairs that differ; a moved sentence once, where it was."""
    return tuple(pair for pair in comparison.pairs if pair.kind not in (Kind.SAME, Kind.MOVED_HERE))


def place(comparison: Comparison, pair: Pair) -> tuple[Document, int, int]:
    """Where a pair's text begins: document, line and column; in the second version for an inserted sentence."""
    inserted = pair.before.start == pair.before.end
    document, start = (comparison.after, pair.after.start) if inserted else (comparison.before, pair.before.start)
    segment = next((s for s in document.segments if s.start >= start), None)
    return document, *document.line_column(segment.start if segment else start)


def moved_to(comparison: Comparison, pair: Pair) -> tuple[int, int] | None:
    """Line and column of the other end of a moved sentence, in the other version."""
    if pair.partner is None:
        return None
    _, line, column = place(comparison, comparison.pairs[pair.partner])
    return line, column
