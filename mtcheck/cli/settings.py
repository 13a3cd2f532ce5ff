"""``mtcheck settings [PATH]``: what is in force, and where each value comes from."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import click

from mtcheck.cli.check import check
from mtcheck.settings import keys

if TYPE_CHECKING:
    from mtcheck.settings import Sources


@click.command()
@click.argument("path", metavar="[PATH]", default=".")
@click.option("--json", "as_json", is_flag=True, help="A JSON object, which also names the rules in force.")
@click.option("--schema", is_flag=True, help="The JSON Schema of a settings file, for editors; PATH does not matter.")
def settings(path: str, as_json: bool, schema: bool, **options: Any) -> None:
    """Show the settings in force for PATH, a file or folder, and where each value comes from.

    Options as for `mtcheck check` show what they would change. The file need not exist.

    Exit status: 0, or 2 when a settings file has a fault.
    """
    from mtcheck.detection import selectors, sources
    from mtcheck.settings import json_schema

    if schema:
        click.echo(json.dumps(json_schema(selectors()), indent=2))
        return
    shown = _shown(path, sources(options))
    click.echo(json.dumps(shown, ensure_ascii=False, indent=2) if as_json else _text(shown))


settings.params += [option for option in check.params if option.name in keys()]


def _shown(path: str, sources: Sources) -> dict[str, Any]:
    from mtcheck.detection import selected
    from mtcheck.schema import to_json

    file, found, origins = sources.file(path), sources(path), sources.origins(path)
    return {
        "path": path,
        "file": file.path if file else None,
        "excluded": found.excludes(path, is_folder=os.path.isdir(path)),
        "fingerprint": found.fingerprint(),
        "settings": {
            key: {"value": to_json(getattr(found, key)), "from": list(origins.get(key, ("default",)))} for key in keys()
        },
        "rules": [rule.name for rule in selected(found)],
    }


def _text(shown: dict[str, Any]) -> str:
    rows = [
        (key, json.dumps(entry["value"], ensure_ascii=False) if entry["value"] is not None else "-", entry["from"])
        for key, entry in shown["settings"].items()
    ]
    wide = max(len(key) for key, _, _ in rows), min(40, max(len(value) for _, value, _ in rows))
    lines = [f"{key:<{wide[0]}}  {value:<{wide[1]}}  {', '.join(origins)}" for key, value, origins in rows]
    excluded = ["it is excluded: checks skip it"] * shown["excluded"]
    head = f"settings of {shown['path']}: {shown['file'] or 'no settings file at or above it'}"
    return "\n".join([head, *excluded, "", *lines, "", f"rules in force: {len(shown['rules'])}"])
