"""``mtcheck check [PATHS]``: what is wrong, for CI."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mtcheck.cli import EXIT_FAILURE, EXIT_FINDINGS
from mtcheck.settings import Settings

if TYPE_CHECKING:
    from mtcheck.checking import CheckRun

FORMATS = ("concise",)
GRADES = click.Choice(("neutral", "minor", "major", "critical"))


@click.command()
@click.argument("paths", metavar="[PATHS]...", nargs=-1)
@click.option("--format", "form", type=click.Choice(FORMATS), default="concise", show_default=True, help="Of stdout.")
@click.option("--fast", is_flag=True, default=None, help="Rules alone: no model is read.")
@click.option("--select", multiple=True, metavar="RULE", help="Only this rule; may be repeated.")
@click.option("--ignore", multiple=True, metavar="RULE", help="Not this rule; may be repeated.")
@click.option("--severity", type=GRADES, help="Report nothing milder.")
@click.option("--min-confidence", type=click.FloatRange(0, 1), help="Report nothing less sure.")
@click.option("--fail-on", type=GRADES, help="Exit 1 for nothing milder.  [default: minor]")
@click.option("--max-findings", type=click.IntRange(0), help="Let this many pass.  [default: 0]")
@click.option("--changed-since", metavar="REV", help="Only findings in sentences changed since REV and HEAD parted.")
@click.option("--baseline", metavar="FILE", help="What this file lists is known, not new.")
@click.option("--no-baseline", "baseline", flag_value="", help="Count what is known as new.")
@click.option("--stdin-name", metavar="NAME", help="What to call standard input; its ending and folder count.")
@click.option("--jobs", type=click.IntRange(0), default=0, help="Processes; 0 takes as many as pay.  [default: 0]")
@click.option("--no-cache", is_flag=True, help="Neither read nor write results of earlier runs.")
@click.option("--cache-dir", metavar="DIR", help="Keep them here.")
def check(
    paths: tuple[str, ...],
    form: str,
    changed_since: str | None,
    baseline: str | None,
    stdin_name: str | None,
    jobs: int,
    no_cache: bool,
    cache_dir: str | None,
    **options: Any,
) -> None:
    """Report what reads as machine translation in PATHS: files, folders, patterns, or `-` for stdin.

    Without PATHS, the current folder. Findings go to stdout, a summary to stderr.

    Exit status: 0 clean, 1 findings, 2 trouble.
    """
    from mtcheck.checking import Options, check_files
    from mtcheck.reports import check as reports

    how = Options(jobs, _cache(no_cache, cache_dir))
    name = stdin_name or "<stdin>"
    run = check_files(paths or (".",), settings_of(options), how, name, baseline=baseline, since=changed_since)
    click.echo(reports.render(run, form), nl=False)
    for line in (*run.errors, *run.missing, *_gone(run)):
        click.echo(f"mtcheck: {line}", err=True)
    sys.exit(EXIT_FAILURE if run.errors else EXIT_FINDINGS if run.failed else 0)


def _gone(run: CheckRun) -> tuple[str, ...]:
    """A word about a baseline that is out of date."""
    from mtcheck.reports._entries import plural

    count = sum(entry.count for _, entry in run.gone)
    return (f"{plural(count, 'finding')} of the baseline gone: run mtcheck baseline prune",) if count else ()


def settings_of(options: dict[str, Any]) -> Callable[[str], Settings]:
    """Settings of a path: the nearest file's, with the options that were given."""
    from mtcheck.detection import sources

    return sources(options)


def _cache(no_cache: bool, cache_dir: str | None) -> Path | None:
    from mtcheck import store

    return None if no_cache else Path(cache_dir) if cache_dir else store.cache_folder()
