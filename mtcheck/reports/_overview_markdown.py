"""The summary page as Markdown tables, which reviews and comparisons share."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.reports._entries import score_text
from mtcheck.reports._overview import Overview, Tally, changed
from mtcheck.reports._visible import one_line
from mtcheck.reports.markdown import code, escape

_BAR = 20


def findings(overview: Overview) -> Iterator[str]:
    """Findings by category and severity, the first version against the second, with bars by severity."""
    if not overview.severities:
        return
    first, second = overview.versions
    most = max(max(one.before, one.after) for one in overview.severities)
    yield from ("", f"| severity | {first} | {second} | ░ {first}, █ {second} |", "|---|--:|--:|---|")
    for one in overview.severities:
        yield f"| {one.name} | {one.before:,} | {one.after:,} | {_bars(one, most)} |"
    grades = " | ".join(one.name for one in overview.severities)
    yield from ("", f"| category, {first} → {second} | {grades} |", "|---|" + "--:|" * len(overview.severities))
    for name, tallies in overview.table.items():
        yield f"| {escape(name)} | {' | '.join(map(changed, tallies))} |"


def where(overview: Overview) -> Iterator[str]:
    """Where in the article the changes lie."""
    if any(overview.strip):
        yield from (
            "",
            f"Where the changes lie: {code('|' + overview.sparkline.replace(' ', '·') + '|')} {overview.where}",
        )


def scores(overview: Overview) -> Iterator[str]:
    """Every score with its signature."""
    yield from ("", "| score | before | after | how to read it | signature |", "|---|--:|--:|---|---|")
    for row in overview.rows:
        # In a table cell even code must not hold a bare pipe.
        signature = code(one_line(row.after.signature)).replace("|", "\\|")
        before = score_text(row.before) if row.before else "–"
        yield f"| {row.metric} | {before} | {score_text(row.after)} | {row.note} | {signature} |"


def _bars(tally: Tally, most: int) -> str:
    first, second = (char * -(-value * _BAR // most) for char, value in (("░", tally.before), ("█", tally.after)))
    return "<br>".join(filter(None, (first, second)))
