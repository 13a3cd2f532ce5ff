"""``mtcheck rules``: every rule, one line each."""

from __future__ import annotations

import json

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help="A JSON array with category, severity, needs and page.")
def rules(as_json: bool) -> None:
    """List what is looked for: each rule's name, severity, category and first line of its page.

    A rule that needs a model is marked with what it needs; the others run everywhere.
    """
    from mtcheck import detectors

    found = detectors.rules()
    if as_json:
        click.echo(json.dumps([_record(rule) for rule in found], ensure_ascii=False, indent=2))
        return
    wide = max((len(rule.name) for rule in found), default=0)
    for rule in found:
        needs = f" [needs {', '.join(rule.needs)}]" if rule.needs else ""
        summary = " ".join(rule.page.split("\n\n")[0].split())
        click.echo(f"{rule.name:<{wide}}  {rule.severity:<8}  {rule.category:<24}  {summary}{needs}")


def _record(rule: object) -> dict[str, object]:
    names = ("name", "category", "severity", "confidence", "applicability", "needs", "page")
    return {name: getattr(rule, name) for name in names}
