"""``mtcheck rules``: every rule, one line each."""

from __future__ import annotations

import json

import click

from mtcheck.detectors.rule import Rule


@click.command()
@click.option("--json", "as_json", is_flag=True, help="A JSON array with category, severity, needs and page.")
@click.option("--pages", is_flag=True, help="Every rule's page, as Markdown (docs/rules.md is made this way).")
def rules(as_json: bool, pages: bool) -> None:
    """List what is looked for: each rule's name, severity, category and first line of its page.

    A rule that needs a model is marked with what it needs; the others run everywhere.
    """
    from mtcheck import detectors

    found = detectors.rules()
    if as_json:
        click.echo(json.dumps([_record(rule) for rule in found], ensure_ascii=False, indent=2))
        return
    if pages:
        click.echo(
            "# Rules\n\nMade by `mtcheck rules --pages`; the pages are the docstrings in `mtcheck/detectors/`.\n"
        )
        click.echo("\n".join(_page(rule) for rule in found), nl=False)
        return
    wide = max((len(rule.name) for rule in found), default=0)
    for rule in found:
        needs = f" [needs {', '.join(rule.needs)}]" if rule.needs else ""
        summary = " ".join(rule.page.split("\n\n")[0].split())
        click.echo(f"{rule.name:<{wide}}  {rule.severity:<8}  {rule.category:<24}  {summary}{needs}")


def _page(rule: Rule) -> str:
    """The page under a heading, its sections in bold: indented docstring text would read as code in Markdown."""
    facts = f"{rule.category}, {rule.severity}, fixes: {rule.applicability}"
    needs = f", needs {', '.join(rule.needs)}" if rule.needs else ""
    sections = [
        f"**{heading}.** {' '.join(body.split())}" if body else " ".join(heading.split())
        for heading, _, body in (part.partition("\n    ") for part in rule.page.split("\n\n"))
    ]
    return f"## {rule.name}\n\n*{facts}{needs}*\n\n" + "\n\n".join(sections) + "\n"


def _record(rule: Rule) -> dict[str, object]:
    names = ("name", "category", "severity", "confidence", "applicability", "needs", "page")
    return {name: getattr(rule, name) for name in names}
