"""``mtcheck dismiss PATH:LINE:COLUMN``: these words stay; never mind them again."""

from __future__ import annotations

import re
from pathlib import Path

import click

from mtcheck.decisions import Ruling, read_ledger, write_ledger
from mtcheck.errors import InputError, SettingsError
from mtcheck.schema import Document, Finding
from mtcheck.settings import Settings

_PLACE = re.compile(r"(?P<path>.+):(?P<line>[1-9]\d*):(?P<column>[1-9]\d*):?")


@click.command()
@click.argument("place", metavar="PATH:LINE:COLUMN")
@click.option("--rule", metavar="RULE", help="Only what this rule finds there.")
@click.option("--reason", default="", metavar="TEXT", help="Why, for people to read.")
@click.option("--fast", is_flag=True, default=None, help="Rules alone: no model is read.")
def dismiss(place: str, rule: str | None, reason: str, fast: bool | None) -> None:
    """Remember that the words at PATH:LINE:COLUMN stay as they are; `mtcheck check` prints places so.

    The decision is kept in the file that the settings key `decisions` names. It is known by the rule and the words,
    so it holds wherever they stand, in every article, and lapses when they change.

    Exit status: 0 remembered, 2 nothing found there, or other trouble.
    """
    from mtcheck import documents
    from mtcheck.cli.check import settings_of

    path, line, column = _parsed(place)
    settings = settings_of({"fast": fast})(path)
    if not settings.decisions:
        repair = 'add decisions = "mtcheck-decisions.json" to mtcheck.toml'
        raise SettingsError("no file of decisions is set", where=path, repair=repair)
    document = documents.read(path, format_name=documents.format_of(path, settings))
    found = [f for f in _at(document, settings, line, column) if rule in (None, f.rule)]
    if not found:
        raise InputError("nothing is found here", where=place, repair="give a place as `mtcheck check` prints it")
    ledger = read_ledger(Path(settings.decisions))
    write_ledger(Path(settings.decisions), ledger.adding(_dismissal(document, f, reason) for f in found))
    for finding in found:
        click.echo(f"{place}: {finding.rule} dismissed", err=True)


def _parsed(place: str) -> tuple[str, int, int]:
    parts = _PLACE.fullmatch(place)
    if not parts:
        raise InputError("not a place", where=place, repair="write PATH:LINE:COLUMN, as `mtcheck check` prints it")
    return parts["path"], int(parts["line"]), int(parts["column"])


def _at(document: Document, settings: Settings, line: int, column: int) -> list[Finding]:
    """Every finding that covers a place, the ones that `check` settles into one included."""
    from mtcheck.checking.article import reported
    from mtcheck.engines import Engines
    from mtcheck.engines.load import open_detecting

    covering = []
    for finding in reported(document, Engines() if settings.fast else open_detecting(), settings):
        raw = document.segments[finding.seg_id].raw_span(finding.span)
        if document.line_column(raw.start) <= (line, column) <= document.line_column(raw.end):
            covering.append(finding)
    return covering


def _dismissal(document: Document, finding: Finding, reason: str) -> Ruling:
    segment = document.segments[finding.seg_id]
    return Ruling.at(finding.rule, segment, finding.span, reason=reason, article=document.doc_id)
