"""``mtcheck baseline create|update|prune [PATHS]``: list what is wrong now, so that checks can tell what is new."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mtcheck.cli import EXIT_FAILURE
from mtcheck.errors import SettingsError

if TYPE_CHECKING:
    from mtcheck.checking.baseline import Baseline


@click.group()
def baseline() -> None:
    """List the findings that articles have now, so that `mtcheck check` tells new ones from known ones.

    The file is mtcheck-baseline.json, unless the settings or --baseline name another; commit it with the articles. Make
    it with the rules and models that check uses.
    """


def _running(command: Callable[..., None]) -> Callable[..., None]:
    """The arguments that the three commands share."""
    for option in (
        click.option(
            "--jobs", type=click.IntRange(0), default=0, help="Processes; 0 takes as many as pay.  [default: 0]"
        ),
        click.option("--fast", is_flag=True, default=None, help="Rules alone: no model is read."),
        click.option("--baseline", "file", metavar="FILE", help="The file.  [default: mtcheck-baseline.json]"),
        click.argument("paths", metavar="[PATHS]...", nargs=-1),
    ):
        command = option(command)
    return command


@baseline.command()
@_running
@click.option("--force", is_flag=True, help="Overwrite the file.")
def create(paths: tuple[str, ...], file: str | None, fast: bool | None, jobs: int, force: bool) -> None:
    """List every finding in PATHS (the current folder by default) in a new file.

    Exit status: 0 written, 2 trouble.
    """
    from mtcheck.checking.baseline import Baseline

    path = _path(paths, file)
    if path.exists() and not force:
        raise SettingsError(
            "there is a baseline already", where=str(path), repair="use mtcheck baseline update, or create --force"
        )
    _renew(Baseline(path), paths, {"fast": fast}, jobs, adding=True)
    if str(path) != _named(paths):
        click.echo(f"mtcheck: use it with mtcheck check --baseline {path}, or name it in the settings", err=True)


@baseline.command()
@_running
def update(paths: tuple[str, ...], file: str | None, fast: bool | None, jobs: int) -> None:
    """Add the new findings in PATHS to the file, and drop those that are gone.

    Exit status: 0 written, 2 trouble.
    """
    from mtcheck.checking.baseline import read_baseline

    _renew(read_baseline(_path(paths, file)), paths, {"fast": fast}, jobs, adding=True)


@baseline.command()
@_running
def prune(paths: tuple[str, ...], file: str | None, fast: bool | None, jobs: int) -> None:
    """Drop the findings that are gone from the file; add none.

    Exit status: 0 written, 2 trouble.
    """
    from mtcheck.checking.baseline import read_baseline

    _renew(read_baseline(_path(paths, file)), paths, {"fast": fast}, jobs, adding=False)


def _path(paths: tuple[str, ...], file: str | None) -> Path:
    from mtcheck.checking.baseline import FILE_NAME

    return Path(file or _named(paths) or FILE_NAME)


def _named(paths: tuple[str, ...]) -> str | None:
    """The file that the settings name."""
    from mtcheck.cli.check import settings_of

    return settings_of({})(paths[0] if paths else ".").baseline


def _renew(old: Baseline, paths: tuple[str, ...], options: dict[str, Any], jobs: int, *, adding: bool) -> None:
    from mtcheck import store
    from mtcheck.checking import Options, check_files
    from mtcheck.checking.baseline import write_baseline
    from mtcheck.cli.check import settings_of
    from mtcheck.reports._entries import plural

    settings = settings_of(options | {"baseline": ""})  # the run itself is to find everything
    run = check_files(paths or (".",), settings, Options(jobs, store.cache_folder()))
    made = old.renewed([(article, settings(article.path)) for article in run.articles], adding=adding)
    write_baseline(made.baseline)
    for line in (*run.errors, *run.missing):
        click.echo(f"mtcheck: {line}", err=True)
    counts = f"{made.added:,} added, {made.dropped:,} gone, {len(made.baseline) - made.added:,} kept"
    click.echo(f"mtcheck: {old.path}: {counts}, in {plural(len(made.baseline.articles), 'article')}", err=True)
    if run.errors:
        sys.exit(EXIT_FAILURE)
