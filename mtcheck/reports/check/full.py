"""Findings to read on a terminal, by article: the sentence with its fault marked, why, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from mtcheck.checking import Checked, CheckRun, PlacedFinding
from mtcheck.reports._entries import plural
from mtcheck.reports._terminal import SEVERITY_STYLES, changed, printed
from mtcheck.reports._visible import one_line
from mtcheck.reports.check._findings import context, edits, flat, new_in, path_of, reason, remarks

_CONTEXT = 110  # code points on either side
_INDENT, _GUTTER = "  ", "  │ "


def render(run: CheckRun, *, width: int = 80, color: bool = False) -> str:
    """The new findings; empty when there is nothing to say.

    Wrapped at ``width`` columns; with ``color``, ANSI styles take the place of ``[=…=]``, ``[-…-]`` and ``{+…+}``.
    """

    def show(console: Console) -> None:
        for article in run.articles:
            for text, indent in (lines := list(_article(article, color))):
                _print(console, text, indent)
            if lines:
                console.print()

    return printed(show, width, color)


def _article(article: Checked, color: bool) -> Iterator[tuple[Text, str]]:
    """Lines to wrap, each with its indent: nothing at all for an article with nothing new."""
    found, path = new_in(article), Text(one_line(path_of(article)), "bold")
    if article.error:
        yield path.append(f": could not be checked: {reason(article)}", "not bold"), ""
    elif found or article.warnings:
        known = len(article.findings) - len(found)
        counted = f": {plural(len(found), 'finding')}{f', {known:,} known' if known else ''}" if found else ""
        yield path.append(counted, "not bold"), ""
    for remark in remarks(article):
        yield Text(remark), _GUTTER
    for finding in found:
        yield Text(), ""
        yield from _finding(finding, color)


def _finding(finding: PlacedFinding, color: bool) -> Iterator[tuple[Text, str]]:
    grade = (finding.severity.value, SEVERITY_STYLES[finding.severity])
    place = (f"{finding.line}:{finding.column}", "bold")
    yield Text.assemble(place, " ", grade, " ", (finding.rule, "bold")), _INDENT
    yield Text(one_line(finding.message)), _GUTTER
    yield _sentence(finding, color), _GUTTER + _INDENT
    if others := edits(finding)[1:]:
        yield Text("or " + ", ".join(f"“{one_line(fix.replacement)}”" for fix in others)), _GUTTER
    facts = [finding.category, f"confidence {finding.confidence:.2f}"]
    if best := next(iter(finding.fixes), None):
        facts.append({"safe": "safe to fix", "review": "fix to look at", "display": "no fix"}[best.applicability])
    if finding.also:
        facts.append(f"settled with {', '.join(finding.also)}")
    yield Text(", ".join(facts), "dim"), _GUTTER
    yield Text(f"more: mtcheck rule {finding.rule}", "dim"), _GUTTER


def _sentence(finding: PlacedFinding, color: bool) -> Text:
    """The words flagged among those around them, marked, or with the best edit as a change."""
    before, after = context(finding, _CONTEXT)
    text = Text(before)
    if best := next(iter(edits(finding)), None):
        text.append_text(changed(finding.quote, best.replacement, color))
    else:
        quote = flat(finding.quote)
        text.append(quote if color else f"[={quote}=]", "underline")
    return text.append(after)


def _print(console: Console, text: Text, indent: str = "") -> None:
    """Each line of the wrapped text behind the indent, so that none begins with words of the article.

    A line of theirs such as ``::error::`` would be a command where a CI service reads the log.
    """
    for line in text.wrap(console, max(1, console.width - len(indent))) or [text]:
        console.print(Text.assemble((indent, "dim"), line))
