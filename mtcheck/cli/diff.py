"""``mtcheck diff ORIGINAL CORRECTED``: what changed, word by word."""

from __future__ import annotations

import sys
from typing import Any

import click

from mtcheck.cli import EXIT_FINDINGS

FORMATS = ("text", "html", "markdown", "unified", "json")


@click.command()
@click.argument("original", metavar="ORIGINAL")
@click.argument("corrected", metavar="CORRECTED")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="Report on stdout."
)
def diff(original: str, corrected: str, form: str) -> None:
    """Show what changed from ORIGINAL to CORRECTED, sentence by sentence and word by word.

    On a terminal, text that goes is struck out and text that comes is underlined; elsewhere they read [-so-] and
    {+so+}. The distance is given as chrF2++, TER and BLEU with their signatures. `-` reads stdin.

    Exit status: 0 no difference, 1 differences, 2 trouble.
    """
    from mtcheck import documents
    from mtcheck.comparison import compare
    from mtcheck.reports import comparison as reports

    found = compare(documents.read(original), documents.read(corrected))
    click.echo(reports.render(found, form, **_style(form)), nl=False)
    sys.exit(0 if found.same else EXIT_FINDINGS)


def _style(form: str) -> dict[str, Any]:
    import shutil

    from mtcheck.reports import wants_color

    if form != "text" or not wants_color(sys.stdout):
        return {}
    return {"color": True, "width": max(40, shutil.get_terminal_size().columns)}
