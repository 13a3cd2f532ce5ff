"""What every format says first about a comparison."""

from __future__ import annotations

from mtcheck.comparison import Comparison, Kind
from mtcheck.reports._entries import plural

_WORDS = {
    Kind.CHANGED: "changed",
    Kind.DELETED: "deleted",
    Kind.INSERTED: "inserted",
    Kind.MOVED_HERE: "moved",
    Kind.RESPACED: "respaced",
}


def headline(comparison: Comparison) -> str:
    """One sentence: how many sentences and words differ."""
    if comparison.same:
        return "No difference"
    total = len(comparison.before.segments)
    parts = [f"{comparison.count(kind)} {word}" for kind, word in _WORDS.items() if comparison.count(kind)]
    gone, come = comparison.words
    return f"Of {plural(total, 'sentence')}, {', '.join(parts)}; {plural(gone, 'word')} deleted, {come:,} inserted"
