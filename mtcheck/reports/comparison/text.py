"""The changed sentences with their changes inside, then the findings that came and went, for a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from mtcheck.checking import PlacedFinding
from mtcheck.comparison import Comparison, Pair, Turnover, Verdict
from mtcheck.prose_diff import pieces
from mtcheck.reports._entries import score_text
from mtcheck.reports._terminal import printed
from mtcheck.reports._visible import one_line, visible
from mtcheck.reports.check._findings import said
from mtcheck.reports.comparison._summary import headline, moved_to, place, quoted, shown, verdict
from mtcheck.schema import Document

_STYLES = {Verdict.BETTER: "bold green", Verdict.WORSE: "bold red", Verdict.ALIKE: "bold"}


def render(comparison: Comparison, *, width: int = 80, color: bool = False) -> str:
    """Plain text wrapped at ``width`` columns; with ``color``, ANSI styles take the place of ``[-…-]{+…+}``."""
    names = f"{one_line(comparison.before.doc_id)} → {one_line(comparison.after.doc_id)}"

    def show(console: Console) -> None:
        console.print(Text(f"{names}: {headline(comparison)}", style="bold"))
        if comparison.findings:
            console.print(Text(verdict(comparison.findings), _STYLES[comparison.findings.verdict]))
        for pair in shown(comparison):
            console.print()
            console.print(_pair(comparison, pair, color))
        if comparison.findings:
            _findings(console, comparison, comparison.findings)
        console.print()
        for score in comparison.scores:
            better = "higher is closer" if score.higher_is_better else "lower is closer"
            console.print(Text(f"{score.metric} {score_text(score)} ({better}; {score.signature})", "dim"))

    return printed(show, width, color)


def _pair(comparison: Comparison, pair: Pair, color: bool) -> Text:
    document, line, column = place(comparison, pair)
    moved = moved_to(comparison, pair)
    what = f"moved to {one_line(comparison.after.doc_id)}:{moved[0]}:{moved[1]}" if moved else pair.kind.value
    text = Text().append(f"{one_line(document.doc_id)}:{line}:{column} {what}\n", "dim")
    for piece in pieces(comparison.texts(pair)[0], comparison.edits(pair)):
        if piece.kind == "same":
            text.append(_shown(piece.text, marked=False))
        elif piece.kind == "deleted":
            shown = _shown(piece.text, marked=True)
            text.append(shown if color else f"[-{shown}-]", "red strike")
        else:
            shown = _shown(piece.text, marked=True)
            text.append(shown if color else f"{{+{shown}+}}", "green underline")
    text.rstrip()
    return text


def _findings(console: Console, comparison: Comparison, found: Turnover) -> None:
    for title, document, listed in (
        ("New findings", comparison.after, found.new),
        ("Findings gone", comparison.before, found.gone),
    ):
        if listed:
            console.print()
            console.print(Text(title, "bold"))
            about = said if listed is found.new else quoted
            console.print(Text("\n").join(_line(document, one, about(one)) for one in listed))


def _line(document: Document, finding: PlacedFinding, what: str) -> Text:
    text = Text().append(f"{one_line(document.doc_id)}:{finding.line}:{finding.column} ", "dim")
    return text.append(f"{finding.severity} {finding.rule} {what}")


def _shown(text: str, *, marked: bool) -> str:
    """One line of text; line ends that come or go are shown, those that stay are a space."""
    return visible(text.replace("\r\n", "\n")).replace("\n", "⏎" if marked else " ").replace("  ", " ")
