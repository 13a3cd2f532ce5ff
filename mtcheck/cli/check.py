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

FORMATS = (
    "concise",
    "esa",
    "full",
    "github",
    "gitlab",
    "json",
    "jsonl",
    "junit",
    "markdown",
    "mqm",
    "rdjson",
    "rdjsonl",
    "sarif",
)
"""The files of ``mtcheck/reports/check``, named here so that ``--help`` need not open them."""
GRADES = click.Choice(("neutral", "minor", "major", "critical"))


def _outputs(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> list[tuple[str | None, str]]:
    """Each ``FORMAT=FILE`` as a pair, and each FILE as one without a format.

    A word before the ``=`` that is no format is a slip, not part of a file's name.
    """
    pairs: list[tuple[str | None, str]] = []
    for value in values:
        form, sign, file = value.partition("=")
        if sign and form not in FORMATS and form.isalnum():
            raise click.BadParameter(f"no format “{form}”; use one of {', '.join(FORMATS)} (or ./{value} for a file)")
        pairs.append((form, file) if sign and form in FORMATS else (None, value))
        if not pairs[-1][1]:
            raise click.BadParameter(f"“{value}” names no file")
    return pairs


@click.command()
@click.argument("paths", metavar="[PATHS]...", nargs=-1)
@click.option("--format", "form", type=click.Choice(FORMATS), default="concise", show_default=True, help="Of stdout.")
@click.option(
    "--output",
    "outputs",
    multiple=True,
    callback=_outputs,
    metavar="[FORMAT=]FILE",
    help="Write a report here too; without FORMAT=, the one of stdout instead. May be repeated.",
)
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
    outputs: list[tuple[str | None, str]],
    changed_since: str | None,
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

    how = Options(jobs, _cache(no_cache, cache_dir))
    name = stdin_name or "<stdin>"
    run = check_files(paths or (".",), settings_of(options), how, name, since=changed_since)
    _report(run, form, outputs)
    _summarise(run)
    sys.exit(EXIT_FAILURE if run.errors else EXIT_FINDINGS if run.failed else 0)


def _report(run: CheckRun, form: str, outputs: list[tuple[str | None, str]]) -> None:
    from mtcheck import documents
    from mtcheck.reports import check as reports

    for named, file in outputs:
        documents.replace_file(file, reports.render(run, named or form).encode())
    if all(named for named, _ in outputs):
        text = reports.render(run, form, **_style(form))
        # As bytes, so that what is piped is UTF-8 with \n at line ends wherever it runs.
        click.echo(text if sys.stdout.isatty() else text.encode(), nl=False)


def _style(form: str) -> dict[str, Any]:
    import shutil

    from mtcheck.reports import wants_color

    if form not in ("concise", "full") or not sys.stdout.isatty():
        return {}
    width = {"width": max(40, shutil.get_terminal_size().columns)} if form == "full" else {}
    return {"color": wants_color(sys.stdout), **width}


def _summarise(run: CheckRun) -> None:
    """On stderr: what went wrong, what the run did without, and the run in one line."""
    from mtcheck.reports import one_line
    from mtcheck.reports.check import summary

    # Of articles without words, which were passed over, a folder may hold many: the last line counts them.
    warnings = (warning for article in run.articles if article.words for warning in article.warnings)
    for line in (*run.errors, *run.remarks, *warnings, *run.missing, *_gone(run)):
        click.echo(f"mtcheck: {one_line(line)}", err=True)
    click.echo(summary(run), err=True)


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
