"""``mtcheck batch``: check or clean a corpus."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from mtcheck.cli import EXIT_FAILURE, EXIT_FINDINGS

if TYPE_CHECKING:
    from mtcheck.batch import Tally

Command = TypeVar("Command", bound=Callable[..., Any])


@click.group()
def batch() -> None:
    """Check or clean a corpus: folders of articles, JSONL, Parquet.

    \b
    mtcheck batch check corpus.jsonl --out findings --fast
    mtcheck batch clean articles/ --out cleaned --format parquet

    Results come in parts, each written whole; the same command again goes on where a run ended. See docs/batch.md.
    """


def _common(command: Command) -> Command:
    """Options of both commands; below the decorator stands what is shown first."""
    options = (
        click.argument("inputs", metavar="INPUT...", nargs=-1, required=True),
        click.option("--out", metavar="DIR", required=True, help="Folder for the parts and manifest.json."),
        click.option(
            "--format",
            "form",
            type=click.Choice(("jsonl", "parquet")),
            default="jsonl",
            show_default=True,
            help="Of parts.",
        ),
        click.option(
            "--text",
            default="",
            metavar="NAME",
            help="Column of the articles.  [default: the setting target_column, else text]",
        ),
        click.option("--id", "name", default="id", show_default=True, metavar="NAME", help="Column of their ids."),
        click.option(
            "--source",
            default="",
            metavar="NAME",
            help="Column of the originals, if there is one.  [default: the setting source_column, else source]",
        ),
        click.option(
            "--shard", type=click.IntRange(1, 100_000), default=100, show_default=True, help="Articles in a part."
        ),
        click.option(
            "--engine",
            type=click.Choice(("local", "ray")),
            default="local",
            show_default=True,
            help="Who does the work.",
        ),
        click.option("--jobs", type=click.IntRange(0), default=0, help="Processes; 0 is one a core.  [default: 0]"),
        click.option("--anew", is_flag=True, help="Throw away what a run with other settings left in DIR."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@batch.command()
@_common
@click.option("--fast", is_flag=True, default=None, help="Rules alone: no model is read.")
@click.option("--select", multiple=True, metavar="RULE", help="Only this rule; may be repeated.")
@click.option("--ignore", multiple=True, metavar="RULE", help="Not this rule; may be repeated.")
def check(**options: Any) -> None:
    """Find what reads as machine translation in every article of INPUT.

    Exit status: 0 clean, 1 findings, 2 trouble (with some articles: the others are done).
    """
    total = _run(options, clean=False)
    sys.exit(EXIT_FAILURE if total.errors else EXIT_FINDINGS if total.failing else 0)


@batch.command()
@_common
@click.option("--fast", is_flag=True, default=None, help="Do without the slow back-translator.")
@click.option("--translator", metavar="ID|FOLDER", help="Back-translate with this model.")
@click.option("--glossary", metavar="FILE", help="Your terms: CSV, TSV or TBX.")
@click.option("--names", metavar="FILE", help="Your spellings of names: CSV or TSV.")
def clean(**options: Any) -> None:
    """Review every article of INPUT; give its text with the edits that were made.

    Exit status: 0 done, 2 trouble (with some articles: the others are done).
    """
    sys.exit(EXIT_FAILURE if _run(options, clean=True).errors else 0)


def _run(options: dict[str, Any], *, clean: bool) -> Tally:
    from mtcheck.batch import Columns, Order, run
    from mtcheck.cli.check import settings_of

    inputs = options.pop("inputs")
    columns = Columns(options.pop("text"), options.pop("name"), options.pop("source"))
    folder = Path(options.pop("out"))
    how = {name: options.pop(name) for name in ("form", "shard", "engine", "anew")}
    order = Order(folder, clean, columns=columns, processes=options.pop("jobs"), **how)
    with _Progress() as progress:
        total = run(inputs, settings_of(options), order, progress)
    for clause in sorted(total.missing):
        click.echo(f"mtcheck: {clause}", err=True)
    click.echo(_summary(total, folder, clean), err=True)
    return total


def _summary(total: Tally, folder: Path, clean: bool) -> str:
    """One line: how much was done, what was found, what failed, and where it all is."""
    from mtcheck.reports._entries import plural

    found = [plural(total.findings, "finding"), *([plural(total.edits, "edit")] if clean else [])]
    left = [f"{total.skipped:,} skipped"] if total.skipped else []
    failed = [f"{total.errors:,} with an error"] if total.errors else []
    return f"{', '.join(found)} in {plural(total.articles, 'article')}{_in_brackets(left + failed)}; see {folder}"


def _in_brackets(clauses: list[str]) -> str:
    return f" ({', '.join(clauses)})" if clauses else ""


class _Progress:
    """How many articles are done, and how fast, on stderr; silent when that is no terminal."""

    def __enter__(self) -> _Progress:
        from rich.console import Console
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        console = Console(stderr=True)
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("0 articles")
        self._bar.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._bar.stop()

    def __call__(self, total: Tally) -> None:
        what = f"{total.articles:,} articles, {total.findings:,} findings, {total.errors:,} errors"
        self._bar.update(self._task, description=what)
