"""``mtcheck rule NAME``: the page of one rule."""

from __future__ import annotations

import difflib

import click

from mtcheck.errors import SettingsError


@click.command()
@click.argument("name", metavar="NAME")
def rule(name: str) -> None:
    """Print the page of the rule NAME: what it flags, why, an example, a better wording, its known limits."""
    from mtcheck import detectors

    known = {one.name: one for one in detectors.rules()}
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        repair = f"did you mean {near[0]}?" if near else "see `mtcheck rules`"
        raise SettingsError(f"unknown rule “{name}”", repair=repair)
    found = known[name]
    needs = f", needs {', '.join(found.needs)}" if found.needs else ""
    click.echo(f"{found.name}: {found.category}, {found.severity}, fixes are {found.applicability}{needs}\n")
    click.echo(found.page)
