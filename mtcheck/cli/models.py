"""``mtcheck models``: which models there are, fetch them, check them, say where they are."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from mtcheck import store
from mtcheck.schema import SCHEMA_VERSION


@click.group()
def models() -> None:
    """The models that mtcheck can use. Only `fetch` ever opens a connection."""


@models.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_models(as_json: bool) -> None:
    """List every model: role, direction, licence, size, and whether it is here."""
    known = store.known()
    if as_json:
        rows = [_row(model) for model in known]
        table = {"schema_version": SCHEMA_VERSION, "cache": str(store.cache_folder()), "models": rows}
        click.echo(json.dumps(table, indent=2, ensure_ascii=False))
        return
    head = ("id", "role", "direction", "licence", "size", "state")
    cells = [
        head,
        *((m.id, m.role, " ".join(m.directions), m.licence, _mb(m.size), store.state(m)) for m in known),
    ]
    widths = [max(len(str(row[column])) for row in cells) for column in range(len(head))]
    for row in cells:
        click.echo("  ".join(str(cell).ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


@models.command()
@click.argument("names", metavar="[ID]...", nargs=-1)
@click.option(
    "--role", type=click.Choice(store.ROLES), default="translator", show_default=True, help="Of a hub: model."
)
@click.option("--direction", "directions", multiple=True, help="Of a hub: model, such as en-ru; may be repeated.")
def fetch(names: tuple[str, ...], role: str, directions: tuple[str, ...]) -> None:
    """Fetch models into the cache: those a review uses, or an ID of `list`, or any checkpoint of a model hub.

    Downloads are resumed, checked against their sha256 and put in place whole. Models that are here already are
    checked and left alone.

    \b
    mtcheck models fetch
    mtcheck models fetch smollm2-135m-instruct en-core-web-sm
    mtcheck models fetch hub:ORG/NAME@40-DIGIT-COMMIT --direction en-ru
    """
    if store.is_fallback():
        note = f"no home folder that can be written; models go to {store.cache_folder()}"
        click.echo(f"{note} (set {store.CACHE_VARIABLE} to choose)", err=True)
    for name in names or [model.id for model in store.needed()]:
        with _progress(name) as tick:
            path = _fetch_one(name, role, directions, tick)
        click.echo(f"{name}: {path}", err=True)


@models.command()
@click.argument("names", metavar="[ID]...", nargs=-1)
def verify(names: tuple[str, ...]) -> None:
    """Hash every file of the models that are here (or of those named). Exit 2 when one is not what it should be."""
    wanted = names or [model.id for model in store.known() if store.state(model) is not store.State.ABSENT]
    bad = 0
    for name in wanted:
        faults = store.verify(name)
        bad += len(faults)
        for fault in faults:
            click.echo(f"{name}: {fault}; run: mtcheck models fetch {name}", err=True)
        if not faults:
            click.echo(f"{name}: ok")
    if not wanted:
        click.echo("no model is here yet", err=True)
    if bad:
        click.get_current_context().exit(2)


@models.command()
@click.argument("name", metavar="ID")
def where(name: str) -> None:
    """Print the path of a model that is here."""
    click.echo(store.locate(name))


def _fetch_one(name: str, role: str, directions: tuple[str, ...], tick: store.Tick) -> Path:
    def waiting() -> None:
        click.echo(f"{name}: another fetch of it is running; waiting for it", err=True)

    if not name.startswith(store.HUB_PREFIX):
        return store.fetch(name, tick, waiting)
    return store.fetch_hub(name, role, directions, tick, waiting)


def _row(model: store.ModelEntry) -> dict[str, object]:
    state = store.state(model)
    here = state in (store.State.SHIPPED, store.State.FETCHED)
    return {
        "id": model.id,
        "role": model.role,
        "directions": list(model.directions),
        "format": model.format,
        "licence": model.licence,
        "about": model.about,
        "size": model.size,
        "sha256": model.digest,
        "state": str(state),
        "path": str(store.locate(model.id)) if here else None,
    }


def _mb(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"


@contextmanager
def _progress(name: str) -> Iterator[store.Tick]:
    """A bar on a terminal; elsewhere (a log) one line for every tenth."""
    if not sys.stderr.isatty():
        yield _tenths(name)
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(name, total=None)
        yield lambda done, total, what: progress.update(
            task, completed=done, total=total, description=f"{name} ({what})"
        )


def _tenths(name: str) -> Callable[[int, int, str], None]:
    said = 0

    def tick(done: int, total: int, what: str) -> None:
        nonlocal said
        if total and (tenth := 10 * done // total) > said:
            said = tenth
            click.echo(f"{name}: {10 * tenth} % of {_mb(total)} ({what})", err=True)

    return tick
