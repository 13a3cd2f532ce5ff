"""``mtcheck fix [PATHS]``: make the fixes that are right every time."""

from __future__ import annotations

import sys
from typing import Any

import click

from mtcheck.checking import Fixed
from mtcheck.cli import EXIT_FAILURE, EXIT_FINDINGS

STDIN = "<stdin>"


@click.command()
@click.argument("paths", metavar="[PATHS]...", nargs=-1)
@click.option("--unsafe", is_flag=True, help="Make those fixes too that ask for a person's judgement.")
@click.option("--diff", "show", is_flag=True, help="Write nothing; print what would change as a unified diff.")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit 1 if a file would change.")
@click.option("--fast", is_flag=True, default=None, help="Rules alone: no model is read.")
@click.option("--select", multiple=True, metavar="RULE", help="Only this rule; may be repeated.")
@click.option("--ignore", multiple=True, metavar="RULE", help="Not this rule; may be repeated.")
@click.option("--stdin-name", metavar="NAME", default=STDIN, help="What to call standard input, as in `mtcheck check`.")
@click.option("--jobs", type=click.IntRange(0), default=0, help="Processes; 0 takes as many as pay.  [default: 0]")
def fix(
    paths: tuple[str, ...], unsafe: bool, show: bool, only_check: bool, stdin_name: str, jobs: int, **options: Any
) -> None:
    """Mend PATHS: files, folders, patterns, or `-` for stdin, which goes to stdout mended.

    Without PATHS, the current folder. Only fixes that are right every time are made; numbers, names and addresses are
    never lost, text around a fix is untouched, files with nothing to mend are not written. A summary goes to stderr.

    \b
    mtcheck fix article.txt             mend it
    mtcheck fix --unsafe --diff .       what would be mended, with the fixes to look at

    Exit status: 0 done or nothing to do, 1 something would change (--diff, --check), 2 trouble.
    """
    from mtcheck.checking import fix_files
    from mtcheck.cli.check import settings_of

    missing, mended = fix_files(paths or (".",), settings_of(options), jobs, stdin_name, unsafe=unsafe)
    articles = [_deliver(article, stdin_name, show, only_check) for article in mended]
    for line in missing:
        click.echo(f"mtcheck: {line}", err=True)
    click.echo(_summary(articles, unsafe, made=not (show or only_check)), err=True)
    would_change = (show or only_check) and any(article.changed for article in articles)
    failed = any(article.left.error for article in articles)
    sys.exit(EXIT_FAILURE if failed else EXIT_FINDINGS if would_change else 0)


def _deliver(article: Fixed, stdin_name: str, show: bool, only_check: bool) -> Fixed:
    """Print the diff, or put the mended article where it belongs; trouble is said at once and kept for the end."""
    import dataclasses

    from mtcheck.checking import fixing
    from mtcheck.errors import MtcheckError

    try:
        if show:
            click.echo(_diff(article), nl=False)
        elif not only_check and article.path == stdin_name:
            click.echo(article.new, nl=False)
        elif not only_check:
            fixing.write(article)
    except MtcheckError as error:
        left = dataclasses.replace(article.left, error=str(error))
        article = dataclasses.replace(article, left=left, new=article.old)
    remarks = article.left.warnings if article.left.words else ()  # the summary counts what was skipped
    for line in filter(None, (*remarks, article.left.error)):
        click.echo(f"mtcheck: {line}", err=True)
    return article


def _diff(article: Fixed) -> bytes:
    """As UTF-8 whatever the terminal's encoding, since it is made to be applied.

    As in ``diff``, a tab ends a name that holds spaces; ``patch`` would cut it otherwise.
    """
    from mtcheck.reports import wants_color
    from mtcheck.reports.diff import colored, unified

    name = f"{article.path}\t" if " " in article.path else article.path
    diff = unified(article.before, article.after, name, name)
    return (colored(diff) if wants_color(sys.stdout) else diff).encode()


def _summary(articles: list[Fixed], unsafe: bool, *, made: bool) -> str:
    """One line: what was mended and what is left to whom."""
    mended = sum(article.mended.total() for article in articles if article.changed)
    changed = sum(article.changed for article in articles)
    hidden = sum(article.hidden for article in articles)
    left = sum(len(article.left.findings) for article in articles) - hidden * (not unsafe)
    verb = "fixed" if made else "would fix"
    parts = [f"{verb} {_count(mended, 'finding')} in {_count(changed, 'article')}" if mended else "nothing to fix"]
    if hidden and not unsafe:
        parts.append(f"{hidden} more with --unsafe")
    if left:
        parts.append(f"{left} need{'s' * (left == 1)} a person: run mtcheck review")
    skipped = sum(not (article.left.words or article.left.error) for article in articles)
    if skipped:
        parts.append(f"skipped {_count(skipped, 'file')} that {'are' if skipped > 1 else 'is'} no article to mend")
    return "; ".join(parts)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' * (number != 1)}"
