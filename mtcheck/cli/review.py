"""``mtcheck review ARTICLE``: the main job."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mtcheck.cli import EXIT_FINDINGS
from mtcheck.errors import InputError, ModelError, OutputError
from mtcheck.schema import Document, Review

if TYPE_CHECKING:
    from mtcheck.comparison import Comparison
    from mtcheck.engines import Engines
    from mtcheck.session import Judge
    from mtcheck.settings import Settings

FILES = {"json": "review.json", "html": "review.html", "docx": "report.docx"}


@click.command()
@click.argument("article", metavar="ARTICLE")
@click.option("--source", metavar="FILE", help="The article in the source language, when you have it.")
@click.option("--glossary", metavar="FILE", help="Your terms: CSV, TSV or TBX (see docs/glossary.md).")
@click.option("--names", metavar="FILE", help="Your spellings of names: CSV or TSV.")
@click.option("--out", metavar="DIR", help="Write the cleaned text and the reports here.")
@click.option("--format", "form", metavar="NAME", default="full", show_default=True, help="Report printed on stdout.")
@click.option("--translator", metavar="ID|FOLDER", help="Back-translate with this model (see `mtcheck models list`).")
@click.option(
    "--rewriter", metavar="ID|FILE|URL", help="Let an instruct model propose too; a URL on this machine only."
)
@click.option("--fast", is_flag=True, default=None, help="Do without the slow back-translator; says what is missing.")
@click.option("--no-cache", is_flag=True, help="Neither read nor write the cache of model outputs.")
@click.option("-i", "--interactive", is_flag=True, help="Decide place by place, on the whole screen.")
@click.option("--plain", is_flag=True, help="Decide place by place, with numbered questions line by line.")
def review(
    article: str,
    source: str | None,
    glossary: str | None,
    names: str | None,
    out: str | None,
    form: str,
    translator: str | None,
    rewriter: str | None,
    fast: bool | None,
    no_cache: bool,
    interactive: bool,
    plain: bool,
) -> None:
    """Flag, back-translate, propose, score and clean ARTICLE (`-` reads stdin).

    The report goes to stdout, progress to stderr. With --out, the cleaned article, the evidence as JSON, one
    self-contained HTML page and a report for Word are written beside each other; for formats whose own programs show
    changes, such as Word's, also the article with every change marked and explained. The original is never changed.

    With -i or --plain, a person decides (see docs/desk.md): every answer is kept at once in the file of decisions, and
    only what they took is changed.

    Exit status: 0 nothing found, or all decided, 1 findings, 2 trouble.
    """
    from mtcheck import documents, pipeline
    from mtcheck.detection import sources
    from mtcheck.engines.load import open_engines
    from mtcheck.glossary import glossary_of

    options = {"translator": translator, "rewriter": rewriter, "fast": fast, "glossary": glossary, "names": names}
    settings = sources(options)(article)
    glossary_of(settings)  # a file that is no use should fail before the work
    if interactive or plain:
        _require_person(article, plain)
    document = documents.read(article, format_name=documents.format_of(article, settings))
    if source:
        document = _with_source(document, source)
    folder = _writable(out)
    with _Progress() as progress:
        engines = open_engines(
            settings.translator,
            settings.fast,
            cache=not no_cache,
            rewriter=settings.rewriter,
            with_source=any(segment.source for segment in document.segments),
        )
        if not engines.back_translator and not settings.fast:
            raise ModelError("no model to back-translate with", repair="run: mtcheck models fetch, or use --fast")
        asked = replace(settings, decisions=None) if interactive or plain else settings
        result = pipeline.review(document, engines, asked, progress)
    if interactive or plain:
        judge = _judge(document, engines, settings, plain=plain, cache=not no_cache)
        result, left = _decide(result, settings, judge, plain)
    else:
        _show(result, form, engines, settings)
        left = bool(result.proposals)
    if folder:
        _write(result, folder, article, _looked_again(result, engines, settings))
    sys.exit(EXIT_FINDINGS if left else 0)


def _require_person(article: str, plain: bool) -> None:
    from mtcheck.desk import require_terminal

    require_terminal(plain=plain)
    if article == "-":
        raise InputError("answers and article cannot both come on stdin", repair="name the article's file")


def _judge(document: Document, engines: Engines, settings: Settings, *, plain: bool, cache: bool) -> Judge | None:
    """What scores a wording by hand: for the full screen in another process, so that the screen never stands still."""
    from mtcheck import pipeline
    from mtcheck.engines import Engines

    if engines == Engines():
        return None
    if plain:
        return partial(pipeline.judge, document, engines)
    from mtcheck.desk.elsewhere import Elsewhere

    return Elsewhere(document, settings, cache=cache)


def _decide(result: Review, settings: Settings, judge: Judge | None, plain: bool) -> tuple[Review, bool]:
    """Have a person decide; returns the review as they left it, and whether anything is left to decide."""
    from mtcheck import pipeline
    from mtcheck.decisions import FILE_NAME
    from mtcheck.desk import sit_down, wording
    from mtcheck.engines import Engines
    from mtcheck.session import Session

    quick = partial(pipeline.judge, result.document, Engines())
    session = Session(result, Path(settings.decisions or FILE_NAME), quick)
    try:
        if session.entries:
            sit_down(session, judge, click.echo, plain=plain)
    finally:
        for line in (*(f"mtcheck: {clause}" for clause in result.missing), wording.ended(session)):
            click.echo(line, err=True)
        if not settings.decisions and session.path.exists():
            click.echo(f'add decisions = "{FILE_NAME}" to mtcheck.toml for check and review to keep to them', err=True)
    return session.review, bool(session.progress.left)


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


def _looked_again(result: Review, engines: Engines, settings: Settings) -> Comparison:
    """The article beside its cleaned text, both checked and measured; what models said before is only read."""
    from mtcheck.comparison import compare_further, compare_review

    return compare_further(compare_review(result), engines, settings, result.signature)


def _show(result: Review, form: str, engines: Engines, settings: Settings) -> None:
    import shutil

    from mtcheck.reports import COMPARED, echo, render, wants_color

    options: dict[str, Any] = {}
    if form == "full":
        options = {"width": shutil.get_terminal_size().columns, "color": wants_color(sys.stdout)}
    elif form in COMPARED:
        options = {"comparison": _looked_again(result, engines, settings)}
    echo(render(result, form, **options))
    for clause in result.missing:
        click.echo(f"mtcheck: {clause}", err=True)


def _write(result: Review, folder: Path, article: str, comparison: Comparison) -> None:
    from mtcheck import documents
    from mtcheck.reports import COMPARED, render, revisions

    name = Path("stdin.txt" if article == "-" else article)
    cleaned = folder / f"{name.stem}.cleaned{name.suffix}"
    documents.replace_file(cleaned, documents.write(result.document, result.edits))
    written = [cleaned]
    if (annotated := documents.write_annotated(result.document, revisions(result))) is not None:
        written.append(folder / f"{name.stem}.reviewed{name.suffix}")
        documents.replace_file(written[-1], annotated)
    for form, file in FILES.items():
        report = render(result, form, **{"comparison": comparison} if form in COMPARED else {})
        documents.replace_file(folder / file, report if isinstance(report, bytes) else report.encode())
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
