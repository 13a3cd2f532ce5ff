"""``mtcheck apply DECISIONS``: make the replacements that people decided."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mtcheck.cli import EXIT_FAILURE, EXIT_FINDINGS
from mtcheck.errors import MtcheckError, SettingsError

if TYPE_CHECKING:
    from mtcheck.applying import Applied
    from mtcheck.decisions import Ruling

SUFFIX = ".json"


@click.command()
@click.argument("paths", metavar="DECISIONS... [ARTICLES]...", nargs=-1, required=True)
@click.option("-o", "--out", metavar="DIR", help="Write the articles here; the originals stay as they are.")
@click.option("--diff", "show", is_flag=True, help="Write nothing; print what would change as a unified diff.")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit 1 if an article would change.")
def apply(paths: tuple[str, ...], out: str | None, show: bool, only_check: bool) -> None:
    """Make the replacements decided in DECISIONS (files that end in .json) in ARTICLES, by default those they name.

    A replacement is made wherever its words stand among the words they were decided with; where these have changed, it
    lapses. Of several files the later one decides about the same words.

    \b
    mtcheck apply mtcheck-decisions.json              in place, in every article that it names
    mtcheck apply ann.json ben.json -o out/ a.docx    what two people decided, in one article

    Exit status: 0 all made, 1 some lapsed or were in each other's way, or with --diff and --check an article would
    change, 2 trouble.
    """
    from mtcheck import applying

    files = [Path(path) for path in paths if path.endswith(SUFFIX)]
    if not files:
        raise SettingsError("no file of decisions is given", repair=f"name one that ends in {SUFFIX} first")
    ledger, folder = applying.merged(files), files[0].parent
    chosen = [path for path in paths if not path.endswith(SUFFIX)] or applying.named_articles(ledger, folder)
    articles = [applying.apply_to(path, ledger) for path in chosen]
    gone = applying.lapsed(ledger, articles, folder)
    failed = [article for article in articles if not _deliver(article, out, show, only_check)]
    left = _report(articles, gone, made=not (show or only_check))
    would_change = (show or only_check) and any(article.new != article.old for article in articles)
    sys.exit(EXIT_FAILURE if failed else EXIT_FINDINGS if left or would_change else 0)


def _deliver(article: Applied, out: str | None, show: bool, only_check: bool) -> bool:
    """Print the diff, or put the article where it belongs; False when there was trouble, which is said at once."""
    from mtcheck import applying
    from mtcheck.reports import wants_color
    from mtcheck.reports.diff import colored, unified

    error = article.error
    try:
        if show and not error:
            diff = unified(*article.texts, article.path, article.path)
            click.echo((colored(diff) if wants_color(sys.stdout) else diff).encode(), nl=False)
        elif not (only_check or error):
            applying.write(article, Path(out) if out else None)
    except MtcheckError as trouble:
        error = str(trouble)
    if error:
        click.echo(f"mtcheck: {error}", err=True)
    return not error


def _report(articles: list[Applied], gone: tuple[Ruling, ...], *, made: bool) -> int:
    """Say on stderr what was made and what was not; returns how many decisions could not be kept to."""
    from mtcheck.reports import one_line
    from mtcheck.reports._entries import plural

    conflicts = [line for article in articles for line in article.conflicts]
    for ruling in gone:
        place = f"{ruling.article}: " if ruling.article else ""
        conflicts.append(f"{place}“{ruling.quote}” ({ruling.rule}) no longer stands there; review it again")
    for line in conflicts:
        click.echo(f"mtcheck: {one_line(line)}", err=True)
    done = sum(len(article.placed.edits) for article in articles)
    changed = sum(bool(article.placed.edits) for article in articles)
    verb = "made" if made else "would make"
    parts = [f"{verb} {plural(done, 'replacement')} in {plural(changed, 'article')}" if done else "nothing to replace"]
    if before := sum(len(article.placed.made) for article in articles):
        parts.append(f"{before} made before")
    if conflicts:
        parts.append(f"{len(conflicts)} could not be made")
    click.echo("; ".join(parts), err=True)
    return len(conflicts)
