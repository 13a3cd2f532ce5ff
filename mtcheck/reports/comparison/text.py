"""The changed sentences with their changes inside, for a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from mtcheck.comparison import Comparison, Kind, Pair
from mtcheck.prose_diff import pieces
from mtcheck.reports._entries import score_text
from mtcheck.reports._terminal import printed
from mtcheck.reports._visible import one_line, visible
from mtcheck.reports.comparison._summary import headline


def render(comparison: Comparison, *, width: int = 80, color: bool = False) -> str:
    """Plain text wrapped at ``width`` columns; with ``color``, ANSI styles take the place of ``[-…-]{+…+}``."""
    names = f"{one_line(comparison.before.doc_id)} → {one_line(comparison.after.doc_id)}"

    def show(console: Console) -> None:
        console.print(Text(f"{names}: {headline(comparison)}", style="bold"))
        for pair in comparison.pairs:
            if pair.kind is not Kind.SAME:
                console.print()
                console.print(_pair(comparison, pair, color))
        console.print()
        for score in comparison.scores:
            better = "higher is closer" if score.higher_is_better else "lower is closer"
            console.print(Text(f"{score.metric} {score_text(score)} ({better}; {score.signature})", "dim"))

    return printed(show, width, color)


def _pair(comparison: Comparison, pair: Pair, color: bool) -> Text:
    document, start = (
        (comparison.before, pair.before.start)
        if pair.before.end > pair.before.start
        else (comparison.after, pair.after.start)
    )
    segment = next((s for s in document.segments if s.start >= start), None)
    line, column = document.line_column(segment.start if segment else start)
    text = Text().append(f"{one_line(document.doc_id)}:{line}:{column} {pair.kind}\n", "dim")
    for piece in pieces(comparison.before.text[pair.before.start : pair.before.end], pair.edits):
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


def _shown(text: str, *, marked: bool) -> str:
    """One line of text; line ends that come or go are shown, those that stay are a space."""
    return visible(text.replace("\r\n", "\n")).replace("\n", "⏎" if marked else " ").replace("  ", " ")
