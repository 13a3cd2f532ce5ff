"""``mtcheck evaluate``: how good the results are, on public data, each number with its signature."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mtcheck.errors import InputError
from mtcheck.settings import Settings

if TYPE_CHECKING:
    from mtcheck.evaluation.systems import System


@click.group()
def evaluate() -> None:
    """Measure mtcheck on public data."""


@evaluate.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--set", "which", type=click.Choice(["dev", "test"]), default="dev", show_default=True)
@click.option("--rivals", is_flag=True, help="Harper and LanguageTool's rules beside it (extra: bench).")
@click.option("--resamples", default=1000, show_default=True, help="Bootstrap resamples; 0 leaves intervals out.")
@click.option("--with-source", is_flag=True, help="Show rules the source sentence of articles and of MLQE-PE.")
@click.option("--rules-only", is_flag=True, help="Leave out the language model and the tagger, and what they feed.")
@click.option(
    "--only", multiple=True, type=click.Choice(["articles", "news", "tags"]), help="Leave the other data out."
)
@click.option("--per-rule", is_flag=True, help="Add a table of the rules.")
@click.option("--json", "as_json", is_flag=True, help="A JSON object, with the whole signature of every number.")
def flags(
    data: Path,
    which: str,
    rivals: bool,
    resamples: int,
    with_source: bool,
    rules_only: bool,
    only: tuple[str, ...],
    per_rule: bool,
    as_json: bool,
) -> None:
    """Measure the flags on DATA, the folder described in docs/evaluation.md.

    Editor-marked articles, false alarms on human news, word tags of MLQE-PE, and time; for mtcheck, its rules alone,
    surprisal alone and flagging everything.
    """
    from mtcheck.evaluation import table
    from mtcheck.evaluation.flags import KINDS, evaluate
    from mtcheck.schema import to_json

    systems = _systems(data, rules_only, _rivals() if rivals else [])
    kinds = only or KINDS
    measured, rules = evaluate(
        systems, data, which, resamples=resamples, with_source=with_source, kinds=kinds, progress=_told
    )
    if as_json:
        click.echo(json.dumps({"measured": to_json(measured), "rules": to_json(rules)}, ensure_ascii=False, indent=1))
        return
    click.echo(table.markdown(measured))
    if per_rule:
        click.echo("\n" + table.rule_table(rules))


def _told(line: str) -> None:
    click.echo(line, err=True)


def _systems(data: Path, rules_only: bool, rivals: list[System]) -> list[System]:
    from mtcheck.engines.cache import OutputCache
    from mtcheck.engines.load import open_detecting
    from mtcheck.evaluation.systems import Everything, Mtcheck, Surprisal
    from mtcheck.evaluation.texts import articles

    engines = open_detecting(OutputCache(None))
    rules = Mtcheck(engines, Settings(), learned=False)
    if rules_only:
        return [rules, *rivals]
    if engines.fluency is None or engines.tagger is None:
        raise InputError("models are missing", repair="run: mtcheck models fetch, or use --rules-only")
    alone = Surprisal(engines.fluency, articles(data, "dev"))
    return [Mtcheck(engines, Settings()), rules, *rivals, alone, Everything()]


def _rivals() -> list[System]:
    try:
        found: list[System] = importlib.import_module("benchmarks.rivals").systems()
    except ImportError as error:
        raise InputError(
            f"no rivals here ({error})", repair="in a checkout of mtcheck, run: pip install -e '.[bench]'"
        ) from error
    return found
