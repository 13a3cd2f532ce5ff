"""``mtcheck diff BEFORE AFTER``: what changed, word by word, and whether it is better for it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from mtcheck.cli import EXIT_FINDINGS

if TYPE_CHECKING:
    from mtcheck.checking.versions import Versions
    from mtcheck.comparison import Comparison

FORMATS = ("text", "html", "docx", "markdown", "unified", "json")
FINDINGS = ("rules", "all", "none")


@click.command()
@click.argument("names", metavar="BEFORE AFTER | FILE", nargs=-1, required=True)
@click.option("--rev", metavar="A[..B]", help="FILE in revision A and now, or in A and B (git).  [default: HEAD]")
@click.option(
    "--findings",
    type=click.Choice(FINDINGS),
    default="rules",
    show_default=True,
    help="Trace findings of rules alone, of all (models too, slower), or none.",
)
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="Report on stdout."
)
def diff(names: tuple[str, ...], rev: str | None, findings: str, form: str) -> None:
    """Show what changed from BEFORE to AFTER, sentence by sentence and word by word, and what it did to the findings.

    BEFORE and AFTER are files, `-` for stdin, or REV:path, as git names a file in a revision. With one FILE, it is
    compared with itself in git: --rev A (in A and now), A..B (in A and in B), A...B (where the two parted, and in B).

    On a terminal, text that goes is struck out and text that comes is underlined; elsewhere they read [-so-] and
    {+so+}. The distance is given as chrF2++, TER and BLEU with their signatures; with --findings all, models also say
    how well either version reads.

    Exit status: 0 no difference, 1 differences, 2 trouble.
    """
    from mtcheck.checking.versions import read_versions
    from mtcheck.comparison import compare
    from mtcheck.reports import comparison as reports
    from mtcheck.reports import echo

    versions = read_versions(names, rev)
    found = compare(versions.before, versions.after)
    if findings != "none":
        found = _traced(found, versions, fast=findings == "rules")
    echo(reports.render(found, form, **_style(form)))
    sys.exit(0 if found.same else EXIT_FINDINGS)


def _traced(found: Comparison, versions: Versions, *, fast: bool) -> Comparison:
    from mtcheck.checking import signature
    from mtcheck.checking.processes import detecting_engines
    from mtcheck.cli.check import settings_of
    from mtcheck.comparison import compare_further
    from mtcheck.engines import Engines

    settings = settings_of({"fast": fast})(versions.path)
    models, missing = ("", ()) if fast else _models()
    for line in missing:
        click.echo(f"mtcheck: {line}", err=True)
    engines = Engines() if fast else detecting_engines()
    return compare_further(found, engines, settings, signature(models))


def _models() -> tuple[str, tuple[str, ...]]:
    from mtcheck.engines.load import detecting_models

    return detecting_models()


def _style(form: str) -> dict[str, Any]:
    import shutil

    from mtcheck.reports import wants_color

    if form != "text" or not wants_color(sys.stdout):
        return {}
    return {"color": True, "width": max(40, shutil.get_terminal_size().columns)}
