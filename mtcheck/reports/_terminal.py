"""Text for a terminal: wrapped, coloured when asked, changes shown as marks or colours."""

from __future__ import annotations

import io
from collections.abc import Callable

from rich.console import Console
from rich.text import Text

from mtcheck.prose_diff import pieces, readable_edits
from mtcheck.reports._visible import visible

SEVERITY_STYLES = {"critical": "bold red", "major": "red", "minor": "yellow", "neutral": "cyan"}


def printed(show: Callable[[Console], None], width: int, color: bool) -> str:
    """What ``show`` prints on a console of ``width`` columns that knows nothing of the machine it is on."""
    out = io.StringIO()
    show(
        Console(
            file=out,
            width=width,
            force_terminal=color,
            color_system="standard" if color else None,
            no_color=not color,
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
            _environ={},
        )
    )
    return "".join(line.rstrip() + "\n" for line in out.getvalue().splitlines())


def changed(before: str, after: str, color: bool) -> Text:
    """What goes struck out, what comes underlined; without colour ``[-…-]`` and ``{+…+}``."""
    text = Text()
    for piece in pieces(before, readable_edits(before, after)):
        shown = visible(piece.text).replace("\n", " ")
        if piece.kind == "deleted":
            text.append(shown if color else f"[-{shown}-]", "red strike")
        elif piece.kind == "inserted":
            text.append(shown if color else f"{{+{shown}+}}", "green underline")
        else:
            text.append(shown)
    return text
