"""The comparison as Markdown: scores, and a table of the changed sentences."""

from __future__ import annotations

from mtcheck.comparison import Comparison, Kind, Pair
from mtcheck.prose_diff import pieces
from mtcheck.reports._entries import score_text
from mtcheck.reports.comparison._summary import headline
from mtcheck.reports.markdown import code, escape, marked


def render(comparison: Comparison) -> str:
    """Headline, scores with signatures, and one row a changed sentence with ``<del>`` and ``<ins>``."""
    lines = [
        f"# {escape(comparison.before.doc_id)} → {escape(comparison.after.doc_id)}",
        "",
        f"{headline(comparison)}.",
        "",
        "| score | value | closer is | signature |",
        "|---|--:|---|---|",
    ]
    for score in comparison.scores:
        # In a table cell even code must not hold a bare pipe.
        signature = code(score.signature).replace("|", "\\|")
        better = "higher" if score.higher_is_better else "lower"
        lines.append(f"| {score.metric} | {score_text(score)} | {better} | {signature} |")
    pairs = [pair for pair in comparison.pairs if pair.kind is not Kind.SAME]
    if pairs:
        lines += ["", "| line | what | text |", "|--:|---|---|", *(_row(comparison, pair) for pair in pairs)]
    return "\n".join(lines) + "\n"


def _row(comparison: Comparison, pair: Pair) -> str:
    line, _ = comparison.before.line_column(pair.before.start)
    runs = pieces(comparison.before.text[pair.before.start : pair.before.end], pair.edits)
    text = "".join(marked(piece.kind, piece.text) for piece in runs).strip()
    return f"| {line} | {pair.kind} | {text} |"
