"""``mtcheck review ARTICLE``: the main job."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from mtcheck.cli import EXIT_FINDINGS
from mtcheck.errors import ModelError, OutputError
from mtcheck.schema import Document, Review

FILES = {"json": "review.json", "html": "review.html"}


@click.command()
@click.argument("article", metavar="ARTICLE")
@click.option("--source", metavar="FILE", help="The article in the source language, when you have it.")
@click.option("--glossary", metavar="FILE", help="Your terms: CSV, TSV or TBX (see docs/glossary.md).")
@click.option("--names", metavar="FILE", help="Your spellings of names: CSV or TSV.")
@click.option("--out", metavar="DIR", help="Write the cleaned text, review.json and review.html here.")
@click.option("--format", "form", metavar="NAME", default="full", show_default=True, help="Report printed on stdout.")
@click.option("--translator", metavar="ID|FOLDER", help="Back-translate with this model (see `mtcheck models list`).")
@click.option("--fast", is_flag=True, default=None, help="Do without the slow back-translator; says what is missing.")
@click.option("--no-cache", is_flag=True, help="Neither read nor write the cache of model outputs.")
def review(
    article: str,
    source: str | None,
    glossary: str | None,
    names: str | None,
    out: str | None,
    form: str,
    translator: str | None,
    fast: bool | None,
    no_cache: bool,
) -> None:
    """Flag, back-translate, propose, score and clean ARTICLE (`-` reads stdin).

    The report goes to stdout, progress to stderr. With --out, the cleaned article, the evidence as JSON and one
    self-contained HTML page are written beside each other; for formats whose own programs show changes, such as Word's,
    also the article with every change marked and explained. The original is never changed.

    Exit status: 0 nothing found, 1 findings, 2 trouble.
    """
    from mtcheck import documents, pipeline
    from mtcheck.detection import sources
    from mtcheck.engines.load import open_engines
    from mtcheck.glossary import glossary_of

    settings = sources({"translator": translator, "fast": fast, "glossary": glossary, "names": names})(article)
    glossary_of(settings)  # a file that is no use should fail before the work
    document = documents.read(article)
    if source:
        document = _with_source(document, source)
    folder = _writable(out)
    with _Progress() as progress:
        engines = open_engines(settings.translator, bool(settings.fast), cache=not no_cache)
        if not engines.back_translator and not settings.fast:
            raise ModelError("no model to back-translate with", repair="run: mtcheck models fetch, or use --fast")
        result = pipeline.review(document, engines, settings, progress)
    _show(result, form)
    if folder:
        _write(result, folder, article)
    sys.exit(EXIT_FINDINGS if result.proposals else 0)


def _with_source(document: Document, source: str) -> Document:
    from mtcheck import documents
    from mtcheck.alignment import attach_source

    document, report = attach_source(document, documents.read_text(source), where=source)
    click.echo(f"{source}: {report}", err=True)
    return document


def _writable(out: str | None) -> Path | None:
    """Make the folder and try it now: an output that cannot be written should fail before the work, not after it."""
    if not out:
        return None
    folder = Path(out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        repair = "choose another folder with --out"
        raise OutputError(f"cannot be written to ({error.strerror})", where=out, repair=repair) from error
    return folder


def _show(result: Review, form: str) -> None:
    import shutil

    from mtcheck.reports import render, wants_color

    terminal = {"width": shutil.get_terminal_size().columns, "color": wants_color(sys.stdout)}
    click.echo(render(result, form, **terminal if form == "full" else {}), nl=False)
    for clause in result.missing:
        click.echo(f"mtcheck: {clause}", err=True)


def _write(result: Review, folder: Path, article: str) -> None:
    from mtcheck import documents
    from mtcheck.reports import render, revisions

    name = Path("stdin.txt" if article == "-" else article)
    cleaned = folder / f"{name.stem}.cleaned{name.suffix}"
    documents.replace_file(cleaned, documents.write(result.document, result.edits))
    written = [cleaned]
    if (annotated := documents.write_annotated(result.document, revisions(result))) is not None:
        written.append(folder / f"{name.stem}.reviewed{name.suffix}")
        documents.replace_file(written[-1], annotated)
    for form, file in FILES.items():
        documents.replace_file(folder / file, render(result, form).encode())
        written.append(folder / file)
    click.echo("wrote " + ", ".join(str(path) for path in written), err=True)


class _Progress:
    """A progress bar per stage on stderr, with the time left; silent when stderr is no terminal."""

    def __enter__(self) -> _Progress:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )

        console = Console(stderr=True)
        columns: list[Any] = [TextColumn("{task.description:>15}"), BarColumn(), MofNCompleteColumn()]
        self._bar = Progress(
            *columns, TimeElapsedColumn(), TimeRemainingColumn(), console=console, disable=not console.is_terminal
        )
        self._tasks: dict[str, Any] = {}
        self._bar.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._bar.stop()

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage not in self._tasks:
            self._tasks[stage] = self._bar.add_task(stage, total=total)
        self._bar.update(self._tasks[stage], completed=done, total=total)
