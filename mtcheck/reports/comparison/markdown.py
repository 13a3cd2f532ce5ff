"""The comparison as Markdown: a verdict, the findings that came and went, the changed sentences, scores."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.comparison import Comparison, Pair, Turnover
from mtcheck.prose_diff import pieces
from mtcheck.reports import _overview_markdown
from mtcheck.reports._overview import overview
from mtcheck.reports.check._findings import said
from mtcheck.reports.comparison._summary import headline, moved_to, place, quoted, shown, verdict
from mtcheck.reports.markdown import code, escape, marked


def render(comparison: Comparison) -> str:
    """Headline, verdict, findings counted, a row a new finding or one gone, a row a changed sentence, scores signed."""
    told = overview(comparison)
    lines = [
        f"# {escape(comparison.before.doc_id)} → {escape(comparison.after.doc_id)}",
        "",
        *([f"**{verdict(comparison.findings)}.**", ""] if comparison.findings else []),
        f"{headline(comparison)}.",
    ]
    if comparison.findings:
        lines += [*_overview_markdown.findings(told), *_findings(comparison.findings)]
    if pairs := shown(comparison):
        lines += ["", "| line | what | text |", "|--:|---|---|", *(_row(comparison, pair) for pair in pairs)]
    lines += [*_overview_markdown.where(told), *_overview_markdown.scores(told)]
    return "\n".join(lines) + "\n"


def _findings(found: Turnover) -> Iterator[str]:
    rows = [("new", one, said(one)) for one in found.new] + [("gone", one, quoted(one)) for one in found.gone]
    if rows:
        yield from ("", "| finding | line | severity | rule | what |", "|---|--:|---|---|---|")
    for fate, one, what in rows:
        yield f"| {fate} | {one.line} | {one.severity} | {one.rule} | {escape(what)} |"
    yield from ("", f"Findings by {code(found.signature)}.")


def _row(comparison: Comparison, pair: Pair) -> str:
    _, line, _ = place(comparison, pair)
    moved = moved_to(comparison, pair)
    what = f"moved to line {moved[0]}" if moved else pair.kind.value
    runs = pieces(comparison.texts(pair)[0], comparison.edits(pair))
    text = "".join(marked(piece.kind, piece.text) for piece in runs).strip()
    return f"| {line} | {what} | {text} |"
