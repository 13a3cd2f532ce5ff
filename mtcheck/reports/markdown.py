"""A summary for people as Markdown: counts, what was changed, what is offered, what was only flagged.

Made for a pull request, a job summary or an e-mail; the article's text is always escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.comparison import Comparison, compare_review
from mtcheck.prose_diff import pieces, readable_edits
from mtcheck.reports._entries import Entry, Status, entries, headline
from mtcheck.reports._overview import overview
from mtcheck.reports._visible import one_line
from mtcheck.schema import Review, Severity

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~&])")
_HEADINGS = {Status.CHANGED: "Changed", Status.OFFERED: "Offered, not changed", Status.FLAGGED: "Flagged only"}


def render(review: Review, *, comparison: Comparison | None = None) -> str:
    """Headline, counts, one table a status, where the changes lie and the scores.

    comparison: of the review's two versions, when more is known than the review alone can tell.
    """
    from mtcheck.reports import _overview_markdown

    listed = entries(review)
    told = overview(comparison or compare_review(review), review)
    lines = [f"# {escape(review.document.doc_id)}", "", f"{headline(review)}.", ""]
    if listed:
        lines += [*_summary(listed), *_overview_markdown.findings(told), ""]
    for status, heading in _HEADINGS.items():
        rows = [entry for entry in listed if entry.status is status]
        if rows:
            lines += [f"## {heading}", "", *_table(rows), ""]
    if review.edits:
        lines += [*_overview_markdown.where(told), *_overview_markdown.scores(told), ""]
    lines += [f"- Done without: {escape(clause)}" for clause in review.missing]
    lines.append(f"- Signature: {code(review.signature)}")
    return "\n".join(lines) + "\n"


def escape(text: str) -> str:
    """Text on one line with every character that Markdown or HTML would read as markup escaped."""
    return _SPECIAL.sub(r"\\\1", one_line(text))


def code(text: str) -> str:
    """Text on one line as inline code, whatever backticks it holds."""
    text = one_line(text)
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    pad = " " if "`" in text else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _summary(listed: tuple[Entry, ...]) -> Iterator[str]:
    yield "| severity | " + " | ".join(status.value for status in Status) + " | all |"
    yield "|---|" + "--:|" * (len(Status) + 1)
    for severity in reversed(Severity):
        row = [sum(entry.severity is severity and entry.status is status for entry in listed) for status in Status]
        if any(row):
            yield f"| {severity} | " + " | ".join(map(str, row)) + f" | {sum(row)} |"


def _table(rows: list[Entry]) -> Iterator[str]:
    yield "| place | severity | why | text |"
    yield "|---|---|---|---|"
    for entry in rows:
        why = "<br>".join(f"{code(finding.rule)} {escape(finding.message)}" for finding in entry.findings)
        yield f"| {entry.line}:{entry.column} | {entry.severity} | {why} | {_change(entry)} |"


def _change(entry: Entry) -> str:
    before, after = entry.context(width=40)
    if entry.suggestion is None:
        middle = f"**{escape(entry.original)}**"
    else:
        edits = readable_edits(entry.original, entry.suggestion.replacement)
        middle = "".join(marked(piece.kind, piece.text) for piece in pieces(entry.original, edits))
    return f"{_edge(before)}{middle}{_edge(after)}"


def marked(kind: str, text: str) -> str:
    """A run of a diff, escaped. ``<del>`` and ``<ins>`` survive the sanitisers of code hosts."""
    tag = {"deleted": "del", "inserted": "ins"}.get(kind)
    return f"<{tag}>{_edge(text)}</{tag}>" if tag else _edge(text)


def _edge(text: str) -> str:
    """Escaped text that keeps one space at either edge where it had any."""
    left, right = (" " if text[:1].isspace() else ""), (" " if text[-1:].isspace() else "")
    return f"{left}{escape(text)}{right}" if text.strip() else left
